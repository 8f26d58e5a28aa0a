"""What the bars of the collateral panel show: states, obligations met, calls by deadline."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workstation.base.wording import regime_words
from workstation.collateral.report import CollateralReport, LotReport, LotState
from workstation.results.mobility_tables import runway_rows
from workstation.results.run import Run
from workstation.ui.plots.stacked_bars import Bar, Part
from workstation.ui.plots.state_key import Look
from workstation.ui.plots.style import Pattern

MOST_BARS = 40
ZERO = Decimal(0)
MET, SHORT, LEFT = "meets what is asked", "short", "left over"
DELIVERY_LOOKS = {
    MET: Look("accent", Pattern.SOLID),
    LEFT: Look("granted", Pattern.SOLID),
    SHORT: Look("denied", Pattern.CROSS),
}


def obligation_bars(report: CollateralReport, regime: str) -> tuple[Bar, ...]:
    """Return one bar an obligation: what the cheapest delivery meets, and what is short."""
    plan = report.mobility.plan(regime) if report.mobility else None
    return () if plan is None else tuple(
        Bar(", ".join(name for name in (row.name, row.holder) if name),
            _parts((MET, row.met), (SHORT, row.shortfall)), row.reason)
        for row in plan.obligations)


def runway_bars(run: Run) -> tuple[Bar, ...]:
    """Return one bar a deadline: free value that meets the stressed call, left over, or short."""
    return tuple(
        Bar(f"free by T+{row.within}", _parts(
            (MET, min(row.free_stressed, row.stressed)), (LEFT, max(row.left, ZERO)),
            (SHORT, max(-row.left, ZERO))),
            "re-priced in the scenario, against the larger of today's calls and its first calls")
        for row in runway_rows(run))


def _parts(*amounts: tuple[str, Decimal]) -> tuple[Part, ...]:
    return tuple(Part(name, amount) for name, amount in amounts if amount)


def _of_lot(lot: LotReport) -> str:
    return f"{lot.lot}  {lot.symbol}"


def _of_custodian(lot: LotReport) -> str:
    return lot.location or "not said where"


def _of_regime(lot: LotReport) -> str:
    return regime_words(lot.regime) if lot.regime else "outside the accounts"


FLOW = "flow"
GROUPINGS = (("flow", FLOW), ("lot", "lot"), ("custodian", "custodian"), ("regime", "regime"),
             ("obligation", "obligation"), ("deadline", "deadline"))
NAME_OF: dict[str, Callable[[LotReport], str]] = {
    "lot": _of_lot, "custodian": _of_custodian, "regime": _of_regime}


def bars(report: CollateralReport, grouping: str) -> tuple[Bar, ...]:
    """Return market value by state, one bar a lot or a custodian, in file order.

    Beyond `MOST_BARS` the largest come first and the rest share the last bar.
    """
    values: dict[str, dict[LotState, Decimal]] = {}
    for lot in report.lots:
        held = values.setdefault(NAME_OF[grouping](lot), {})
        for state, quantity in lot.states:
            share = quantity / lot.quantity if lot.quantity else Decimal(0)
            held[state] = held.get(state, Decimal(0)) + share * lot.market_value
    found = [Bar(name, tuple(Part(str(state), held[state]) for state in LotState
                             if held.get(state))) for name, held in values.items()]
    return tuple(found) if len(found) <= MOST_BARS else _largest(found)


def _largest(found: list[Bar]) -> tuple[Bar, ...]:
    """Return the largest bars and one for all the others, so that a long list stays readable."""
    ranked = sorted(found, key=lambda bar: -bar.total)
    others: dict[str, Decimal] = {}
    for bar in ranked[MOST_BARS:]:
        for part in bar.parts:
            others[part.state] = others.get(part.state, Decimal(0)) + part.amount
    rest = tuple(Part(str(state), others[state]) for state in LotState if state in others)
    return (*ranked[:MOST_BARS], Bar(f"{len(ranked) - MOST_BARS:,} others", rest))
