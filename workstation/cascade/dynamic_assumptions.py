"""What a dynamic cascade rests on, sentence by sentence, with the values used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workstation.base.money import accounting
from workstation.cascade import venue_marks
from workstation.cascade.played import NOTHING, Played
from workstation.cascade.regimes import SILOS, credit_line


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
        f"{value('call_deadline_days'):g} business day(s), {_later(played)}then by selling "
        f"{SOLD[played.how.selection]}.",
        f"Sales stop at {1 + value('margin_buffer'):g} times the requirement and take at most "
        f"{value('participation'):.0%} of the volume of each {minutes:g}-minute step; prices give "
        f"way by {impact.value} daily volatilities times the square root of days of volume{doubt}.",
        "Options count at their delta before the shock. Other participants owe their gross "
        "holdings over their leverage limit.",
        f"A factor has one price at all venues{_but(played)}; gains and losses count in the "
        f"step in which they arise and sales when they are made, {_settled(played)}",
    ]
    if ground.correlation.repair > 0:
        lines.append(f"The correlations were repaired by at most {ground.correlation.repair:.3f} "
                     "to be a correlation matrix.")
    own = ground.client
    exempt = [row.name for row in regime.rows if row.exempt]
    lines += _rulebooks(played)
    lines += _venues(played)
    lines += venue_marks.sentences(played)
    optional = (
        ("Fully paid, never called", exempt),
        ("Moved one for one for want of a figure of their own",
         [f"{name} with {leader}" for name, leader in sorted(followers.items())]),
        ("Counted as cash", own.near_cash),
        ("Left out because they cannot be priced", own.left_out),
        ("Shocks without a holding here", sorted(unused)),
    )
    return (*lines, *(f"{lead}: {', '.join(names)}." for lead, names in optional if names))


SOLD = {
    "pro rata": "the same share of everything in the account",
    "most liquid": "what is most liquid first, by days of volume, as much as a step's volume "
                   "takes; hedges are kept while there is anything else",
    "least cost": "first what relieves most margin for the cost of its impact, as much as a "
                  "step's volume takes; hedges are kept while there is anything else",
}
"""What called accounts sell, by the rule in force."""


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


def _but(played: Played) -> str:
    return "" if played.scene.marks is None else " but those named below"


def _settled(played: Played) -> str:
    """Say who waits for the proceeds of sales, how long, and how much waited at once."""
    waits = played.scene.settlement
    if waits is None:
        return "without settlement lags."
    names = [row.name for row, lag in zip(played.rows, waits, strict=True) if lag]
    most = max((float(np.sum(step.unsettled)) for step in played.outcome.steps), default=0.0)
    return ("in the account's own equity. Proceeds of securities reach no other account until "
            f"they settle, T+{played.ground.settlement_days} ({int(waits.max())} steps), for "
            f"{', '.join(names)}; "
            f"variation margin and coins settle at once. At most {accounting(most)} waited at one "
            "time.")


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
    lines = ["Under a design the client holds everything in one account at no venue: none of its "
             "positions is closed against there, and no fund pays for it.",
             f"Crypto venues pay deficits from insurance funds of {size} here, "
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
