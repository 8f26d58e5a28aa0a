"""Market values at which an account of one kind of stock meets a maintenance call."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import dollars, per_cent


def long_trigger_value(debit: Decimal, rule: Edition) -> Explained:
    """Return the long market value at which equity equals (c)(1): debit / (1 - fraction)."""
    rate = rule["long_margin_equity_fraction"]
    return Explained(
        "Long market value at the maintenance call", debit / (1 - rate.value), rate.cite,
        (("debit balance", dollars(debit)), ("maintenance", per_cent(rate.value))))


def short_trigger_value(credit: Decimal, rule: Edition) -> Explained:
    """Return the short market value at which equity equals (c)(3): credit / (1 + fraction)."""
    rate = rule["short_fraction"]
    return Explained(
        "Short market value at the maintenance call", credit / (1 + rate.value), rate.cite,
        (("credit balance", dollars(credit)), ("maintenance", per_cent(rate.value))))
