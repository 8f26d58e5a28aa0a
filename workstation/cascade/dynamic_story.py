"""A dynamic cascade in words: who was called, what met it, who sold, what halted, who fell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import accounting
from workstation.cascade.model import Step
from workstation.cascade.played import NOTHING, Played, halts
from workstation.cascade.regimes import SILOS, credit_line
from workstation.cascade.story import TOLD

MOST_NAMED = 4


def told(played: Played, minutes: float) -> tuple[str, ...]:
    """Tell the chain in order of time: shock, calls, sales, halts, defaults, and the end."""
    events: list[tuple[int, str]] = [(0, _shock(played))]
    for halt in halts(played):
        span = f"{halt.steps} step{'' if halt.steps == 1 else 's'}"
        events.append((halt.step, f"{_when(played, halt.step, minutes)}, {halt.market} halts "
                       f"{_some(halt.factors)} for {span}."))
    for row in range(len(played.rows)):
        events += _of_row(played, row, minutes)
    events += _deleveraged(played, minutes)
    lines = [line for _, line in sorted(events, key=lambda event: event[0])]
    if not any(step.calls.any() for step in played.outcome.steps):
        lines.append("No participant falls below its requirement; nobody has to sell.")
    return (*lines, *_end(played, minutes))


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
        parts.append(f"{accounting(step.met.excess[row])} of excess at {played.rows[row].firm}")
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


def _shock(played: Played) -> str:
    moves = [f"{name} {move:+.1%}" for name, move in zip(
        played.ground.names, played.shock, strict=True) if move != 0.0]
    over = f", in equal parts over {played.ground.ramp} steps" if played.ground.ramp > 1 else ""
    return f"Shock: {', '.join(moves)}{over}." if moves else "No factor of this book is shocked."


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    rest = len(names) - MOST_NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown


def _end(played: Played, minutes: float) -> tuple[str, ...]:
    outcome = played.outcome
    direct, whole = float(np.sum(outcome.direct_loss)), float(np.sum(outcome.total_loss))
    ratio = "" if outcome.amplification is None else f", {outcome.amplification:.3f} times"
    moved = _beyond(played, outcome.prices)
    beyond = f"Sales have moved {moved} beyond the shock. " if moved else ""
    length = len(outcome.steps) - 1
    if outcome.broken:
        ends = "Numbers overflowed in the last step, which is kept as it stood."
    elif outcome.settled:
        ends = f"It is over after {length * minutes:,.0f} minutes of trading."
    else:
        ends = f"It is cut off after {length * minutes:,.0f} minutes of trading; sales go on."
    return (f"{beyond}{ends}",
            f"All participants together lose {accounting(direct)} to the shock and "
            f"{accounting(whole)} in the end{ratio}.")


def assumptions(played: Played, followers: Mapping[str, str], unused: Sequence[str],
                minutes: float) -> tuple[str, ...]:
    """Return what the result rests on, with the values used."""
    ground, regime = played.ground, played.regime
    value = ground.value
    pairs = len(ground.names) * (len(ground.names) - 1) // 2
    impact = ground.edition["impact_coefficient"]
    doubt = " (to confirm)" if impact.cite.standing == "unverified" else ""
    lines = [
        _margin_line(played),
        f"Margin follows {_reaction(played)} of a rise in volatility, up to "
        f"{value('volatility_cap'):g} times today's; the shock counts as one day's return with "
        f"weight {1 - value('volatility_decay'):.2f}.",
        f"Correlations move from today's to one against each book while the worst factor falls "
        f"from {value('converge_from'):.0%} to {value('converge_to'):.0%}. "
        f"{len(ground.correlation.measured)} of {pairs} pairs come from the History sheet, the "
        f"others are assumed: {value('correlation_same_class'):g} within an asset class, "
        f"{value('correlation_across_classes'):g} across.",
        f"A call is met by excess at the same firm, then by free collateral that settles within "
        f"{value('call_deadline_days'):g} business day(s), {_later(played)}then by selling the "
        "same share of everything in the account.",
        f"Sales stop at {1 + value('margin_buffer'):g} times the requirement and take at most "
        f"{value('participation'):.0%} of the volume of each {minutes:g}-minute step; prices give "
        f"way by {impact.value} daily volatilities times the square root of days of volume{doubt}.",
        "Options count at their delta before the shock. Other participants owe their gross "
        "holdings over their leverage limit.",
    ]
    if ground.correlation.repair > 0:
        lines.append(f"The correlations were repaired by at most {ground.correlation.repair:.3f} "
                     "to be a correlation matrix.")
    own = ground.client
    exempt = [row.name for row in regime.rows if row.exempt]
    lines += _rulebooks(played)
    lines += _venues(played)
    optional = (
        ("Fully paid, never called", exempt),
        ("Moved one for one for want of a figure of their own",
         [f"{name} with {leader}" for name, leader in sorted(followers.items())]),
        ("Counted as cash", own.near_cash),
        ("Left out because they cannot be priced", own.left_out),
        ("Shocks without a holding here", sorted(unused)),
    )
    return (*lines, *(f"{lead}: {', '.join(names)}." for lead, names in optional if names))


def _margin_line(played: Played) -> str:
    regime = played.regime
    if regime.name == SILOS:
        return ("Silos: each account answers for itself with its own equity; its margin is gross "
                "risk by factor, scaled so that before the shock it is today's requirement.")
    taken = f" {accounting(regime.withdrawn)} is taken out beforehand." if regime.withdrawn else ""
    return (f"{regime.title}: all accounts answer as one; {regime.offset_share:.0%} of the risk is "
            f"margined net across factors, and a factor of {regime.factor:.3f} makes it the "
            f"design's requirement of {accounting(regime.requirement)} before the shock.{taken}")


def _later(played: Played) -> str:
    """Say what else meets a call: collateral recalled, and the credit line."""
    relief, found = played.scene.relief, []
    if relief is not None and relief.recalls:
        whole = sum(recall.value for recall in relief.recalls)
        found.append(f"then by {accounting(whole)} lent out, recalled with the first open call and "
                     "back after its release and settlement, ")
    line = credit_line(played.ground)
    found.append(f"then by a credit line of {accounting(line)}, " if line else
                 "there is no credit line, ")
    return "".join(found)


def _rulebooks(played: Played) -> list[str]:
    """Say how often the rulebooks margined the changed book, and what follows the model alone."""
    if not played.asked:
        return []
    value = played.ground.value
    times = f"{played.asked} time{'' if played.asked == 1 else 's'}"
    return [
        f"Margin is computed by the rulebooks themselves on the changed book and marks, {times}: "
        f"at the shock, and whenever a price has moved more than {value('rulebook_move'):.0%} or a "
        f"holding been sold by more than {value('rulebook_sale'):.0%} since; in between it moves "
        "with the model above, scaled to their last answer.",
        "The other regimes, tipping points, amplifiers and the liquidity map follow the model "
        "scaled to the rulebooks before and right after the shock."]


def _venues(played: Played) -> list[str]:
    venues, outcome = played.scene.venues, played.outcome
    if venues is None:
        return []
    size = accounting(float(np.sum(venues.fund)))
    lines = [f"Crypto venues pay deficits from insurance funds of {size} here, "
             f"{played.ground.value('insurance_fund'):.1%} of everything open (to confirm), then "
             "close against winners by profit over equity; other participants that hold coins "
             "alone stand where the client has most open."]
    if outcome.funds_paid > NOTHING or outcome.deleveraged:
        taken = sum(done.haircut for done in outcome.deleveraged)
        lines.append(f"The funds paid {accounting(outcome.funds_paid)}; "
                     f"{len(outcome.deleveraged)} positions were closed against winners, who "
                     f"lost {accounting(taken)} to it.")
    return lines


def _reaction(played: Played) -> str:
    found = {f"{row.reaction:.0%}" for row in played.regime.rows if not row.exempt}
    return " or ".join(sorted(found)) or "none"
