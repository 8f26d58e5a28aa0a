"""Scan risk, the risks derived from it, and the price risk of one delta."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.rulebooks.span.commodity import Commodity, Tier
from workstation.rulebooks.span.contracts import SCENARIOS
from workstation.rulebooks.span.holdings import Held
from workstation.rulebooks.span.rounding import Conventions

ZERO, HALF = Decimal(0), Decimal("0.5")
EXTREME = 15
"""From this scenario on the move is extreme and a scenario pairs with itself."""
CAPPED, RANGE_ONLY = 2, 3


@dataclass(frozen=True, slots=True)
class TierScan:
    """The 16 losses of one scanning tier (0: the whole commodity) and what follows from them."""

    tier: int
    losses: tuple[Decimal, ...]
    active: int
    scan_risk: Decimal
    time_risk: Decimal
    volatility_risk: Decimal
    held: tuple[Held, ...] = ()

    @property
    def price_risk(self) -> Decimal:
        """Return the futures price risk."""
        return max(self.scan_risk - self.time_risk - self.volatility_risk, ZERO)


def losses_of(held: Iterable[Held]) -> tuple[Decimal, ...]:
    """Return the loss of some positions in each scenario: sum of contracts x array."""
    totals = [ZERO] * SCENARIOS
    for item in held:
        for scenario, loss in enumerate(item.losses):
            totals[scenario] += item.quantity * loss
    return tuple(totals)


def paired(scenario: int) -> int:
    """Return the scenario of the same price move and the other volatility; 15, 16 themselves."""
    if scenario >= EXTREME:
        return scenario
    return scenario + 1 if scenario % 2 else scenario - 1


def scanned(tier: int, losses: tuple[Decimal, ...], conventions: Conventions,
            held: tuple[Held, ...] = ()) -> TierScan:
    """Find the worst scenario, the lowest number on a tie, and split its loss.

    scan = max(0, worst); time = (RA1 + RA2) / 2; volatility = (scan - RA pair) / 2,
    or (RA1 - RA2) / 2 where every scenario gains
    """
    worst = max(losses)
    active = losses.index(worst) + 1
    time = conventions.money((losses[0] + losses[1]) * HALF)
    if worst < 0:
        volatility = conventions.money((losses[0] - losses[1]) * HALF)
        return TierScan(tier, losses, active, ZERO, time, volatility, held)
    volatility = conventions.money((worst - losses[paired(active) - 1]) * HALF)
    return TierScan(tier, losses, active, worst, time, volatility, held)


def scan_by_tier(commodity: Commodity, held: Sequence[Held], conventions: Conventions
                 ) -> tuple[TierScan, ...]:
    """Scan each scanning tier apart, or the whole commodity where the file has none."""
    if not commodity.scan_tiers:
        return (scanned(0, losses_of(held), conventions, tuple(held)),)
    found = []
    left = list(held)
    for tier in commodity.scan_tiers:
        inside = [item for item in left if tier.covers(item.month)]
        left = [item for item in left if not tier.covers(item.month)]
        if inside:
            found.append(scanned(tier.number, losses_of(inside), conventions, tuple(inside)))
    if left:
        found.append(scanned(0, losses_of(left), conventions, tuple(left)))
    return tuple(found)


def weighted_price_risk(commodity: Commodity, price_risk: Decimal, net_delta: Decimal,
                        held: Sequence[Held], conventions: Conventions) -> Decimal:
    """Return the futures price risk of one delta.

    1 normal: FPR / |net delta|; 2 capped by price scan range / scaling of the nearest month;
    3 that range itself
    """
    if not price_risk or not net_delta:
        return ZERO
    normal = price_risk / abs(net_delta)
    scan_range = _nearest_range(held)
    if commodity.price_risk_method == RANGE_ONLY and scan_range is not None:
        return conventions.price_risk(scan_range)
    if commodity.price_risk_method == CAPPED and scan_range is not None:
        return conventions.price_risk(min(normal, scan_range))
    return conventions.price_risk(normal)


def _nearest_range(held: Sequence[Held]) -> Decimal | None:
    known = [item for item in held if item.series.price_scan]
    if not known:
        return None
    nearest = min(known, key=lambda item: (item.month, item.is_option, item.family.code))
    assert nearest.series.price_scan is not None
    return nearest.series.price_scan * nearest.to_commodity / (nearest.series.scaling or Decimal(1))


def tier_price_risk(commodity: Commodity, tier: Tier, held: Sequence[Held],
                    conventions: Conventions) -> Decimal:
    """Return the weighted futures price risk of one tier alone."""
    inside = [item for item in held if tier.covers(item.month)]
    if not inside:
        return ZERO
    scan = scanned(tier.number, losses_of(inside), conventions)
    delta = conventions.delta(sum((item.net_delta for item in inside), ZERO))
    return weighted_price_risk(commodity, scan.price_risk, delta, inside, conventions)
