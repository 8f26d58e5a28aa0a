"""Regulatory haircuts, the threshold and the minimum transfer amount of an initial-margin call."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workstation.parameters.store import Edition

PERCENT = Decimal(100)


def haircut_percent(asset: str, edition: Edition, *, currency_mismatch: bool = False) -> Decimal:
    """Return the haircut of an asset class in percent; raises KeyError for an unknown one.

    A currency that the agreement does not permit adds its points to the haircut.
    """
    table = {str(row["asset"]): Decimal(row["percent"]) for row in edition["haircut_percent"].rows}
    extra = edition["currency_mismatch_percent"].value if currency_mismatch else Decimal(0)
    return table[asset] + extra


def value_after_haircut(market_value: Decimal, percent: Decimal) -> Decimal:
    """Return what collateral counts for: market value * (1 - haircut)."""
    return market_value * (1 - percent / PERCENT)


def fund_haircut_percent(weights: Sequence[Decimal], percents: Sequence[Decimal]) -> Decimal:
    """Return a fund's haircut: the average of its assets' at the end of the prior month."""
    weighted = sum((w * p for w, p in zip(weights, percents, strict=True)), Decimal(0))
    return weighted / sum(weights, Decimal(0))


def margin_transfer(required: Decimal, held: Decimal, variation_due: Decimal, *,
                    threshold: Decimal, minimum_transfer: Decimal) -> Decimal:
    """Return the initial margin to move; a return is negative.

    due = max(0, required - threshold) - held, moved only when it reaches, together with the
    variation margin due, the minimum transfer amount (at exactly the minimum it moves).
    """
    due = max(Decimal(0), required - threshold) - held
    return due if abs(due + variation_due) >= minimum_transfer else Decimal(0)
