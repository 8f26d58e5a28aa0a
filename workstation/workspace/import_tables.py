"""Tables of the import preview: issues, control totals, changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.importers.imported import ControlTotal
from workstation.importers.preview import Preview
from workstation.importers.recipe import fields
from workstation.importers.vocabulary import normal
from workstation.results.book_difference import Change
from workstation.results.table import Column, Table


def _figure(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One total of the file beside what was read."""

    where: str
    stated: Decimal
    computed: Decimal
    verdict: str


def issues_table(problems: Sequence[Problem]) -> Table:
    """Return the remarks of a dry run, one row each."""
    return Table("Issues", (Column("Kind", "severity"), Column("Where", "where"),
                            Column("What", "what"), Column("What to do", "remedy")),
                 tuple(problems))


def totals_table(totals: Sequence[ControlTotal]) -> Table:
    """Return the file's own totals beside those of what was read."""
    rows = tuple(TotalRow(total.where, total.stated, total.computed,
                          "agrees" if total.agrees else "differs") for total in totals)
    return Table("Control totals", (
        Column("", "verdict"), Column("Stated", "stated", _figure, numeric=True),
        Column("Read", "computed", _figure, numeric=True), Column("Where", "where")), rows)


def changes_table(changes: Sequence[Change]) -> Table:
    """Return what is not as in the open review."""
    def number(heading: str, field: str) -> Column:
        return Column(heading, field, _figure, numeric=True)

    return Table("Changes", (
        Column("Change", "kind"), Column("Account", "account_id"), Column("Symbol", "symbol"),
        number("Quantity before", "old_quantity"), number("Quantity now", "new_quantity"),
        number("Price before", "old_price"), number("Price now", "new_price")), tuple(changes))


def summary(shown: Preview) -> str:
    """Return the dry run in one line: rows, positions, accounts, value, what is left out."""
    read = shown.imported
    if read is None or read.book is None:
        return "Nothing can be read yet: choose the header row and the columns."
    book = read.book
    value = ", ".join(f"{currency} {amount:,.0f}" for currency, amount in shown.value.items())
    parts = [_count(read.rows_read, "row"), _count(len(book.positions), "position"),
             _count(len(book.accounts), "account"), f"value {value}" if value else "no value"]
    if book.excluded:
        parts.append(f"{len(book.excluded):,} left out")
    off = sum(not total.agrees for total in read.control_totals)
    if read.control_totals:
        parts.append(f"{_count(off, 'total')} off" if off else "every total agrees")
    return "  ·  ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def contradiction(shown: Preview) -> str:
    """Return in a sentence what the choices lack to be positions, with the way out; or nothing."""
    if shown.imported is None:
        return shown.refused[0].sentence() if shown.refused else ""
    chosen = {choice.field for choice in shown.columns.values()}
    if chosen and not chosen & {"quantity", "qty_long", "qty_short", "notional"}:
        return "No column is the quantity: choose one above the grid."
    if chosen and not chosen & {"price", "market_value"}:
        return ("No column is a price or a market value, so nothing can be valued: choose one, "
                "or import and give the prices in the Market panel.")
    return ""


def field_names() -> tuple[tuple[str, str], ...]:
    """Return every field with the words it is offered by."""
    return tuple((field, field.replace("_", " ")) for field in fields())


def is_number(field: str) -> bool:
    """Say whether a field holds figures, which may be written in a unit."""
    return normal(field) in {"quantity", "qtylong", "qtyshort", "price", "marketvalue", "notional",
                             "fixedrate", "strike", "multiplier", "underlyingprice", "spreadbp"}
