"""Two classic models of deleveraging: linear leverage targeting, and selling above a threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class BalanceSheets:
    """Holders (n) of assets (k): total assets, equity, weights (n, k) whose rows sum to 1."""

    assets: Floats
    equity: Floats
    weights: Floats

    @property
    def debt_to_equity(self) -> Floats:
        """Leverage of each holder, debt over equity."""
        return (self.assets - self.equity) / self.equity


@dataclass(frozen=True, slots=True)
class Targeting:
    """What one round of leverage targeting costs, and to whom."""

    direct_loss: Floats
    sales: Floats
    price_drop: Floats
    second_loss: Floats
    aggregate_vulnerability: float
    systemicness: Floats
    indirect_vulnerability: Floats


def leverage_targeting(sheets: BalanceSheets, illiquidity: Floats, shock: Floats) -> Targeting:
    """Return losses when everyone sells back to its old leverage (Greenwood-Landier-Thesmar).

    L1 = A (M f); sales = M'(B L1); F2 = l sales; L2 = A (M F2); AV = sum L2 / sum E

    Parameters
    ----------
    sheets
        Holders before the shock.
    illiquidity
        Relative price fall per unit of money sold, by asset.
    shock
        Relative losses by asset, positive.
    """
    weights, leverage = sheets.weights, sheets.debt_to_equity
    direct = sheets.assets * (weights @ shock)
    sales = weights.T @ (leverage * direct)
    drop = illiquidity * sales
    second = sheets.assets * (weights @ drop)
    own = float(np.sum(sheets.equity))
    spill = weights @ (illiquidity * (weights.T @ sheets.assets))
    return Targeting(direct, sales, drop, second, float(np.sum(second)) / own,
                     leverage * direct * spill / own, second / sheets.equity)


def targeting_on_holdings(sheets: BalanceSheets, illiquidity: Floats, shock: Floats) -> float:
    """Return aggregate vulnerability when sales come off the holdings left after the shock.

    The sold part bears half the price fall; for small shocks this tends to `leverage_targeting`.
    """
    held = sheets.assets[:, None] * sheets.weights * (1.0 - shock)
    direct = sheets.assets * (sheets.weights @ shock)
    wanted = sheets.debt_to_equity * direct
    sold = held / np.sum(held, axis=1, keepdims=True) * wanted[:, None]
    drop = illiquidity * np.sum(sold, axis=0)
    losses = (held - sold) @ drop + 0.5 * (sold @ drop)
    return float(np.sum(losses) / np.sum(sheets.equity))


@dataclass(frozen=True, slots=True)
class ThresholdBank:
    """One holder that sells only above a leverage limit, back to a lower one."""

    marketable: float
    illiquid: float
    equity: float
    limit: float
    target: float


@dataclass(frozen=True, slots=True)
class ThresholdRound:
    """One round: state before the sale, the sale, and equity after it (None without equity)."""

    price: float
    equity: float
    leverage: float | None
    share_sold: float
    sale: float
    impact: float
    equity_after: float


def threshold_rounds(bank: ThresholdBank, depth: float, shock: float, share: float,
                     floor: float | None = None) -> tuple[ThresholdRound, ...]:
    """Follow a bank through forced sales until it is below its limit or without equity.

    leverage = (P + I) / C; sold share = min(1, (P + I - target C) / P); the rest loses the impact,
    the sold part `share` of it (Cont-Schaanning). impact = sale / depth, at most 1; with a floor
    under the price (share of the price before the shock) it is
    (1 - B / S) (1 - exp(-sale / delta)), delta = (1 - B / S0) depth
    """
    price, held = 1.0 - shock, bank.marketable * (1.0 - shock)
    equity = bank.equity - bank.marketable * shock
    rounds: list[ThresholdRound] = []
    while len(rounds) < MOST_ROUNDS:
        leverage = (held + bank.illiquid) / equity if equity > 0 else None
        if leverage is None or leverage <= bank.limit or held <= 0:
            return (*rounds, ThresholdRound(price, equity, leverage, 0.0, 0.0, 0.0, equity))
        sold = min(1.0, (held + bank.illiquid - bank.target * equity) / held)
        sale = sold * held
        impact = _impact(sale, depth, price, floor)
        after = equity - (held - sale) * impact - share * impact * sale
        rounds.append(ThresholdRound(price, equity, leverage, sold, sale, impact, after))
        held, price, equity = (held - sale) * (1.0 - impact), price * (1.0 - impact), after
    return tuple(rounds)


def _impact(sale: float, depth: float, price: float, floor: float | None) -> float:
    if floor is None:
        return min(1.0, sale / depth)
    above = 1.0 - floor / price
    return max(above, 0.0) * -math.expm1(-sale / ((1.0 - floor) * depth))


def market_depth(adv: float, daily_volatility: float, horizon_days: float,
                 coefficient: float) -> float:
    """Depth of a market in money: c x ADV / sigma x sqrt(horizon)."""
    return coefficient * adv / daily_volatility * math.sqrt(horizon_days)
