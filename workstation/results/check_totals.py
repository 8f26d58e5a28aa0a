"""Check totals: sums over the tables against the headline figures they must agree with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workstation.results.formats import money, words, yes_no
from workstation.results.run import Run
from workstation.results.table import Column, Table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A sum over one table, and the figure of the run it must equal."""

    what: str
    sheet: str
    summed: Decimal
    stated: Decimal

    @property
    def difference(self) -> Decimal:
        """Return the sum less the figure stated: zero in a sound review."""
        return self.summed - self.stated

    @property
    def agrees(self) -> bool:
        """Say whether the two are the same to the last digit."""
        return not self.difference


def check_totals_table(run: Run) -> Table:
    """Return every sum of a sheet beside the figure of the run it must equal."""
    accounts = run.silos.accounts
    rows = [
        CheckRow("Maintenance of all accounts", "Silos",
                 _sum(a.maintenance.amount for a in accounts), run.silos.maintenance.amount),
        CheckRow("Initial of all accounts", "Silos",
                 _sum(a.initial.amount for a in accounts), run.silos.initial.amount),
    ]
    for outcome in run.designs:
        name, bridge = outcome.margin.name, outcome.bridge
        rows += [
            CheckRow(f"Steps from today to {name}", f"Bridge {name}",
                     bridge.silos + _sum(s.amount for s in bridge.steps), bridge.end),
            CheckRow(f"Stand-alone less offsets within silos, {name}", f"Bridge {name}",
                     bridge.stand_alone + bridge.within_silos, bridge.silos),
            CheckRow(f"Requirement of {name}", "Designs", bridge.end,
                     outcome.margin.requirement.amount),
        ]
    if run.designs:
        alone = _sum(item.amount for item in run.stand_alone if item.amount is not None)
        rows.append(CheckRow("Stand-alone requirements", "Stand-alone", alone,
                             run.designs[0].bridge.stand_alone))
    report = run.collateral
    if report.lots:
        rows += [
            CheckRow("Market value of all lots", "Collateral lots",
                     _sum(lot.market_value for lot in report.lots),
                     _sum(value for _, value in report.value_by_state)),
            CheckRow("Free after haircut", "Collateral lots",
                     _sum(lot.free_value for lot in report.lots), report.free_value)]
    columns = (
        words("What", "what"), words("Sheet", "sheet"),
        money(f"Sum of the sheet ({run.currency})", "summed"),
        money(f"Stated ({run.currency})", "stated"),
        money(f"Difference ({run.currency})", "difference"), Column("Agrees", "agrees", yes_no))
    return Table("Check totals", columns, tuple(rows),
                 "Sums over the sheets beside the headline figures they must equal.")


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
