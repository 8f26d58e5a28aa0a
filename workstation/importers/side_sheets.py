"""The sheets of the canonical workbook beside Positions: accounts, market, collateral and so on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from workstation.base.vocabulary import UnderlyingClass
from workstation.book.book import Exclusion
from workstation.book.collateral import Agent, CollateralLot, Lien, LienType
from workstation.importers import words
from workstation.importers.crif_sheet import read_crif_sheet
from workstation.importers.draft import AccountDraft, Draft
from workstation.importers.figures import Fault, figure
from workstation.importers.identifiers import is_currency_pair
from workstation.importers.labels import label
from workstation.importers.records import CellError, Record, column_name, each, records
from workstation.importers.sheets import Sheet, is_blank, text_of
from workstation.importers.vocabulary import known_underlyings, normal
from workstation.market.history_alignment import aligned
from workstation.market.market import Dividend, Underlying

LIEN_TYPES = ("pledge", "title_transfer", "statutory", "seg_lock")


def read_side_sheet(sheet: Sheet, draft: Draft) -> bool:
    """Read a sheet the template knows by its name; say whether it was one."""
    reader = SIDE_SHEETS.get(normal(sheet.name))
    if reader is None:
        return False
    reader(sheet, draft)
    return True


def _account(record: Record, draft: Draft) -> None:
    account_id = record.text("accountid")
    if not account_id:
        raise CellError(record.where, "the account has no account_id", "fill in account_id")
    if account_id in draft.accounts:
        raise CellError(record.where, f"account {account_id} is described twice; the first row "
                        "was kept", "delete one of the rows")
    word = record.text("accounttype")
    kind = words.account_type(word) if word else None
    if word and kind is None:
        draft.say(record.where, f"“{word}” is not an account type we know",
                  "use one of the account types of the template", "error")
    draft.accounts[account_id] = AccountDraft(
        account_id, kind, record.text("accountname"), record.text("firm"),
        record.text("currency").upper(), _cash(record, draft),
        record.text("riskprofile"), record.text("venue").casefold(), record.text("programme"),
        record.day("asof"), record.where)


def _cash(record: Record, draft: Draft) -> Decimal | None:
    """Return an account's cash, None where the cell is empty or cannot be read."""
    try:
        return record.number("cash")
    except CellError as error:
        draft.say(error.where, f"{error.what}; the cash was taken as not stated", error.remedy,
                  "error")
        return None


def _market(record: Record, draft: Draft) -> None:
    symbol = record.text("symbol")
    if not symbol or label(symbol) == "total":
        return
    price = record.needed("price")
    pair = is_currency_pair(symbol)
    if pair and "USD" in pair and price > 0:
        base, quote = pair
        draft.fx[base if quote == "USD" else quote] = (
            price if quote == "USD" else Decimal(repr(float(1 / price))))
        if not record.text("underlyingclass"):
            return
        symbol = "".join(pair)
    if symbol in draft.underlyings:
        raise CellError(record.where, f"{symbol} is on the Market sheet twice; the first row was "
                        "kept", "delete one of the rows")
    draft.underlyings[symbol] = _underlying(record, draft, symbol, price)


def _underlying(record: Record, draft: Draft, symbol: str, price: Decimal) -> Underlying:
    kind, known = _class_of(record, draft, symbol)
    return Underlying(
        symbol, price, record.text("currency", "USD").upper(), kind,
        _leverage(record, draft, symbol, known), _not_negative(record, draft, "iv"),
        record.number("rate"), record.number("dividendyield"), _not_negative(record, draft, "adv"),
        _not_negative(record, draft, "annualvolatility"), record.text("sector"),
        record.text("venue"), record.where)


def _leverage(record: Record, draft: Draft, symbol: str, known: Decimal) -> Decimal:
    """Return the leverage stated, or the one generally known; 0 is none, and another is said."""
    stated = record.number("leverage")
    if stated == 0:
        draft.say(record.where, f"{symbol}: leverage 0 is none; {known} was taken",
                  "write 1 for no leverage", "warning")
        return known
    if stated is not None and symbol in known_underlyings() and stated != known:
        draft.say(record.where, f"{symbol}: leverage {stated} kept, generally known is {known}",
                  "check the leverage", "warning")
    return known if stated is None else stated


def _not_negative(record: Record, draft: Draft, name: str) -> Decimal | None:
    """Return a number that cannot be below zero; one that is counts as missing."""
    value = record.number(name)
    if value is not None and value < 0:
        draft.say(record.where, f"{name} {value} is negative and was not used",
                  f"correct the {name}", "error")
        return None
    return value


def _class_of(record: Record, draft: Draft, symbol: str) -> tuple[UnderlyingClass, Decimal]:
    word = record.text("underlyingclass").casefold().replace(" ", "_")
    known = known_underlyings().get(symbol)
    leverage = known.leverage if known else Decimal(1)
    if word in set(UnderlyingClass):
        return UnderlyingClass(word), leverage
    if word:
        raise CellError(record.where, f"“{word}” is not an underlying class we know",
                        "use one of the classes of the template")
    if known is not None:
        draft.note(record.where, "the class of well-known underlyings was assumed",
                   "fill in underlying_class")
        return known.underlying_class, leverage
    draft.note(record.where, "underlyings without underlying_class were read as equity",
               "fill in underlying_class")
    return UnderlyingClass.EQUITY, leverage


