"""The tables of a what-if with what the base has beside them: current, change, after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.results.formats import money
from workstation.results.margin_tables import Compared, bridge_table, ledger_table, silos_table
from workstation.results.run import DesignOutcome, Run
from workstation.results.table import Table
from workstation.results.what_if_tables import by_legs

ZERO = Decimal(0)


def silos_beside(run: Run, base: Run | None) -> Table:
    """Return the silos with each account's maintenance in the base beside it."""
    table = silos_table(run)
    if base is None:
        return table
    margins = [base.silos.of_account(row.account) for row in table.rows]
    return _beside(table, "maintenance", run.currency,
                   [None if m is None else m.maintenance.amount for m in margins])


def ledger_beside(now: DesignOutcome, then: DesignOutcome | None, currency: str) -> Table:
    """Return the offsets with their effect in the base; one not met there counts nothing."""
    table = ledger_table(now, currency)
    if then is None:
        return table
    before = by_legs(then.ledger)
    found = (before.get(legs) for legs in by_legs(now.ledger))
    return _beside(table, "amount", currency, [ZERO if o is None else o.amount for o in found])


def bridge_beside(now: DesignOutcome, then: DesignOutcome | None, currency: str) -> Table:
    """Return the steps of the waterfall with those to the same design from the base."""
    table = bridge_table(now, currency)
    if then is None:
        return table
    before = {row.label: row.amount for row in bridge_table(then, currency).rows}
    return _beside(table, "amount", currency, [before.get(row.label) for row in table.rows])


def _beside(table: Table, field: str, currency: str, before: Sequence[Decimal | None]) -> Table:
    """Put current and change before a figure, whose heading then says that it is after."""
    place = next(i for i, column in enumerate(table.columns) if column.field == field)
    after = table.columns[place]
    named = after.heading.removesuffix(f" ({currency})")
    columns = (
        *table.columns[:place],
        money(f"Current ({currency})", "current", f"{named} in the base", total=after.total),
        money(f"Change ({currency})", "change", "after less current", total=after.total),
        replace(after, heading=f"{named}, after ({currency})"), *table.columns[place + 1:])
    rows = tuple(_row(row, field, then) for row, then in zip(table.rows, before, strict=True))
    return Table(table.name, columns, rows, table.about)


def _row(row: Compared, field: str, then: Decimal | None) -> Compared:
    now: Decimal | None = getattr(row, field)
    change = None if now is None or then is None else now - then
    return replace(row, current=then, change=change)
