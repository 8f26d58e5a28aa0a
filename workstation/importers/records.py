"""Rows of a side sheet, read by column name, the good ones kept and the bad ones named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.importers.canonical import SHEETS
from workstation.importers.dates import day
from workstation.importers.draft import Draft
from workstation.importers.figures import PERCENT, Fault, Figure, figure
from workstation.importers.sheets import Cell, Sheet, is_blank, text_of
from workstation.importers.vocabulary import normal

_ALIASES = {"lotid": "lot", "lotno": "lot", "accountnumber": "accountid",
            "account": "accountid", "accttype": "accounttype",
            "type": "type", "underlyingtype": "underlyingclass", "class": "underlyingclass",
            "dividendyield": "dividendyield", "yield": "dividendyield", "vol": "iv",
            "impliedvol": "iv", "impliedvolatility": "iv", "exdividenddate": "exdate",
            "ticker": "symbol", "last": "price", "ccy": "currency", "qty": "quantity",
            "annualvol": "annualvolatility", "haircut%": "haircut", "haircutpct": "haircut",
            "advance": "advancerate", "advancerate%": "advancerate",
            "collateralfactor": "advancerate", "collateralrate": "advancerate",
            "lendingvalue%": "advancerate", "averagedailyvolume": "adv"}
LARGEST_DECIMAL = {"iv": Decimal(5), "annualvolatility": Decimal(5), "rate": Decimal(1),
                   "dividendyield": Decimal(1), "haircut": Decimal(1), "advancerate": Decimal(1)}
"""Above these a figure without unit cannot be meant as a decimal."""


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
    draft: Draft

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
        if found is None:
            return None
        return self._decimal(name, found) if name in LARGEST_DECIMAL else found.value

    def _decimal(self, name: str, found: Figure) -> Decimal:
        """Read a rate as a decimal; one too large to be a decimal is read in percent, and said."""
        value = found.decimal
        if not found.unit and abs(value) > LARGEST_DECIMAL[name]:
            self.draft.say(self.sheet.where(self.row, self.columns[name]),
                           f"{name} {value} was read as percent",
                           "write it as a decimal or with a % sign", "warning")
            return value * PERCENT
        return value

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


def records(sheet: Sheet, draft: Draft, needs: str) -> Iterator[Record]:
    """Yield the filled rows below the header that has the column `needs`."""
    header = next((i for i, row in enumerate(sheet.rows) if any(
        column_name(cell) == needs for cell in row)), None)
    if header is None:
        if any(not is_blank(cell) for row in sheet.rows for cell in row):
            draft.say(sheet.name, f"the sheet has no column {needs}, so it was not read",
                      "use the columns of the template", "error")
        return
    columns = {column_name(cell): i for i, cell in reversed(list(enumerate(sheet.rows[header])))}
    _say_unused(sheet, header, draft)
    for row in range(header + 1, len(sheet.rows)):
        if any(not is_blank(cell) for cell in sheet.rows[row]):
            yield Record(sheet, row, columns, draft)


def _say_unused(sheet: Sheet, header: int, draft: Draft) -> None:
    """Name the columns of a side sheet that mean nothing to us; they are not used."""
    wanted = next((names for title, names in SHEETS.items() if normal(title) == normal(sheet.name)),
                  ())
    if not wanted or normal(sheet.name) == "history":
        return
    known = {normal(name) for name in wanted} | {"advancerate"}
    unused = [text_of(cell) for cell in sheet.rows[header]
              if not is_blank(cell) and column_name(cell) not in known]
    if unused:
        draft.say(sheet.where(header), "columns not used: " + ", ".join(unused),
                  "rename them to a column of the template if they should count")


def column_name(cell: Cell) -> str:
    """Return the name a side sheet's column is read by."""
    name = normal(text_of(cell)) if isinstance(cell, str) else ""
    return _ALIASES.get(name, name)


def each(needs: str, one: Callable[[Record, Draft], None], *,
         counted: bool = False) -> Callable[[Sheet, Draft], None]:
    """Return a reader that keeps the good rows of a sheet and names the bad ones.

    A bad row of a sheet whose rows are holdings (`counted`) makes the book incomplete.
    """

    def read(sheet: Sheet, draft: Draft) -> None:
        for record in records(sheet, draft, needs):
            draft.rows_read += 1
            try:
                one(record, draft)
            except CellError as error:
                if counted:
                    draft.exclude(error.where, error.what, error.remedy)
                else:
                    draft.say(error.where, error.what, error.remedy, "error")

    return read
