"""Check price units against the market value the file states."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.instruments.instrument import Instrument

TOLERANCE = Decimal("0.01")
LEAST_PERCENT = Decimal(2)
"""A bond below this percentage of par is more likely quoted as a fraction of it."""
MOST_PERCENT = Decimal(300)
"""A bond above this percentage of par is more likely quoted in money."""
_FACTORS = ((Decimal("0.01"), "0.01"), (Decimal(100), "100"), (Decimal(1) / 32, "1/32"),
            (Decimal(10), "10"), (Decimal(1000), "1000"))
DAILY_SETTLED = frozenset({AssetClass.FUTURE, AssetClass.SECURITY_FUTURE, AssetClass.PERPETUAL,
                            AssetClass.CRYPTO_OPTION, AssetClass.FX_FORWARD})


def price_unit_remark(instrument: Instrument, quantity: Decimal, price: Decimal | None,
                      stated: Decimal | None) -> tuple[str, str] | None:
    """Compare quantity x price x multiplier with the stated market value, within 1 %.

    Contracts settled daily are not compared: files state their value as nil, gain or notional.
    """
    if price is None:
        return None
    if instrument.bond is not None and Decimal(0) < price < LEAST_PERCENT:
        return (f"{instrument.symbol}: price {price} looks like a fraction of par",
                "give bond prices in percent of par")
    if instrument.bond is not None and price > MOST_PERCENT:
        return (f"{instrument.symbol}: price {price} looks like money per bond",
                "give bond prices in percent of par, and the quantity in par value")
    if not stated or instrument.asset_class in DAILY_SETTLED:
        return None
    value = quantity * price * instrument.multiplier
    if near(value, stated):
        return None
    for factor, name in _FACTORS:
        if near(value * factor, stated):
            return (f"{instrument.symbol}: quantity x price x multiplier is {value:,.2f}, the "
                    f"stated market value {stated:,.2f}",
                    f"check the price unit: a factor of {name} would agree")
    return (f"{instrument.symbol}: quantity x price x multiplier is {value:,.2f}, the stated "
            f"market value {stated:,.2f}", "check price, multiplier and currency")


def near(value: Decimal, stated: Decimal) -> bool:
    """Say whether a value is the stated one, but for its sign, within 1 %."""
    return abs(abs(value) - abs(stated)) <= TOLERANCE * abs(stated)
