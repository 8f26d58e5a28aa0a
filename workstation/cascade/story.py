"""What happened in a cascade, in words: who moved first, what it did to prices, who followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workstation.base.money import accounting, money
from workstation.cascade.equilibrium import Equilibrium, Round
from workstation.cascade.participants import Client
from workstation.cascade.result import CascadeCall
from workstation.cascade.stage import Stage
from workstation.parameters.store import Edition

TOLD = 5e-5
"""Price moves below half a basis point of the price are not told."""


def triggers(stage: Stage, solved: Equilibrium) -> tuple[str, ...]:
    """Tell the causal chain: shock, first movers, price falls, those called after them."""
    told = [_shock(stage)]
    called: set[int] = set()
    for number, state in enumerate(solved.shown):
        fresh = [i for i in np.flatnonzero(state.sale_fraction > 0) if int(i) not in called]
        if number > 0 and fresh:
            told.append(_fell(stage, state, number))
        told += [_called(stage, state, int(i), number) for i in fresh]
        called |= {int(i) for i in fresh}
    if not called:
        return (*told, "No participant falls below its requirement; nobody has to sell.")
    final = solved.final
    told.append(_fell(stage, final, len(solved.shown) - 1, ends=True))
    told += [f"{stage.participants[i].name} ends without equity."
             for i in np.flatnonzero(final.equity <= 0)]
    return (*told, _everyone(stage, solved))


def _shock(stage: Stage) -> str:
    moves = [f"{f.name} {f.shock:+.1%}" for f in stage.factors if f.shock != 0.0]
    return f"Shock: {', '.join(moves)}." if moves else "No factor of this book is shocked."


def _called(stage: Stage, state: Round, i: int, number: int) -> str:
    when = "At the shock" if number == 0 else f"Round {number}"
    return (f"{when}, {stage.participants[i].name} has equity {accounting(state.equity[i])} "
            f"against a requirement of {accounting(state.requirement[i])} and must sell "
            f"{state.sale_fraction[i]:.0%} of its holdings.")


def _fell(stage: Stage, state: Round, number: int, *, ends: bool = False) -> str:
    moves = [
        f"{factor.name} {price / factor.shocked - 1.0:+.2%}"
        for factor, price in zip(stage.factors, state.prices, strict=True)
        if 1.0 - price / factor.shocked > TOLD
    ]
    said = ", ".join(moves) if moves else "no factor by as much as a basis point"
    count = f"{number} round{'' if number == 1 else 's'}"
    lead = f"After {count} sales" if ends else f"Round {number}: sales"
    return f"{lead} have moved prices beyond the shock: {said}."


def _everyone(stage: Stage, solved: Equilibrium) -> str:
    direct = float(np.sum(stage.equity - solved.rounds[0].equity))
    whole = float(np.sum(stage.equity - solved.final.equity))
    ratio = f", {whole / direct:.3f} times" if direct > 0 else ""
    return (f"All participants together lose {accounting(direct)} to the shock and "
            f"{accounting(whole)} in the end{ratio}.")


def calls(stage: Stage, solved: Equilibrium) -> tuple[CascadeCall, ...]:
    """Return each participant's first call and, where it grew, its last, in order of time."""
    rows: list[CascadeCall] = []
    shown = solved.shown
    for i in range(len(stage.participants)):
        first = next((n for n, r in enumerate(shown) if r.sale_fraction[i] > 0), None)
        if first is not None:
            rows += [_call(stage, shown[n], i, n) for n in sorted({first, len(shown) - 1})]
    return tuple(sorted(rows, key=lambda row: row.step))


def _call(stage: Stage, state: Round, i: int, number: int) -> CascadeCall:
    equity, required = float(state.equity[i]), float(state.requirement[i])
    fraction = float(state.sale_fraction[i])
    met = "everything sold, not met" if fraction >= 1.0 else "forced sale"
    return CascadeCall(number + 1, stage.participants[i].name, money(equity), money(required),
                       money(max(required - equity, 0.0)), money(fraction), met)


def assumptions(stage: Stage, own: Client, followers: Mapping[str, str], unused: Sequence[str],
                edition: Edition) -> tuple[str, ...]:
    """Return what the result rests on, with the values used."""
    impact, buffer = edition["impact_coefficient"], edition["margin_buffer"]
    traded = stage.borrowers.holdings.sum(axis=0) > 0
    still = [f.name for f, held in zip(stage.factors, traded, strict=True)
             if held and f.shock == 0.0]
    shorts = sorted({
        f"{e.factor} ({p.name})" for p in stage.participants for e in p.exposures if e.value < 0})
    lines = [
        f"Prices fall by {impact.value} daily volatilities times the square root of days of volume"
        f" sold{' (to confirm)' if impact.cite.standing == 'unverified' else ''}.",
        f"A called participant sells the same share of everything it holds long, until equity is"
        f" {1 + buffer.value} times the requirement; no collateral, credit line or other cash is"
        " drawn first.",
        "All sales settle at the final price; prices do not recover.",
        "The client's requirement stays the same share of its long value; agents' is one over"
        " their leverage limit.",
        "Options count at their delta before the shock.",
    ]
    optional = (
        ("Moved one for one for want of a figure of their own",
         [f"{name} with {leader}" for name, leader in sorted(followers.items())]),
        ("Not shocked themselves, sold with the rest", still),
        ("Short exposures, held, marked at the shocked price, gaining nothing from later falls",
         shorts),
        ("Counted as cash", own.near_cash),
        ("Left out because they cannot be priced", own.left_out),
        ("Shocks without a holding here", sorted(unused)),
    )
    return (*lines, *(f"{lead}: {', '.join(names)}." for lead, names in optional if names))
