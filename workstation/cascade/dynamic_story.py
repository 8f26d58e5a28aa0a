"""A dynamic cascade in words: who was called, what met it, who sold, what halted, who fell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import accounting
from workstation.cascade.model import Outcome, Step
from workstation.cascade.played import NOTHING, Played, halts
from workstation.cascade.result import HaltSpan
from workstation.cascade.story import TOLD

MOST_NAMED = 4


def told(played: Played, minutes: float, unused: Sequence[str] = ()) -> tuple[str, ...]:
    """Tell the chain in order of time: shock, calls, sales, halts, defaults, and the end.

    `unused` are shocks of factors nobody here holds.
    """
    events: list[tuple[int, str]] = [(0, _shock(played, unused))]
    for halt in _longest(halts(played)):
        span = f"{halt.steps} step{'' if halt.steps == 1 else 's'}"
        events.append((halt.step, f"{_when(played, halt.step, minutes)}, {halt.market} halts "
                       f"{_some(halt.factors)} for {span}."))
    for row in range(len(played.rows)):
        events += _of_row(played, row, minutes)
    events += _paid_by_funds(played, minutes)
    events += _deleveraged(played, minutes)
    lines = [line for _, line in sorted(events, key=lambda event: event[0])]
    if not any(step.calls.any() for step in played.outcome.steps):
        lines.append("No participant falls below its requirement; nobody has to sell.")
    return (*lines, *_end(played, minutes))


def _longest(spans: Sequence[HaltSpan]) -> list[HaltSpan]:
    """Leave out halts that a longer one of the same step takes in."""
    return [span for span in spans if not any(
        other is not span and other.step == span.step and other.steps > span.steps
        and set(other.factors) >= set(span.factors) for other in spans)]


def _of_row(played: Played, row: int, minutes: float) -> list[tuple[int, str]]:
    steps, name = played.outcome.steps, _name(played, row)
    found = []
    first = _first(steps, lambda s: float(s.calls[row]) > NOTHING)
    if first is not None:
        step = steps[first]
        found.append((first + 1, f"{_when(played, first + 1, minutes)}, {name} has equity "
                      f"{accounting(step.equity[row])} against a requirement of "
                      f"{accounting(step.margin[row])}{_met(played, row, first)}."))
    sale = _first(steps, lambda s: float(s.sale_fraction[row]) > 0)
    if sale is not None:
        step = steps[sale]
        found.append((sale + 1, f"{_when(played, sale + 1, minutes)}, {name} must sell "
                      f"{step.sale_fraction[row]:.0%} of its holdings{_since(played, sale)}."))
    if played.outcome.equity[row] <= 0 and not _below_from_the_start(played, row):
        found.append((len(steps) + 1, f"{name} ends without equity."))
    return found


def _paid_by_funds(played: Played, minutes: float) -> list[tuple[int, str]]:
    """Tell what insurance funds paid of each row's deficit, first payment and sum."""
    sums: dict[int, tuple[int, float]] = {}
    for done in played.outcome.payments:
        first, paid = sums.get(done.row, (done.step, 0.0))
        sums[done.row] = (first, paid + done.amount)
    return [(step + 1, f"{_when(played, step + 1, minutes)}, {_name(played, row)} is below zero; "
             f"the venue's insurance fund pays {accounting(paid)} of it.")
            for row, (step, paid) in sums.items()]


def _deleveraged(played: Played, minutes: float) -> list[tuple[int, str]]:
    """Tell what venues closed against winners, one sentence a step and factor."""
    sums: dict[tuple[int, int], tuple[float, dict[int, None]]] = {}
    for done in played.outcome.deleveraged:
        haircut, winners = sums.get((done.step, done.asset), (0.0, {}))
        sums[done.step, done.asset] = (haircut + done.haircut, winners | {done.winner: None})
    return [(step + 1, f"{_when(played, step + 1, minutes)}, the venue closes "
             f"{played.ground.names[k]} against {_some([_name(played, w) for w in winners])}, "
             f"at a cost to them of {accounting(haircut)}.")
            for (step, k), (haircut, winners) in sums.items()]


