"""What stands behind a venue account's contracts, and the mark at which it no longer suffices.

The explanation of the margin and the liquidation ladder both read their prices here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workstation.base.money import accounting
from workstation.measures.liquidation import Isolated, maintenance, tiered_liquidation_price
from workstation.measures.tiers import Tiers
from workstation.rulebooks.crypto.venue_account import Contract

Inputs = tuple[tuple[str, str], ...]
ZERO, ONE = Decimal(0), Decimal(1)
ASSUMED = ("collateral in the coin and the coin's other contracts move with it; every other "
           "price and margin as today")


@dataclass(frozen=True, slots=True)
class Backing:
    """Equity as the venue counts it, in the reporting currency, and when the venue closes.

    Liquidated once equity < level x (maintenance of contracts + `aside`). `coins` are the coins
    of each name inside `equity`, after haircuts: their worth moves with the coin's mark.
    """

    equity: Decimal
    level: Decimal = ONE
    aside: Decimal = ZERO
    coins: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Charged:
    """A contract with its tiers of maintenance margin and the amount, in reporting currency."""

    contract: Contract
    tiers: Tiers
    amount: Decimal


def backed(one: Charged, charges: Sequence[Charged], backing: Backing, dollar: Decimal
           ) -> tuple[Isolated, Tiers]:
    """Return one linear contract with all that stands behind it, in dollars, and its tiers."""
    contract = one.contract
    others = [c for c in charges if c is not one]
    beside = backing.coins.get(contract.coin, ZERO) + sum(
        (c.contract.coins for c in others if c.contract.coin == contract.coin), ZERO)
    kept = backing.level * (backing.aside + sum((c.amount for c in others), ZERO))
    position = Isolated(
        contract.side, float(abs(contract.coins)), float(contract.mark / dollar),
        float(backing.equity / dollar), float(beside), float(kept / dollar))
    return position, one.tiers.scaled(backing.level)


def is_liquidated(position: Isolated, tiers: Tiers) -> bool:
    """Say whether equity is short of what the venue asks already at today's mark."""
    return position.equity(position.entry) < maintenance(position, position.entry, tiers)


def liquidation_inputs(one: Charged, charges: Sequence[Charged], backing: Backing,
                       dollar: Decimal) -> Inputs:
    """Return the mark at which the account is liquidated, and what it assumes, as inputs shown."""
    if not backing.equity:
        return (("liquidation price", "no equity in the file"),)
    if one.contract.inverse:
        return (("liquidation price", "not shown: settled in the coin, which is its own "
                 "collateral"),)
    position, tiers = backed(one, charges, backing, dollar)
    if is_liquidated(position, tiers):
        return (("liquidation price", f"{accounting(one.contract.mark, 2)}, at once"),)
    price = tiered_liquidation_price(position, tiers)
    if price is None or not math.isfinite(price):
        return (("liquidation price", "none"),)
    return (("liquidation price", accounting(price * float(dollar), 2)), ("assumes", ASSUMED))
