"""The steps of a scan-based requirement in their fixed order.

1 scan; 2 super-spreads; 3 spreads within a commodity and the spot month; 4 spreads between
commodities; 5 spreads between clearing organisations; 6 floors, ratios and option value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workstation.rulebooks.span.between import Outcome, credit
from workstation.rulebooks.span.commodity import InterSpread
from workstation.rulebooks.span.holdings import Held
from workstation.rulebooks.span.parameters import Organisation
from workstation.rulebooks.span.rounding import Conventions
from workstation.rulebooks.span.scanning_spread import scanning_credit
from workstation.rulebooks.span.spread_log import (
    NO_SPREAD,
    NOT_ELIGIBLE,
    SpreadDenied,
    SpreadFormed,
    Unmatched,
)
from workstation.rulebooks.span.state import CommodityState, Key
from workstation.rulebooks.span.within import spot_charges, spread_charges

ZERO = Decimal(0)
SCANNING = "04"
Barred = Callable[[InterSpread], str]
"""Says why a spread is closed to an account; empty where it is open."""


@dataclass(slots=True)
class Calculated:
    """The states of every commodity after all steps, and the spread log."""

    states: dict[Key, CommodityState]
    formed: list[SpreadFormed] = field(default_factory=list)
    denied: list[SpreadDenied] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)


def calculated(held: Iterable[Held], organisations: Sequence[Organisation], barred: Barred,
               conventions: Conventions) -> Calculated:
    """Run every step on one side of one portfolio."""
    answer = Calculated(_states(held, conventions))
    spreads = [spread for item in organisations for spread in item.inter_spreads]
    _credits(answer, spreads, "super", barred, conventions)
    for state in answer.states.values():
        _within(answer, state, conventions)
    _credits(answer, spreads, "inter", barred, conventions)
    _credits(answer, spreads, "inter-clearing", barred, conventions)
    _spot(answer, conventions)
    for state in answer.states.values():
        answer.unmatched += _unmatched(answer, state)
    return answer


def _states(held: Iterable[Held], conventions: Conventions) -> dict[Key, CommodityState]:
    groups: dict[Key, list[Held]] = {}
    for item in held:
        groups.setdefault(item.commodity.key, []).append(item)
    return {key: CommodityState.of(groups[key][0].commodity, tuple(groups[key]), conventions)
            for key in sorted(groups)}


def _within(answer: Calculated, state: CommodityState, conventions: Conventions) -> None:
    formed, denied = spread_charges(
        state.commodity, state.deltas, state.price_risk_of_one, conventions)
    state.intra = conventions.money(sum((item.amount for item in formed), ZERO))
    answer.formed += formed
    answer.denied += denied
    if not conventions.spot_counts_inter:
        _charge_spot(state, conventions)


def _spot(answer: Calculated, conventions: Conventions) -> None:
    """Charge the delivery month after all spreads, where the conventions say so."""
    if conventions.spot_counts_inter:
        for state in answer.states.values():
            _charge_spot(state, conventions)


def _charge_spot(state: CommodityState, conventions: Conventions) -> None:
    state.spot_detail = spot_charges(state.commodity, state.deltas, conventions.spot_counts_inter)
    state.spot = conventions.money(sum((item.charge for item in state.spot_detail), ZERO))


def _credits(answer: Calculated, spreads: Iterable[InterSpread], kind: str, barred: Barred,
             conventions: Conventions) -> None:
    """Form the spreads of one kind by priority, then round each commodity's credit once."""
    earned: dict[Key, Decimal] = {}
    for spread in sorted((s for s in spreads if s.kind == kind), key=lambda s: s.priority):
        for outcome in _tried(spread, answer, barred, conventions):
            if isinstance(outcome, SpreadDenied):
                answer.denied.append(outcome)
                continue
            answer.formed.append(outcome)
            for leg in outcome.legs:
                key = leg.organisation, leg.commodity
                earned[key] = earned.get(key, ZERO) + (leg.credit or ZERO)
    for key, amount in earned.items():
        state = answer.states[key]
        if kind == "inter-clearing":
            state.clearing_credit += conventions.money(amount)
        else:
            state.credit += conventions.money(amount)


def _tried(spread: InterSpread, answer: Calculated, barred: Barred, conventions: Conventions
           ) -> list[Outcome]:
    if why := barred(spread):
        if not any(leg.key in answer.states for leg in spread.legs):
            return []
        return [SpreadDenied(
            spread.kind, spread.priority, NOT_ELIGIBLE, why,
            tuple(leg.commodity for leg in spread.legs), tuple(leg.label for leg in spread.legs))]
    if spread.method == SCANNING:
        return scanning_credit(spread, answer.states, conventions)
    return credit(spread, answer.states, conventions)


def _unmatched(answer: Calculated, state: CommodityState) -> list[Unmatched]:
    """Name every delta left after all spreads, and why no spread took it."""
    code = state.commodity.code
    reasons = [f"{item.kind} {item.priority}: {item.reason}" for item in answer.denied
               if code in item.commodities]
    partial = [f"{item.kind} {item.priority}: formed as far as the other leg went"
               for item in answer.formed if any(leg.commodity == code for leg in item.legs)]
    why = "; ".join(dict.fromkeys([*partial, *reasons])) or NO_SPREAD
    return [Unmatched(code, month, delta, why)
            for month, delta in sorted(state.deltas.left.items()) if delta]
