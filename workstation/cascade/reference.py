"""Two classic models on the same book and shock, to set the simulation against.

Both see long holdings only and one round of sales into markets of linear depth; equity beyond its
holdings makes a participant unlevered. Their figures are anchors, not forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.cascade.deleveraging import (
    BalanceSheets,
    ThresholdBank,
    leverage_targeting,
    market_depth,
    threshold_rounds,
)
from workstation.cascade.ground import Ground
from workstation.cascade.participants import CLIENT
from workstation.cascade.played import NOTHING
from workstation.cascade.regimes import volatility
from workstation.cascade.result import Reference

Floats = NDArray[np.float64]
HORIZON = 1.0
"""Days over which depth is taken."""
SOLD_LOSES = 0.5
"""Share of the price fall that what is sold bears (Cont and Schaanning)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Holder:
    """One participant's long holdings (k,) in money, its equity, and the leverage it may have."""

    name: str
    long: Floats
    equity: float
    limit: float


def references(ground: Ground, shock: Floats) -> tuple[Reference, ...]:
    """Return each levered or unlevered holder under leverage targeting and a leverage limit.

    illiquidity = coefficient x daily volatility / daily volume in money; limit of the client:
    holdings over today's requirement
    """
    holders = [h for h in _holders(ground) if h.long.sum() > NOTHING and h.equity > NOTHING]
    if not holders:
        return ()
    long = np.array([h.long for h in holders])
    assets, equity = long.sum(axis=1), np.array([h.equity for h in holders])
    drop = _illiquidity(ground)
    found = leverage_targeting(
        BalanceSheets(assets, np.minimum(equity, assets), long / assets[:, None]), drop, -shock)
    scale = float(np.sum(np.minimum(equity, assets)) / np.sum(equity))
    return tuple(
        _reference(ground, h, shock, drop, float(found.direct_loss[i]), float(
            found.second_loss[i]), float(found.systemicness[i]) * scale)
        for i, h in enumerate(holders))


def _reference(ground: Ground, holder: _Holder, shock: Floats, drop: Floats, direct: float,
               second: float, systemicness: float) -> Reference:
    assets = float(holder.long.sum())
    shares = holder.long / assets
    bundle = float(shares**2 @ drop)  # how one unit of everything it holds moves its own value
    bank = ThresholdBank(assets, 0.0, holder.equity, holder.limit,
                         holder.limit / (1.0 + ground.value("margin_buffer")))
    rounds = threshold_rounds(bank, 1.0 / bundle if bundle > 0 else np.inf, direct / assets,
                              SOLD_LOSES)
    limit = holder.limit if holder.limit < np.inf else None
    return Reference(holder.name, money(direct), money(second), systemicness,
                     second / holder.equity, limit, sum(r.sale > 0 for r in rounds),
                     money(sum(r.sale for r in rounds)), money(rounds[-1].equity_after))


def _holders(ground: Ground) -> list[_Holder]:
    own = np.maximum(ground.columns(
        {e.factor: e.value for e in ground.client.participant.exposures}), 0.0)
    required = sum(a.requirement for a in ground.accounts if not a.exempt)
    client = _Holder(CLIENT, own, sum(a.equity for a in ground.accounts),
                     float(own.sum()) / required if required > 0 else np.inf)
    return [client, *(
        _Holder(row.name, np.maximum(ground.columns(row.exposures), 0.0), row.equity,
                row.gross / row.requirement if row.requirement > 0 else np.inf)
        for row in ground.agents)]


def _illiquidity(ground: Ground) -> Floats:
    """Return the relative price fall per unit of money sold (k,); 0 without impact."""
    coefficient = ground.value("impact_coefficient")
    return np.array([
        0.0 if coefficient <= 0 or f.adv <= 0 else
        1.0 / market_depth(f.adv * f.price, float(sigma), HORIZON, 1.0 / coefficient)
        for f, sigma in zip(ground.factors, volatility(ground), strict=True)])