def _below_from_the_start(played: Played, row: int) -> bool:
    return played.rows[row].equity <= 0


def _first(steps: Sequence[Step], holds: Callable[[Step], bool]) -> int | None:
    return next((n for n, step in enumerate(steps) if holds(step)), None)


def _name(played: Played, row: int) -> str:
    obligor = played.rows[row]
    return obligor.name if obligor.name == obligor.owner else f"{obligor.owner} {obligor.name}"


def _met(played: Played, row: int, number: int) -> str:
    step = played.outcome.steps[number]
    parts = []
    if step.met.excess[row] > NOTHING:
        parts.append(f"{accounting(step.met.excess[row])} of excess at {played.firm(row, number)}")
    if step.met.collateral[row] > NOTHING:
        parts.append(f"{accounting(step.met.collateral[row])} of free collateral from elsewhere")
    if step.met.recalled[row] > NOTHING:
        parts.append(f"{accounting(step.met.recalled[row])} of recalled collateral")
    if step.met.credit[row] > NOTHING:
        parts.append(f"{accounting(step.met.credit[row])} of the credit line")
    return f"; it draws on {' and on '.join(parts)}" if parts else ""


def _when(played: Played, step: int, minutes: float) -> str:
    if step == 1:
        return "At the shock" if played.ground.ramp == 1 else "At its first part"
    return f"After {(step - 1) * minutes:,.0f} minutes"


def _since(played: Played, number: int) -> str:
    """Say which prices sales have moved before this step, beyond the shock once it is there."""
    if number < played.ground.ramp:
        return ""
    moves = _beyond(played, played.outcome.steps[number].prices)
    return f", after sales have moved {moves}" if moves else ""


def _beyond(played: Played, prices: NDArray[np.float64]) -> str:
    shocked = played.scene.prices * (1.0 + played.shock)
    changes = prices / shocked - 1.0
    order = sorted(range(len(changes)), key=lambda k: -abs(changes[k]))[:MOST_NAMED]
    return ", ".join(f"{played.ground.names[k]} {changes[k]:+.2%}" for k in order
                     if abs(changes[k]) > TOLD)


def _shock(played: Played, unused: Sequence[str]) -> str:
    moves = [f"{name} {move:+.1%}" for name, move in zip(
        played.ground.names, played.shock, strict=True) if move != 0.0]
    over = f", in equal parts over {played.ground.ramp} steps" if played.ground.ramp > 1 else ""
    if moves:
        return f"Shock: {', '.join(moves)}{over}."
    lost = f": nobody here holds {', '.join(sorted(unused))}" if unused else ""
    return f"No factor of this book is shocked{lost}."


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    rest = len(names) - MOST_NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown


def _end(played: Played, minutes: float) -> tuple[str, ...]:
    outcome = played.outcome
    direct, whole = float(np.sum(outcome.direct_loss)), outcome.everyone_lost
    ratio = "" if outcome.amplification is None else f", {outcome.amplification:.3f} times"
    moved = _beyond(played, outcome.prices)
    beyond = f"Sales have moved {moved} beyond the shock. " if moved else ""
    length = len(outcome.steps) - 1
    if outcome.broken:
        ends = "Numbers overflowed in the last step, which is kept as it stood."
    elif outcome.settled and length == 0:
        ends = "Nobody trades; it is over at once."
    elif outcome.settled:
        ends = f"It is over after {length * minutes:,.0f} minutes of trading."
    else:
        ends = f"It is cut off after {length * minutes:,.0f} minutes of trading; sales go on."
    if direct < 0.0:
        ends_with = "lose" if whole > 0 else "gain"
        return (f"{beyond}{ends}",
                f"All participants together gain {accounting(-direct)} from the shock and "
                f"{ends_with} {accounting(abs(whole))} in the end{_of_funds(outcome)}.")
    return (f"{beyond}{ends}",
            f"All participants together lose {accounting(direct)} to the shock and "
            f"{accounting(whole)} in the end{ratio}{_of_funds(outcome)}.")


def _of_funds(outcome: Outcome) -> str:
    paid = outcome.funds_paid
    return f"; insurance funds bear {accounting(paid)} of it" if paid > NOTHING else ""
