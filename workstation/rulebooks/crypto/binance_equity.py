"""Portfolio margin by adjusted equity over maintenance margin (exact arithmetic).

uniMMR = sum of adjusted equity / sum of maintenance margin, both in dollars
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from workstation.measures.tiers import Tiers

ZERO = Decimal(0)


def adjusted_equity(quantity: Decimal, price: Decimal, ratio: Decimal) -> Decimal:
    """Return min(N P c, N P): a debt is not haircut, a holding is."""
    value = quantity * price
    return min(value * ratio, value)


def net_balances(*ledgers: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Add signed ledgers (assets, wallets, profits, loans as negatives) by asset."""
    found: dict[str, Decimal] = {}
    for ledger in ledgers:
        for asset, amount in ledger.items():
            found[asset] = found.get(asset, ZERO) + amount
    return found


def owed(loans: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return loans as a ledger of negatives."""
    return {asset: -amount for asset, amount in loans.items()}


def linear_maintenance(size: Decimal, mark: Decimal, tiers: Tiers) -> Decimal:
    """Return |size| x mark x rate - deduction, in the quote currency."""
    return tiers.amount(size * mark)


def inverse_maintenance(contracts_usd: Decimal, mark: Decimal, tiers: Tiers) -> Decimal:
    """Return maintenance in the coin: tiers on contracts / mark, which is the size in coin."""
    return tiers.amount(contracts_usd / mark)


def loan_maintenance(loans: Mapping[str, Decimal], rate: Decimal) -> dict[str, Decimal]:
    """Return each loan x rate, in its own asset."""
    return {asset: amount * rate for asset, amount in loans.items()}


def uni_mmr(equity: Iterable[Decimal], maintenance: Iterable[Decimal]) -> Decimal | None:
    """Return adjusted equity over maintenance margin; None where nothing needs margin."""
    needed = sum(maintenance, ZERO)
    return sum(equity, ZERO) / needed if needed else None
