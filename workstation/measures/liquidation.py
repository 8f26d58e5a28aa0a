"""What happens to a perpetual position below maintenance: tiers, ladder, fund, deleveraging.

Linear contracts; `wallet` is the cash behind the position in the quote currency. A cascade walks
the same functions one mark at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workstation.base.money import money
from workstation.measures.perpetual import linear_profit, liquidation_price
from workstation.measures.tiers import Tiers

CLOSED = 1e-6  # relative: a notional so near the start of its band is taken to be there


@dataclass(frozen=True, slots=True)
class Isolated:
    """A linear position and the cash behind it; `side` +1 long, -1 short.

    In a cross-margined account `beside` counts coins (signed) that gain and lose with the same
    mark, and `kept` is the margin that everything else in the account must keep.
    """

    side: int
    size: float
    entry: float
    wallet: float
    beside: float = 0.0
    kept: float = 0.0

    def equity(self, mark: float) -> float:
        """Return wallet plus unrealised profit."""
        own = linear_profit(self.side, self.size, self.entry, mark)
        return self.wallet + own + self.beside * (mark - self.entry)

    def reduced(self, size: float, mark: float, fee_rate: float) -> Isolated:
        """Return the position after a closing trade at `mark`, its fee paid from the wallet."""
        closed = self.size - size
        realised = linear_profit(self.side, closed, self.entry, mark)
        return replace(self, size=size, wallet=self.wallet + realised - fee_rate * closed * mark)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step down: the mark that triggers it, sizes before and after, fee, and what is left."""

    tier: int
    mark: float
    size_before: float
    size_after: float
    fee: float
    equity_after: float


Reduction = Callable[[Isolated, float, Tiers], float]
"""What size a venue leaves when it closes a position in part at a mark."""


def down_a_tier(position: Isolated, mark: float, tiers: Tiers) -> float:
    """Return the size whose notional is where the band below ends; nothing below the first."""
    return float(tiers.floors[_band(position, mark, tiers)]) / mark


def in_slices(share: float, above: float) -> Reduction:
    """Return the rule that closes a share of a position larger than `above`, else all of it."""

    def reduced(position: Isolated, mark: float, tiers: Tiers) -> float:
        return position.size * (1.0 - share) if position.size * mark > above else 0.0

    return reduced


def maintenance(position: Isolated, mark: float, tiers: Tiers) -> float:
    """Return maintenance margin at a mark: tiers on size x mark, and what else must be kept."""
    return position.kept + float(tiers.amount(money(position.size * mark)))


def tiered_liquidation_price(position: Isolated, tiers: Tiers, near: float | None = None
                             ) -> float | None:
    """Return the mark at which equity equals maintenance on the tiers; None where none does.

    Each band's closed form is tried; one whose notional lies in its own band is an answer. Coins
    beside the position can leave two, one below and one above: the nearer to `near` (today's
    mark where not given) comes first.
    """
    found = []
    for band, floor in enumerate(tiers.floors):
        rate, deduction = float(tiers.rates[band]), float(tiers.deductions[band])
        mark = liquidation_price(position.side, position.size, position.entry, position.wallet,
                                 rate, deduction - position.kept, position.beside)
        notional, slack = position.size * mark, 1e-9 * abs(position.size * mark)
        if 0 < mark < math.inf and (
                float(floor) - slack <= notional <= float(tiers.caps[band]) + slack):
            found.append(mark)
    start = position.entry if near is None else near
    return min(found, key=lambda mark: abs(mark - start), default=None)


def bankruptcy_price(position: Isolated) -> float:
    """Return the mark at which the wallet is used up; infinite where no mark does it."""
    return liquidation_price(position.side, position.size, position.entry, position.wallet,
                             beside=position.beside)


def partial_liquidation(position: Isolated, mark: float, tiers: Tiers, fee_rate: float,
                        reduction: Reduction = down_a_tier) -> tuple[Rung, ...]:
    """Close step by step at one mark until equity covers maintenance, or nothing is left."""
    rungs: list[Rung] = []
    while position.size > 0 and position.equity(mark) < maintenance(position, mark, tiers):
        rung, position = _step(position, mark, tiers, fee_rate, reduction)
        rungs.append(rung)
    return tuple(rungs)


def liquidation_ladder(position: Isolated, tiers: Tiers, fee_rate: float,
                       reduction: Reduction = down_a_tier) -> tuple[Rung, ...]:
    """Return the marks at which each partial liquidation comes, from the first to the last."""
    rungs: list[Rung] = []
    while position.size > 0:
        mark = tiered_liquidation_price(position, tiers, rungs[-1].mark if rungs else None)
        if mark is None:
            break
        rung, position = _step(position, mark, tiers, fee_rate, reduction)
        rungs.append(rung)
    return tuple(rungs)


def _step(position: Isolated, mark: float, tiers: Tiers, fee_rate: float, reduction: Reduction
          ) -> tuple[Rung, Isolated]:
    left = min(reduction(position, mark, tiers), position.size)
    after = position.reduced(left, mark, fee_rate)
    fee = fee_rate * (position.size - after.size) * mark
    return Rung(_band(position, mark, tiers), mark, position.size, after.size, fee,
                after.equity(mark)), after


def _band(position: Isolated, mark: float, tiers: Tiers) -> int:
    """Return the band of a position; one at the very start of a band stands in the one below."""
    notional = position.size * mark
    band = tiers.band(money(notional))
    at_start = band and math.isclose(notional, float(tiers.floors[band]), rel_tol=CLOSED)
    return band - 1 if at_start else band


@dataclass(frozen=True, slots=True)
class LossShared:
    """Who bears a liquidated position's loss beyond its wallet."""

    from_fund: float
    fund_left: float
    deleveraged: float


def shared_loss(equity: float, fund: float, fees: float = 0.0) -> LossShared:
    """Return what the insurance fund pays of a negative equity, and what is left to deleverage.

    The liquidation's own fees are in the fund before it pays.
    """
    short, available = max(0.0, -equity), fund + fees
    paid = min(short, available)
    return LossShared(paid, available - paid, short - paid)


def deleveraging_score(profit_share: float, leverage: float) -> float:
    """Return a holder's place in the queue: unrealised profit share x leverage, profits first."""
    return profit_share * leverage if profit_share > 0 else profit_share / leverage


def deleveraging_queue(scores: Sequence[float]) -> tuple[int, ...]:
    """Return holders in the order they are closed: highest score first, then as listed."""
    return tuple(sorted(range(len(scores)), key=lambda place: (-scores[place], place)))


def deleveraged(size: float, held: Sequence[float], queue: Sequence[int]) -> tuple[float, ...]:
    """Return what each opposite holder loses of its position until `size` is taken over.

    Holders without a position are never drawn on.
    """
    taken = [0.0] * len(held)
    for place in queue:
        taken[place] = min(held[place], max(0.0, size - sum(taken)))
    return tuple(taken)
