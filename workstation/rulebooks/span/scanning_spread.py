"""Scanning-based spreads (method 04): legs join the target's scan, their gains cut.

Charges, earlier credits and option values of the legs move to the target, which is scanned again.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from decimal import Decimal

from workstation.rulebooks.span.between import Outcome, denied
from workstation.rulebooks.span.commodity import InterLeg, InterSpread
from workstation.rulebooks.span.contracts import SCENARIOS
from workstation.rulebooks.span.rounding import Conventions
from workstation.rulebooks.span.scan import scanned
from workstation.rulebooks.span.spread_log import BELOW_MINIMUM, MISSING_LEG, LegTaken, SpreadFormed
from workstation.rulebooks.span.state import CommodityState, Key

ZERO, PERCENT = Decimal(0), Decimal(100)


def joined_losses(arrays: Iterable[tuple[Sequence[Decimal], Decimal]]) -> tuple[Decimal, ...]:
    """Add arrays up, losses whole, gains (negative entries) times the credit rate of each."""
    totals = [ZERO] * SCENARIOS
    for losses, rate in arrays:
        for scenario, loss in enumerate(losses):
            totals[scenario] += loss * rate if loss < 0 else loss
    return tuple(totals)


def scanning_credit(spread: InterSpread, states: MutableMapping[Key, CommodityState],
                    conventions: Conventions) -> list[Outcome]:
    """Join the legs held into the target; nothing where no leg is held."""
    held = [leg for leg in spread.legs if _usable(leg, states)]
    sided = [leg for leg in held if leg.side]
    if not sided:
        return []
    missing = [leg.commodity for leg in spread.legs
               if leg.required and not _usable(leg, states)]
    if missing:
        return [denied(spread, MISSING_LEG, f"required and not held: {', '.join(missing)}")]
    if len(sided) < max(spread.minimum_legs, 1):
        return [denied(spread, BELOW_MINIMUM,
                       f"{len(sided)} of at least {spread.minimum_legs} legs held")]
    # A target that is neither held nor required leaves the first leg held to be joined into.
    target = next((leg for leg in held if leg.target), held[0])
    if len({leg.key for leg in held}) == 1:
        return [denied(spread, MISSING_LEG, f"nothing to join with {target.commodity}")]
    return [_join(spread, held, target, states, conventions)]


def _usable(leg: InterLeg, states: MutableMapping[Key, CommodityState]) -> bool:
    return leg.key in states and not states[leg.key].absorbed_by


def _join(spread: InterSpread, held: Sequence[InterLeg], target: InterLeg,
          states: MutableMapping[Key, CommodityState], conventions: Conventions) -> SpreadFormed:
    into = states[target.key]
    keys = list(dict.fromkeys([target.key, *(leg.key for leg in held)]))
    before = sum((states[key].scan_risk for key in keys), ZERO)
    own = {leg.key: leg.rate for leg in held if leg.rate is not None}
    arrays = [(scan.losses, own.get(key, spread.rate) / PERCENT)
              for key in keys for scan in states[key].scans]
    legs = tuple(_taken(leg, target, into, states[leg.key], conventions) for leg in held)
    for key in keys:
        if key != target.key:
            _absorb(states[key], into)
    into.scans = (scanned(0, joined_losses(arrays), conventions),)
    into.refresh_price_risk(conventions)
    return SpreadFormed(spread.kind, spread.priority, Decimal(1), spread.rate, legs,
                        before - into.scan_risk, method=spread.method)


def _taken(leg: InterLeg, target: InterLeg, into: CommodityState, state: CommodityState,
           conventions: Conventions) -> LegTaken:
    """Move a leg's deltas to the target, converted by target ratio / leg ratio."""
    before = state.deltas.net_left(list(state.deltas.left))
    if leg.key != target.key:
        factor = target.ratio / leg.ratio if leg.ratio else ZERO
        for month, delta in state.deltas.left.items():
            moved = conventions.delta(delta * factor)
            into.deltas.left[month] = into.deltas.left.get(month, ZERO) + moved
            into.deltas.start[month] = into.deltas.start.get(month, ZERO) + moved
            into.deltas.taken_within.setdefault(month, ZERO)
            into.deltas.taken_between.setdefault(month, ZERO)
            state.deltas.left[month] = ZERO
            state.deltas.taken_by.setdefault(month, []).append(f"scanning spread to "
                                                               f"{target.commodity}")
    after = state.deltas.net_left(list(state.deltas.left))
    return LegTaken(leg.commodity, leg.label, leg.side, leg.ratio, before, after,
                    organisation=leg.organisation)


def _absorb(state: CommodityState, into: CommodityState) -> None:
    """Move a leg's charges, credits and option value to the target."""
    into.intra += state.intra
    into.spot += state.spot
    into.credit += state.credit
    into.clearing_credit += state.clearing_credit
    into.short_option_minimum += state.short_option_minimum
    into.option_value += state.option_value
    into.held = (*into.held, *state.held)
    into.absorbed.append(state.commodity.code)
    state.absorbed_by = into.commodity.code
    state.intra = state.spot = state.credit = state.clearing_credit = ZERO
    state.short_option_minimum = state.option_value = ZERO
    state.scans = ()
