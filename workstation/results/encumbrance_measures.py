"""Encumbrance before and after the cheapest allocation, and substitutions one for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workstation.collateral.plan import Plan
from workstation.collateral.report import CollateralReport, LotState
from workstation.results.encumbrance_flow import Flow, flows
from workstation.results.formats import money, percent, whole, words
from workstation.results.run import Run
from workstation.results.table import Column, Table

ZERO = Decimal(0)
LIQUID = frozenset({"cash", "treasury", "agency"})
"""Classes counted as high-quality and liquid; caps on level 2 assets are not applied."""
HELD = frozenset({LotState.PLEDGED, LotState.REUSABLE, LotState.REUSED, LotState.SEGREGATED})
TODAY = "As pledged today"


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """The lots under one arrangement; shares are None where there is nothing to divide by."""

    arrangement: str
    encumbered: Decimal
    ratio: Decimal | None
    liquid_free: Decimal
    reuse_rate: Decimal | None
    multiplier: Decimal | None
    longest_chain: int | None
    largest_share: Decimal | None
    largest: str


def _plain(value: Decimal) -> str:
    return f"{value:,.2f}"


def measures_table(run: Run) -> Table:
    """Return encumbrance, re-use, liquid assets left and concentration, before and after."""
    unit = f"({run.currency})"
    columns = (
        words("Arrangement", "arrangement"), money(f"Encumbered {unit}", "encumbered"),
        percent("Encumbrance (%)", "ratio", "of the market value of all lots"),
        money(f"Liquid assets free {unit}", "liquid_free", "cash, Treasuries and agencies"),
        percent("Re-use rate (%)", "reuse_rate", "of what may be re-used"),
        Column("Multiplier", "multiplier", _plain, True, "0.00",
               hint="source and everything re-used, over the source"),
        whole("Longest chain", "longest_chain", "hops from the client"),
        percent("Largest symbol (%)", "largest_share", "of what is encumbered"),
        words("Which", "largest"))
    return Table("Encumbrance measures", columns, tuple(measures(run)),
                 "As pledged today, and after the cheapest delivery under each regime.")


def measures(run: Run) -> list[MeasureRow]:
    """Return a row for today and one for every plan."""
    report = run.collateral
    if not report.lots:
        return []
    today = _today(report, flows(run))
    plans = report.mobility.plans if report.mobility else ()
    return [today, *(_after(report, plan, today.encumbered) for plan in plans)]


def _today(report: CollateralReport, every: tuple[Flow, ...]) -> MeasureRow:
    values = dict(report.value_by_state)
    held = sum((values.get(state, ZERO) for state in HELD), ZERO)
    usable = values.get(LotState.REUSABLE, ZERO) + values.get(LotState.REUSED, ZERO)
    reused = sum((flow.value for flow in every if flow.hop > 1), ZERO)
    source = sum((f.value for f in every if f.hop == 1 and f.state == LotState.REUSABLE), ZERO)
    by_symbol: dict[str, Decimal] = {}
    for lot in report.lots:
        share = sum((lot.quantity_in(s) for s in HELD), ZERO) / lot.quantity if lot.quantity else 0
        by_symbol[lot.symbol] = by_symbol.get(lot.symbol, ZERO) + lot.market_value * share
    free = sum((lot.market_value * lot.quantity_in(LotState.FREE) / lot.quantity
                for lot in report.lots if lot.quantity and lot.asset_class.lower() in LIQUID), ZERO)
    deepest = max((flow.hop for flow in every if flow.hop >= 1), default=0)
    return MeasureRow(
        TODAY, held, report.encumbrance_ratio, free,
        values.get(LotState.REUSED, ZERO) / usable if usable else None,
        (source + reused) / source if source else None, deepest, *_largest(by_symbol, held))


def _after(report: CollateralReport, plan: Plan, before: Decimal) -> MeasureRow:
    """Return what the plan gives away instead of what is pledged where it could be moved."""
    lots = {lot.lot for lot in report.lots}
    own = [source for source in plan.sources if source.lot in lots]
    freed = sum((s.available for s in own if s.pledged_for), ZERO)
    given = sum((s.given for s in own), ZERO)
    whole_value = sum((lot.market_value for lot in report.lots), ZERO)
    held = max(before - freed, ZERO) + given
    by_symbol: dict[str, Decimal] = {}
    for source in own:
        by_symbol[source.symbol] = by_symbol.get(source.symbol, ZERO) + source.given
    left = sum((s.available - s.given for s in own if s.asset_class in LIQUID), ZERO)
    return MeasureRow(plan.title, held, held / whole_value if whole_value else None, left, None,
                      None, None, *_largest(by_symbol, given))


def _largest(values: Mapping[str, Decimal], whole_value: Decimal) -> tuple[Decimal | None, str]:
    if not values or not whole_value:
        return None, ""
    name = max(values, key=lambda symbol: (values[symbol], symbol))
    return values[name] / whole_value, name


def proposals_table(run: Run) -> Table:
    """Return substitutions one for one: what to release, what to deliver, and what it saves."""
    found = run.collateral.mobility.regret if run.collateral.mobility else None
    unit = f"({run.currency})"
    columns = (
        words("Obligation", "obligation"), words("Release", "release"),
        money(f"Released {unit}", "released", "market value taken back, after delivery"),
        words("Deliver", "deliver"), money(f"Delivered {unit}", "delivered", "market value, first"),
        money(f"Counts for {unit}", "counted", "value after haircut, the same before and after"),
        money(f"Saves a year {unit}", "saving", total=True))
    return Table("Substitutions", columns, found.proposals if found else (),
                 "New collateral in first, then the old is released; largest saving first.")
