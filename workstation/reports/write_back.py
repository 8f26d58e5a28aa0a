"""A copy of the client's own workbook with the margin beside each position, and the offsets."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from workstation.base.files import write_whole
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.wording import regime_words
from workstation.measures.requirement import Offset
from workstation.reports.workbook_patch import AddedColumns, AddedSheet, Value, patched
from workstation.results.positions_table import reasons_by_cell
from workstation.results.run import Run

HEADINGS = ("Margin alone", "Margin regime", "Margin status", "Offsets")
ACCOUNTS, OFFSETS = "Crossmargin accounts", "Crossmargin offsets"
ENDINGS = frozenset({".xlsx", ".xlsm"})
MOST_OFFSETS = 4
_PLACE = re.compile(r"^(?P<sheet>.*)![A-Z]{1,3}(?P<row>\d+)$")


def write_back(run: Run, original: bytes, name: str, headers: Mapping[str, int],
               path: Path) -> Path:
    """Write a copy of the client's workbook with margin columns and two sheets; returns its path.

    Parameters
    ----------
    original
        The bytes of the client's file; everything in it is kept.
    headers
        The header row of each sheet positions were read from, counted from 1.

    Raises UnusableInputError for a file that is no .xlsx, or a place that cannot be written.
    """
    _refuse(original, name, path)
    columns = _columns(run, headers)
    if not columns:
        raise UnusableInputError(Problem(
            name, "none of its rows holds a position of this review",
            "import this workbook first", "error"))
    content = patched(original, name, columns, (_accounts(run), _offsets(run)))
    try:
        write_whole(path, content)
    except OSError as error:
        raise UnusableInputError(Problem(
            str(path), f"the copy cannot be written there ({error.strerror})",
            "close it where it is open, or choose another place")) from error
    return path


def _refuse(original: bytes, name: str, path: Path) -> None:
    ending = Path(name).suffix.lower()
    is_workbook = original.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(original))
    if not is_workbook or ending not in ENDINGS:
        raise UnusableInputError(Problem(
            name, "margin can be written back into .xlsx and .xlsm workbooks only",
            "save the file as .xlsx without a password, and import that"))
    if path.suffix.lower() != ending:
        raise UnusableInputError(Problem(
            str(path), f"a copy of {name} must end in {ending}", f"name it {path.stem}{ending}"))


def _columns(run: Run, headers: Mapping[str, int]) -> tuple[AddedColumns, ...]:
    alone = {item.where: item.amount for item in run.stand_alone}
    regimes = {account.account_id: regime_words(account.regime) for account in run.silos.accounts}
    reasons, offsets = reasons_by_cell(run.excluded), _offsets_by_symbol(run)
    rows: dict[str, dict[int, tuple[Value, ...]]] = defaultdict(dict)
    for position in run.book.positions:
        found = _PLACE.match(position.where)
        if found is None or found["sheet"] not in headers:
            continue
        amount = alone.get(position.where)
        reason = reasons.get(position.where)
        rows[found["sheet"]][int(found["row"])] = (
            amount, regimes.get(position.account_id, ""),
            f"left out: {reason}" if reason else "margined",
            offsets.get(position.instrument.symbol, ""))
    for item in run.excluded:
        found = _PLACE.match(item.where)
        if found and found["sheet"] in headers:
            rows[found["sheet"]].setdefault(int(found["row"]), (
                None, "", f"left out: {item.what}", ""))
    return tuple(AddedColumns(sheet, headers[sheet], _headings(run), values)
                 for sheet, values in rows.items())


def _headings(run: Run) -> tuple[str, ...]:
    return (f"{HEADINGS[0]} ({run.currency}, {run.as_of})", *HEADINGS[1:])


def _all_offsets(run: Run) -> list[tuple[str, Offset]]:
    silos = [("today", offset) for account in run.silos.accounts for offset in account.offsets]
    return silos + [(outcome.margin.title, offset) for outcome in run.designs
                    for offset in outcome.ledger]


def _offsets_by_symbol(run: Run) -> dict[str, str]:
    """Return in words the offsets granted today between each symbol and others."""
    met: dict[str, list[str]] = defaultdict(list)
    for account in run.silos.accounts:
        for offset in account.offsets:
            for symbol in offset.between if offset.amount else ():
                others = ", ".join(name for name in offset.between if name != symbol)
                met[symbol].append(f"{offset.kind} with {others}".strip() if others
                                   else offset.kind)
    return {symbol: "; ".join(words[:MOST_OFFSETS]) + (
        f"; {len(words) - MOST_OFFSETS} more" if len(words) > MOST_OFFSETS else "")
        for symbol, words in met.items()}


def _accounts(run: Run) -> AddedSheet:
    rows: list[tuple[Value, ...]] = [
        (account.account_id, regime_words(account.regime), account.currency, account.initial.amount,
         account.maintenance.amount,
         "complete" if account.complete else f"incomplete: {len(account.excluded)} left out")
        for account in run.silos.accounts]
    total = "complete" if run.complete else f"incomplete: {len(run.excluded)} left out"
    rows.append(("Today, all silos", "", run.currency, run.silos.initial.amount,
                 run.silos.maintenance.amount, total))
    rows += [(outcome.margin.title, "design", run.currency, None,
              outcome.margin.requirement.amount, f"saves {_plain(outcome.saving)}")
             for outcome in run.designs]
    stamp = f"Crossmargin {run.product_version}, as of {run.as_of}"
    return AddedSheet(ACCOUNTS, ("Account or design", "Regime", "Currency", "Initial",
                                 "Maintenance", stamp), rows)


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _offsets(run: Run) -> AddedSheet:
    rows = [(under, offset.kind, " / ".join(offset.between), offset.status, offset.reason,
             offset.amount, offset.would_save) for under, offset in _all_offsets(run)]
    return AddedSheet(OFFSETS, ("Under", "Kind", "Between", "Status", "Reason", "Amount",
                                "Would save"), rows)
