"""Stablecoins, wrapped and staked tokens, tokenised securities: what they count for as collateral.

value = quantity x min(price at the venue, price on redemption) x (1 - haircut), 0 if ineligible
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.measures.tiers import Tiers

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Token:
    """A holding at one venue; `redeem_price` is what its issuer (or unstaking) would pay, in time.

    `mobile` says whether it can be moved at all now; `settlement_lag` is in days.
    """

    symbol: str
    venue: str
    quantity: Decimal
    venue_price: Decimal
    redeem_price: Decimal
    haircut: Decimal = ZERO
    eligible: bool = True
    mobile: bool = True
    settlement_lag: int = 0

    @property
    def counted_price(self) -> Decimal:
        """Return the lower of the venue's mark and what redemption brings."""
        return min(self.venue_price, self.redeem_price)

    @property
    def value(self) -> Decimal:
        """Return what it counts for as collateral."""
        if not self.eligible:
            return ZERO
        return self.quantity * self.counted_price * (1 - self.haircut)

    @property
    def wrapper_discount(self) -> Decimal:
        """Return how far the venue marks it below redemption, as a share; never below zero."""
        if self.redeem_price <= 0:
            return ZERO
        return max(ZERO, 1 - self.venue_price / self.redeem_price)


def venue_local_depeg(tokens: Sequence[Token], venue: str, symbol: str, price: Decimal
                      ) -> tuple[Token, ...]:
    """Return the tokens with one venue's mark of one token moved; other venues keep theirs."""
    return tuple(
        replace(token, venue_price=price) if (token.venue, token.symbol) == (venue, symbol)
        else token for token in tokens)


def movable_value(tokens: Sequence[Token], within_days: int) -> Decimal:
    """Return the value that can be brought elsewhere in time; a halted coin counts nothing."""
    return sum((token.value for token in tokens
                if token.mobile and token.settlement_lag <= within_days), ZERO)


def tiered_value(market_value: Decimal, ratios: Tiers) -> Decimal:
    """Return a holding's counted value where the ratio falls with size; debts count whole."""
    return market_value if market_value < 0 else ratios.amount(market_value)


def capped_value(value: Decimal, account_cap: Decimal | None, ecosystem_room: Decimal | None
                 ) -> Decimal:
    """Return value within the account's cap and what the whole venue still takes; the rest is 0."""
    caps = [cap for cap in (account_cap, ecosystem_room) if cap is not None]
    return max(ZERO, min([value, *caps])) if value > 0 else value
