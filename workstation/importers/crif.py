"""Read a CRIF: every row checked, every finding reported in one pass, nothing silently dropped.

A portfolio with a refused row is not margined (strict, the default), or its other rows are (an
explicit choice of the user, which the result records). Other portfolios compute either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.book.crif import Crif, Ints, Labels
from workstation.book.crif_findings import Finding, Remark
from workstation.book.crif_read import CrifRead
from workstation.importers import crif_words as words
from workstation.importers.crif_across import across_rows
from workstation.importers.crif_amounts import Amounts, amounts_in_usd
from workstation.importers.crif_columns import (
    Columns,
    CrifSource,
    columns_of,
    open_crif,
    renamed,
)
from workstation.importers.crif_dates import dated, no_date_order, valuation_date
from workstation.importers.crif_kinds import Kind, check
from workstation.rulebooks.simm.netting import grouped

DEFAULT_PORTFOLIO = "portfolio 1"
_TEXTS = ("risk_type", "product_class", "qualifier", "bucket", "label1", "label2", "model")


@dataclass(frozen=True, slots=True)
class CrifOptions:
    """What the user chose: the calculation currency, rates to USD, lenient reading, date order."""

    currency: str = "USD"
    rates: Mapping[str, float] = field(default_factory=dict)
    skip_refused_rows: bool = False
    date_order: str = ""
    """`dmy` or `mdy` for dates with slashes; empty to accept only what is beyond doubt."""


def read_crif(path: Path, options: CrifOptions | None = None) -> CrifRead:
    """Read a CRIF file or the CRIF sheet of a workbook; raises UnusableInputError."""
    return crif_of(open_crif(path), options or CrifOptions())


def crif_of(source: CrifSource, options: CrifOptions) -> CrifRead:
    """Read a CRIF from an opened file."""
    columns = columns_of(source)
    portfolio, notes = _portfolios(source, columns)
    kinds, of_row = _kinds(columns)
    amounts = amounts_in_usd(columns, _label(kinds, of_row, "risk_type"), options.rates)
    crif = _crif(columns, portfolio, kinds, of_row, amounts)
    crif, dates = dated(crif, options.date_order)
    remarks: dict[int, list[Remark]] = {}
    _join(remarks, _of_kinds(kinds, of_row), amounts.remarks, dates)
    sound = _sound(len(crif), remarks)
    across, ignored = across_rows(crif, columns["qualifier"], sound, options.currency)
    _join(remarks, across)
    sound = _sound(len(crif), remarks)
    findings = tuple(_finding(crif, row, remark) for row in sorted(remarks)
                     for remark in remarks[row])
    refused = tuple(crif.take(~sound).portfolios)
    keep = sound & ~ignored
    if not options.skip_refused_rows:
        keep &= ~crif.portfolio.is_any(*refused)
    return CrifRead(source.name, source.sha256, crif.take(keep), findings,
                    () if options.skip_refused_rows else refused, len(crif),
                    int((~sound).sum()), options.skip_refused_rows and bool(refused),
                    valuation_date(columns), (*source.problems, *notes,
                                              *no_date_order(source.name, crif, dates)))


def _portfolios(source: CrifSource, columns: Columns) -> tuple[Labels, list[Problem]]:
    missing = int(columns["portfolio"].is_any("").sum())
    if not missing:
        return columns["portfolio"], []
    note = Problem(source.name, f"{missing} rows name no portfolio and were taken as "
                   f"{DEFAULT_PORTFOLIO!r}", "fill PortfolioID")
    return renamed(columns["portfolio"], lambda name: name or DEFAULT_PORTFOLIO), [note]


def _kinds(columns: Columns) -> tuple[list[Kind], Ints]:
    """Check each distinct combination of texts once."""
    model = renamed(columns["model"], str.casefold)
    labels = [columns[name] for name in _TEXTS[:-1]] + [model]
    has_date = (~columns["end_date"].is_any("")).astype(np.int64)
    first, of_row = grouped([*(label.codes for label in labels), has_date])
    picked = [[label.names[code] for code in label.codes[first].tolist()] for label in labels]
    rows = zip(*picked, has_date[first].tolist(), strict=True)
    return [check(Kind(risk_type, product, qualifier, bucket, one, two, model_text, bool(date)))
            for risk_type, product, qualifier, bucket, one, two, model_text, date in rows], of_row


def _label(kinds: list[Kind], of_row: Ints, name: str) -> Labels:
    table = Labels.of(getattr(kind, name) for kind in kinds)
    return Labels(table.names, table.codes[of_row])


def _crif(columns: Columns, portfolio: Labels, kinds: list[Kind], of_row: Ints,
          amounts: Amounts) -> Crif:
    texts = {name: _label(kinds, of_row, name) for name in _TEXTS}
    trades = Labels(tuple(columns.plain["trade"]), np.arange(len(columns), dtype=np.int64))
    return Crif(columns.lines, trades, portfolio, texts["product_class"],
                texts["risk_type"], texts["qualifier"], texts["bucket"], texts["label1"],
                texts["label2"], renamed(columns["currency"], str.upper), amounts.amount,
                amounts.usd, texts["model"], columns["collect"], columns["post"],
                columns["end_date"])


def _of_kinds(kinds: list[Kind], of_row: Ints) -> dict[int, list[Remark]]:
    noted = np.array([bool(kind.remarks) for kind in kinds], dtype=np.bool_)
    if not noted.any():
        return {}
    rows = np.flatnonzero(noted[of_row])
    return {int(row): kinds[int(of_row[row])].remarks for row in rows}


def _join(remarks: dict[int, list[Remark]], *found: Mapping[int, Sequence[Remark]]) -> None:
    for more in found:
        for row, items in more.items():
            remarks.setdefault(row, []).extend(items)


def _sound(count: int, remarks: Mapping[int, list[Remark]]) -> NDArray[np.bool_]:
    sound = np.ones(count, dtype=np.bool_)
    sound[[row for row, items in remarks.items()
           if any(item.code.startswith("E") for item in items)]] = False
    return sound


def _finding(crif: Crif, row: int, remark: Remark) -> Finding:
    return Finding(int(crif.line[row]), crif.trade[row], crif.portfolio[row], remark.column,
                   remark.value, remark.code, remark.reason)


def is_schedule(crif: Crif) -> NDArray[np.bool_]:
    """Say which rows belong to the regulatory schedule."""
    return crif.model.is_any(words.SCHEDULE_MODEL)
