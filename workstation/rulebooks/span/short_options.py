"""The short option minimum, a floor under the risk of one commodity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from workstation.rulebooks.span.commodity import Commodity
from workstation.rulebooks.span.holdings import Held

ZERO = Decimal(0)


def short_option_minimum(commodity: Commodity, held: Sequence[Held]) -> Decimal:
    """Return rate x delta scaling factor x short options, tier by tier where the file has tiers.

    Calls and puts are added, or the larger counts where the file says maximum.
    """
    total = ZERO
    left = [item for item in held if item.is_option and item.quantity < 0]
    for tier in commodity.short_option_tiers:
        inside = [item for item in left if tier.covers(item.month)]
        left = [item for item in left if not tier.covers(item.month)]
        rate = commodity.short_option_rate if tier.rate is None else tier.rate
        total += _minimum(commodity, inside, rate)
    return total + _minimum(commodity, left, commodity.short_option_rate)


def _minimum(commodity: Commodity, short: Iterable[Held], rate: Decimal) -> Decimal:
    counts = {"C": ZERO, "P": ZERO}
    for item in short:
        counts[item.position.right] += -item.quantity * item.series.scaling
    number = max(counts.values()) if commodity.short_option_maximum else sum(
        counts.values(), ZERO)
    return number * rate
