"""FINRA 4210(d): what the firm asks for above the rule, as lines of their own.

House percentages are an overlay edition that replaces the rule's numbers; this module adds what
the rule has no number for.
"""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, total
from workstation.base.vocabulary import AssetClass
from workstation.book.resolve import ResolvedBook
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import charge, dollars, per_cent

ZERO = Decimal(0)
_NO_CONCENTRATION = frozenset({
    AssetClass.TREASURY, AssetClass.AGENCY, AssetClass.MONEY_MARKET_FUND, AssetClass.CASH})


def d_concentration(holdings: ResolvedBook, rule: Edition) -> Explained | None:
    """Return the house charge on concentrated underlyings; None where there is none.

    charge = fraction * (market value in one underlying - threshold * gross market value)
    """
    rate, threshold = rule["house_concentration_charge"], rule["house_concentration_threshold"]
    if not rate.value:
        return None
    held = shares_of_account(holdings)
    gross = sum(held.values(), ZERO)
    most = threshold.value * gross
    parts = [charge(f"{name}: above the threshold", rate, value - most,
                    (("market value", dollars(value)), ("gross market value", dollars(gross)),
                     ("threshold", per_cent(threshold.value))))
             for name, value in sorted(held.items()) if value > most]
    return total("house: concentration", *parts, cite=rate.cite) if parts else None


def shares_of_account(holdings: ResolvedBook) -> dict[str, Decimal]:
    """Return the gross market value in every underlying that can be concentrated."""
    held: dict[str, Decimal] = {}
    for position in holdings.positions:
        if position.instrument.asset_class not in _NO_CONCENTRATION:
            value = abs(position.value) * (
                holdings.market.fx_rate(position.instrument.currency) or ZERO)
            name = position.instrument.underlying
            held[name] = held.get(name, ZERO) + value
    return held


def with_house(node: Explained, holdings: ResolvedBook, rule: Edition) -> Explained:
    """Return a requirement with the house's own lines under it."""
    house = d_concentration(holdings, rule)
    return node if house is None else total(f"{node.label}, house charges included", node, house)
