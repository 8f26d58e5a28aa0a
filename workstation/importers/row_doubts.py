"""What a table's rows leave in doubt once they are read together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from workstation.importers.cells import Columns
from workstation.importers.draft import Draft
from workstation.importers.sheets import text_of
from workstation.importers.words import DEBITS

LEAST_LOTS = 2


def say_sums_of_rows(draft: Draft, first: int) -> None:
    """Say where a row is the sum of the rows of its instrument below it, as summaries are."""
    rows = draft.positions[first:]
    for _, group in groupby(rows, key=lambda p: (p.account_id, p.instrument)):
        head, *lots = group
        if len(lots) >= LEAST_LOTS and head.quantity == sum(
                (lot.quantity for lot in lots), Decimal(0)):
            draft.say(head.where, f"{head.instrument.symbol}: this row is the sum of the "
                      f"{len(lots)} rows below it, so the holding may be counted twice",
                      "delete the summary row or its lots", "error")


def lot_rows(columns: Columns, identifiers: Sequence[str]) -> frozenset[int]:
    """Return the rows without identifier whose quantities add up to the named row above them."""
    quantities = columns.numbers.get("quantity")
    if quantities is None:
        return frozenset()
    found: set[int] = set()
    head, lots = -1, list[int]()
    for k in range(len(quantities) + 1):
        ends = k == len(quantities)
        if not ends and not any(columns.text(name, k) for name in identifiers):
            lots += [k] if quantities[k] is not None and not columns.text("description", k) else []
            continue
        if head >= 0 and lots and quantities[head] == sum(
                (quantities[lot] or Decimal(0) for lot in lots), Decimal(0)):
            found.update(lots)
        head, lots = k, []
    return frozenset(found)


def say_debit_column(columns: Columns, draft: Draft) -> None:
    """Say that a column of debits and credits may mean shorts, where nothing else tells them."""
    headers = columns.table.headers
    for i in columns.map.unknown:
        words = {text_of(cell).casefold() for cell in columns.table.column(i)} - {""}
        if len(words) > 1 and words <= DEBITS:
            draft.say(columns.sheet.where(columns.table.header_row, i), f"column {headers[i]} may "
                      "say which positions are short; every quantity was read as long",
                      "write Long and Short, or give short quantities a minus sign", "error")
