"""The sheets of the canonical workbook beside Positions: accounts, market, collateral and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from workstation.base.vocabulary import UnderlyingClass
from workstation.book.book import Exclusion
from workstation.book.collateral import Agent, CollateralLot, Lien, LienType
from workstation.importers import words
from workstation.importers.dates import day
from workstation.importers.draft import AccountDraft, Draft
from workstation.importers.figures import Fault, Figure, figure
from workstation.importers.identifiers import is_currency_pair
from workstation.importers.labels import label
from workstation.importers.sheets import Cell, Sheet, is_blank, text_of
from workstation.importers.vocabulary import known_underlyings, normal
from workstation.market.history import History
from workstation.market.market import Dividend, Underlying

LIEN_TYPES = ("pledge", "title_transfer", "statutory", "seg_lock")
_ALIASES = {"accountnumber": "accountid", "account": "accountid", "accttype": "accounttype",
            "type": "type", "underlyingtype": "underlyingclass", "class": "underlyingclass",
            "dividendyield": "dividendyield", "yield": "dividendyield", "vol": "iv",
            "impliedvol": "iv", "impliedvolatility": "iv", "exdividenddate": "exdate",
            "ticker": "symbol", "last": "price", "ccy": "currency", "qty": "quantity",
            "annualvol": "annualvolatility", "averagedailyvolume": "adv"}
_DECIMALS = frozenset({"iv", "rate", "dividendyield", "annualvolatility", "haircut"})


class CellError(ValueError):
    """A cell that cannot be read: where, what, remedy."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.where, self.what, self.remedy = where, what, remedy


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a side sheet, read by column name."""

    sheet: Sheet
    row: int
    columns: Mapping[str, int]

    @property
    def where(self) -> str:
        """Return the address of the row."""
        return self.sheet.where(self.row)

    def _cell(self, name: str) -> Cell:
        column = self.columns.get(name)
        cells = self.sheet.rows[self.row]
        return cells[column] if column is not None and column < len(cells) else ""

    def text(self, name: str, otherwise: str = "") -> str:
        """Return a text, or what stands in for an empty cell."""
        return text_of(self._cell(name)) or otherwise

    def number(self, name: str) -> Decimal | None:
        """Return a number; rates written with % or bp become decimals. Raises CellError."""
        found = figure(self._cell(name))
        if isinstance(found, Fault):
            raise self._bad(name, found.what, f"correct the {name}")
        if isinstance(found, Figure):
            return found.decimal if name in _DECIMALS or found.unit == "bp" else found.value
        return None

    def needed(self, name: str) -> Decimal:
        """Return a number that must be there; raises CellError."""
        value = self.number(name)
        if value is None:
            raise self._bad(name, f"{name} is missing", f"fill in the {name}")
        return value

    def whole(self, name: str, otherwise: int) -> int:
        """Return a whole number, or what stands in for an empty cell."""
        value = self.number(name)
        if value is not None and value != int(value):
            raise self._bad(name, f"{value} is not a whole number", f"correct the {name}")
        return otherwise if value is None else int(value)

    def day(self, name: str) -> date | None:
        """Return a date; raises CellError."""
        found = day(self._cell(name))
        if isinstance(found, Fault):
            raise self._bad(name, found.what, "use YYYY-MM-DD")
        return found

    def _bad(self, name: str, what: str, remedy: str) -> CellError:
        return CellError(self.sheet.where(self.row, self.columns.get(name, 0)), what, remedy)


def read_side_sheet(sheet: Sheet, draft: Draft) -> bool:
    """Read a sheet the template knows by its name; say whether it was one."""
    reader = SIDE_SHEETS.get(normal(sheet.name))
    if reader is None:
        return False
    reader(sheet, draft)
    return True


def _records(sheet: Sheet, draft: Draft, needs: str) -> Iterator[Record]:
    header = next((i for i, row in enumerate(sheet.rows) if any(
        _name(cell) == needs for cell in row)), None)
    if header is None:
        if any(not is_blank(cell) for row in sheet.rows for cell in row):
            draft.say(sheet.name, f"the sheet has no column {needs}, so it was not read",
                      "use the columns of the template", "warning")
        return
    columns = {_name(cell): i for i, cell in reversed(list(enumerate(sheet.rows[header])))}
    for row in range(header + 1, len(sheet.rows)):
        if any(not is_blank(cell) for cell in sheet.rows[row]):
            yield Record(sheet, row, columns)


def _name(cell: Cell) -> str:
    name = normal(text_of(cell)) if isinstance(cell, str) else ""
    return _ALIASES.get(name, name)


def _each(needs: str, one: Callable[[Record, Draft], None]) -> Callable[[Sheet, Draft], None]:
    """Return a reader that keeps the good rows of a sheet and names the bad ones."""

    def read(sheet: Sheet, draft: Draft) -> None:
        for record in _records(sheet, draft, needs):
            draft.rows_read += 1
            try:
                one(record, draft)
            except CellError as error:
                draft.exclude(error.where, error.what, error.remedy)

    return read


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
        record.text("currency").upper(), record.number("cash") or Decimal(0),
        record.text("riskprofile"), record.text("venue").casefold(), record.text("programme"),
        record.day("asof"), record.where)


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
    kind, leverage = _class_of(record, draft, symbol)
    stated = record.number("leverage")
    return Underlying(
        symbol, price, record.text("currency", "USD").upper(), kind,
        leverage if stated is None else stated, record.number("iv"), record.number("rate"),
        record.number("dividendyield"), record.number("adv"), record.number("annualvolatility"),
        record.text("sector"), record.text("venue"), record.where)


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
        record.number("haircut"), record.text("custodian"), record.text("segregation"),
        record.whole("settlementlag", 0), record.text("issuer"), record.where))


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
    records = list(_records(sheet, draft, "date"))
    if not records:
        return
    header = next(row for row in sheet.rows if any(_name(cell) == "date" for cell in row))
    date_column = records[0].columns["date"]
    factors = [(i, text_of(cell)) for i, cell in enumerate(header)
               if i != date_column and not is_blank(cell)]
    levels: dict[date, list[float | None]] = {}
    for record in records:
        try:
            on = record.day("date")
        except CellError as error:
            draft.say(error.where, error.what, error.remedy, "error")
            continue
        if on is not None:
            levels[on] = [_level(sheet, record.row, i, draft) for i, _ in factors]
    dates = tuple(sorted(levels))
    draft.history = History(dates, tuple(name for _, name in factors), tuple(
        tuple(levels[on][f] for on in dates) for f in range(len(factors))))


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


def _crif(sheet: Sheet, draft: Draft) -> None:
    rows = sum(1 for row in sheet.rows[1:] if any(not is_blank(cell) for cell in row))
    if rows:
        draft.say(sheet.where(0), f"{rows} CRIF rows are not yet supported and were not read",
                  "margin the sensitivities elsewhere for now", "warning")


SIDE_SHEETS: Mapping[str, Callable[[Sheet, Draft], None]] = {
    "accounts": _each("accountid", _account),
    "market": _each("symbol", _market),
    "dividends": _each("symbol", _dividend),
    "history": _history,
    "collateral": _each("lot", _lot),
    "liens": _each("lot", _lien),
    "agents": _each("agent", _agent),
    "excluded": _each("where", _excluded),
    "crif": _crif,
}
"""Sheets of the canonical workbook by normalised name, in the order they must be read."""
