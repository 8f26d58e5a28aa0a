"""The scenario grid of one underlying, from holdings to margin (pure arithmetic, float64).

net margin = factor x min(worst scenario, basis) - contingencies + mark-to-market + cash
requirement = mark-to-market + cash - net margin
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workstation.book.resolve import Floats
from workstation.rulebooks.crypto.contingencies import Contingency, contingencies
from workstation.rulebooks.crypto.holdings import Holdings
from workstation.rulebooks.crypto.pack import Pack
from workstation.rulebooks.crypto.valuation import Revaluation, discounted, revalue

SAME = 1e-9  # relative: profits closer than this are equal, and the first of equals binds


@dataclass(frozen=True, slots=True)
class GridMargin:
    """Every scenario's profit, split by what earns it, and the margin that follows.

    `option_pnl[i, s]`, `collateral_pnl[c, s]` and `perpetual_pnl[s]` add up to `scenario_pnl[s]`;
    `option_basis[i]` adds up to `basis`. `worst` is None when the basis contingency is worst.
    """

    scenario_pnl: Floats
    option_pnl: Floats
    perpetual_pnl: Floats
    collateral_pnl: Floats
    option_basis: Floats
    basis: float
    worst: int | None
    contingencies: tuple[Contingency, ...]
    initial_factor: float
    maintenance_factor: float
    mark_to_market: float
    cash: float

    @property
    def worst_pnl(self) -> float:
        """Return the lesser of the worst scenario and the basis contingency."""
        return self.basis if self.worst is None else float(self.scenario_pnl[self.worst])

    @property
    def initial(self) -> float:
        """Return the initial requirement: loss times factor plus every contingency."""
        extra = sum(c.maintenance + c.initial_extra for c in self.contingencies)
        return extra - self.initial_factor * self.worst_pnl

    @property
    def maintenance(self) -> float:
        """Return the maintenance requirement."""
        extra = sum(c.maintenance for c in self.contingencies)
        return extra - self.maintenance_factor * self.worst_pnl

    @property
    def equity(self) -> float:
        """Return mark-to-market plus cash."""
        return self.mark_to_market + self.cash


def pmrm(holdings: Holdings, pack: Pack) -> GridMargin:
    """Margin the holdings of one underlying on the scenario grid."""
    values = revalue(holdings, pack)
    moves = np.array([s.spot_factor - 1.0 for s in pack.scenarios])
    damping = np.array([s.damping for s in pack.scenarios])
    option_pnl = _option_pnl(values, pack) * damping
    perpetual_pnl = holdings.perpetuals * holdings.perpetual_price * moves * damping
    worth = np.array([holdings.value_of(held) for held in holdings.collateral])
    cancelling = np.array([float(held.risk_cancelling) for held in holdings.collateral])
    collateral_pnl = (worth * cancelling)[:, None] * (moves * damping)
    scenario_pnl = option_pnl.sum(axis=0) + perpetual_pnl + collateral_pnl.sum(axis=0)
    option_basis = _option_basis(values, pack)
    basis, worst = float(option_basis.sum()), ranked(scenario_pnl)[0]
    charges = pack.charges
    below_peg = max(0.0, charges.peg_threshold - holdings.stable_price)
    return GridMargin(
        scenario_pnl, option_pnl, perpetual_pnl, collateral_pnl, option_basis, basis,
        None if basis < scenario_pnl[worst] else worst,
        contingencies(holdings, charges),
        charges.initial_factor + charges.peg_factor * below_peg, charges.maintenance_factor,
        float(values.mark.sum() + worth.sum()) + holdings.unrealised, holdings.cash)


def ranked(scenario_pnl: Floats) -> list[int]:
    """Return scenarios from the worst up; of equals (but for rounding) the first comes first."""
    step = SAME * max(1.0, float(np.max(np.abs(scenario_pnl), initial=0.0)))
    return [int(place) for place in np.argsort(np.round(scenario_pnl / step), kind="stable")]


def _option_pnl(values: Revaluation, pack: Pack) -> Floats:
    """Return each option's part of D V(shock) - V(mark); in a skew the expiry always loses."""
    by_expiry = values.by_expiry(values.shocked)
    factor = discounted(by_expiry, values.years, values.rates, pack.discounts)
    gains = factor * by_expiry - values.by_expiry(values.mark)[:, None]
    skew = np.array([s.volatility.is_skew for s in pack.scenarios])
    sign = np.where(skew & (gains > 0), -1.0, 1.0)
    shocked = factor[values.expiry] * values.shocked - values.mark[:, None]
    return np.asarray(sign[values.expiry] * shocked)


def _option_basis(values: Revaluation, pack: Pack) -> Floats:
    """Return each option's part of min(up, down, 0) x (add + multiplier T), per expiry."""
    gains = values.basis - values.mark[:, None]
    by_expiry = values.by_expiry(gains)
    direction = np.argmin(by_expiry, axis=1)
    loses = np.min(by_expiry, axis=1, initial=0.0) < 0
    scale = np.where(loses, pack.charges.basis_add
                     + pack.charges.basis_multiplier * values.years, 0.0)
    chosen = gains[np.arange(len(gains)), direction[values.expiry]]
    return np.asarray(chosen * scale[values.expiry])