def _dividend(record: Record, draft: Draft) -> None:
    ex_date = record.day("exdate")
    if ex_date is None:
        raise CellError(record.where, "the dividend has no ex_date", "fill in ex_date")
    draft.dividends.append(Dividend(record.text("symbol"), ex_date, record.needed("amount")))


def _lot(record: Record, draft: Draft) -> None:
    lot = record.text("lot")
    if not lot:
        raise CellError(record.where, "the lot has no name", "fill in the lot")
    if any(known.lot == lot for known in draft.lots):
        raise CellError(record.where, f"lot {lot} is listed twice; the first row was kept",
                        "rename or delete one of the rows")
    draft.lots.append(CollateralLot(
        lot, record.text("accountid"), record.text("symbol"), record.text("assetclass"),
        record.needed("quantity"), record.needed("price"), record.text("currency", "USD").upper(),
        _haircut(record), record.text("custodian"), record.text("segregation"),
        record.whole("settlementlag", 0), record.text("issuer"), record.where))


def _haircut(record: Record) -> Decimal | None:
    """Return the haircut stated, or one less the advance rate, which is said."""
    stated, advance = record.number("haircut"), record.number("advancerate")
    if stated is not None or advance is None:
        return stated
    record.draft.note(record.where, "haircuts are one less the advance rate of the sheet",
                      "confirm that the column is an advance rate")
    return 1 - advance


def _lien(record: Record, draft: Draft) -> None:
    kind = record.text("type", "pledge").casefold().replace(" ", "_")
    if kind not in LIEN_TYPES:
        raise CellError(record.where, f"“{kind}” is not a lien type we know",
                        "use " + ", ".join(LIEN_TYPES))
    draft.liens.append(Lien(
        record.text("lot"), record.needed("quantity"), record.text("securedparty"),
        record.text("obligation"), cast("LienType", kind), record.whole("seniority", 1),
        _reuse(record), record.text("parent"), record.whole("releaselag", 0), record.where))


def _reuse(record: Record) -> Decimal:
    word = record.text("reuse").casefold()
    if word in ("yes", "y", "true"):
        return Decimal(1)
    return Decimal(0) if word in ("no", "n", "false") else record.number("reuse") or Decimal(0)


def _agent(record: Record, draft: Draft) -> None:
    limit = record.number("leveragelimit")
    draft.agents.append(Agent(
        record.text("agent"), record.text("archetype"), record.text("factor"),
        record.number("quantity") or Decimal(0), record.number("cash") or Decimal(0),
        limit or Decimal(0), record.where))


def _excluded(record: Record, draft: Draft) -> None:
    draft.excluded.append(Exclusion(record.text("where", record.where), record.text("what"),
                                    record.text("remedy"), record.text("accountid")))


def _history(sheet: Sheet, draft: Draft) -> None:
    rows = list(records(sheet, draft, "date"))
    if not rows:
        return
    line = next(i for i, row in enumerate(sheet.rows)
                if any(column_name(cell) == "date" for cell in row))
    date_column = rows[0].columns["date"]
    columns = _own_factors(sheet, line, date_column, draft)
    points: dict[str, list[tuple[date, float]]] = {name: [] for name in columns}
    for record in rows:
        try:
            on = record.day("date")
        except CellError as error:
            draft.say(error.where, error.what, error.remedy, "error")
            continue
        if on is not None:
            for name, column in columns.items():
                level = _level(sheet, record.row, column, draft)
                if level is not None:
                    points[name].append((on, level))
    found = aligned(points, {name: sheet.where(line, c) for name, c in columns.items()})
    draft.history = found.history
    for problem in found.problems:
        draft.say(problem.where, problem.what, problem.remedy, problem.severity)


def _own_factors(sheet: Sheet, line: int, date_column: int, draft: Draft) -> dict[str, int]:
    """Return the column of each factor; a factor named twice keeps its first column."""
    found: dict[str, int] = {}
    for column, cell in enumerate(sheet.rows[line]):
        if column == date_column or is_blank(cell):
            continue
        name = text_of(cell)
        if name in found:
            draft.say(sheet.where(line, column),
                      f"the factor {name} stands in two columns; this one is left out",
                      "remove one of them", "error")
            continue
        found[name] = column
    return found


def _level(sheet: Sheet, row: int, column: int, draft: Draft) -> float | None:
    cells = sheet.rows[row]
    found = figure(cells[column]) if column < len(cells) else None
    if isinstance(found, Fault):
        draft.say(sheet.where(row, column), found.what, "correct the level", "error")
        return None
    try:
        return float(found.value) if found is not None else None
    except (InvalidOperation, OverflowError):
        return None


SIDE_SHEETS: Mapping[str, Callable[[Sheet, Draft], None]] = {
    "accounts": each("accountid", _account),
    "market": each("symbol", _market),
    "dividends": each("symbol", _dividend),
    "history": _history,
    "collateral": each("lot", _lot, counted=True),
    "liens": each("lot", _lien, counted=True),
    "agents": each("agent", _agent, counted=True),
    "excluded": each("where", _excluded),
    "crif": read_crif_sheet,
}
"""Sheets of the canonical workbook by normalised name, in the order they must be read."""
