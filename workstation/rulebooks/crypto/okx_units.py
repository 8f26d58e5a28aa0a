"""Risk units: one underlying's components, scaled closing cost, and stablecoin hedges (exact).

MMR = max(max(MR1, MR2, MR6) + MR3 + MR4 + MR5, scaled MR7) + MR9; IMR = factor x MMR
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.measures.tiers import Tiers

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Leg:
    """A future or perpetual of a unit in dollars: signed index notional and mark notional."""

    name: str
    index_notional: Decimal
    mark_notional: Decimal
    quote: str


@dataclass(frozen=True, slots=True)
class UnitRates:
    """Constants of one underlying: spot moves, extreme move and share, basis and closing rates."""

    moves: tuple[Decimal, ...]
    extreme_move: Decimal
    extreme_share: Decimal
    basis_rate: Decimal
    closing_rate: Decimal


@dataclass(frozen=True, slots=True)
class RiskUnit:
    """The components of one underlying, closing cost before and after scaling.

    Futures and perpetuals have no time value, vega or rate risk: MR2, MR3 and MR5 are nil.
    """

    spot_vol: Decimal
    spot_move: Decimal
    extreme: Decimal
    basis: Decimal
    closing_raw: Decimal
    closing: Decimal
    depeg: Decimal = ZERO

    @property
    def shocks(self) -> Decimal:
        """Return the market-risk branch: worst of MR1 and MR6, plus MR4."""
        return max(self.spot_vol, self.extreme) + self.basis

    @property
    def maintenance(self) -> Decimal:
        """Return MMR of the unit."""
        return max(self.shocks, self.closing) + self.depeg


def risk_unit(legs: Sequence[Leg], rates: UnitRates, scale: Tiers,
              depeg: Decimal = ZERO) -> RiskUnit:
    """Return the components of one underlying; basis and closing cost are gross over legs."""
    net = sum((leg.index_notional for leg in legs), ZERO)
    gross = sum((abs(leg.mark_notional) for leg in legs), ZERO)
    move = max((side * size for size in rates.moves for side in (1, -1)),
               key=lambda shock: (-net * shock, -shock))
    extreme = rates.extreme_share * abs(net) * rates.extreme_move
    raw = gross * rates.closing_rate
    return RiskUnit(max(ZERO, -net * move), move, extreme, gross * rates.basis_rate, raw,
                    scale.amount(raw), depeg)


@dataclass(frozen=True, slots=True)
class QuoteHedge:
    """A long in one quote currency hedged by a short in another."""

    first: str
    second: str
    size: Decimal


def quote_hedges(legs: Iterable[Leg], order: Sequence[tuple[str, str]]) -> tuple[QuoteHedge, ...]:
    """Match opposite nets of two quote currencies, pair by pair in the venue's order."""
    nets: dict[str, Decimal] = {}
    for leg in legs:
        nets[leg.quote] = nets.get(leg.quote, ZERO) + leg.index_notional
    found = []
    for first, second in order:
        one, other = nets.get(first, ZERO), nets.get(second, ZERO)
        if one * other < 0:
            size = min(abs(one), abs(other))
            nets[first] -= size.copy_sign(one)
            nets[second] -= size.copy_sign(other)
            found.append(QuoteHedge(first, second, size))
    return tuple(found)


def borrowing(liabilities: Mapping[str, Decimal], rate: Decimal) -> Decimal:
    """Return the charge on what is owed: rate x value of the liabilities."""
    return rate * sum(liabilities.values(), ZERO)
