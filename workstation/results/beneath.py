"""What a pack knows beyond its run: attribution of each design, and reverse stress."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.measures.stressed import ReverseStress
from workstation.results.attribution_table import (
    Attribution,
    attribution_table,
    levers_table,
    positions_table,
)
from workstation.results.run import Run
from workstation.results.stress_tables import reverse_table
from workstation.results.table import Table


@dataclass(frozen=True, slots=True)
class Beneath:
    """Attribution by design, events along the review's stress; `note` says what was left out."""

    attribution: tuple[Attribution, ...] = ()
    reverse: tuple[ReverseStress, ...] = ()
    note: str = ""

    def of(self, design: str) -> Attribution | None:
        """Return the attribution of one design by name."""
        return next((found for found in self.attribution if found.design == design), None)

    def tables(self, run: Run) -> tuple[Table, ...]:
        """Return the tables of a workbook; those without a row are left out."""
        found = [reverse_table(self.reverse)]
        for item in self.attribution:
            outcome = run.design(item.design)
            found.append(attribution_table(item.holdings, item.design, run.currency))
            found.append(positions_table(item.positions, item.design, run.currency))
            if outcome is not None:
                found.append(levers_table(item.levers, outcome.bridge, run.currency))
        return tuple(table for table in found if table.rows)


NOTHING = Beneath()
