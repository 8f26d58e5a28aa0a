"""Small resolved books for pricing tests."""

from datetime import date, timedelta
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms, PerpetualTerms
from workstation.market.market import Market, Underlying

TODAY = date(2026, 11, 20)


def option(price, *, strike=100, right="C", days=91, style="european", row=1, quantity=1,
           asset_class=AssetClass.LISTED_OPTION, underlying="XYZ"):
    terms = OptionTerms(right, Decimal(str(strike)), TODAY + timedelta(days), style)
    instrument = Instrument(f"{underlying} {strike}{right}", asset_class, underlying,
                            multiplier=Decimal(100), terms=terms)
    paid = None if price is None else Decimal(str(price))
    return Position("A1", instrument, Decimal(quantity), paid, f"Positions!A{row}")


def stock(price=100, quantity=10, row=1):
    instrument = Instrument("XYZ", AssetClass.EQUITY, "XYZ")
    return Position("A1", instrument, Decimal(quantity), Decimal(price), f"Positions!A{row}")


def inverse_perpetual(contracts=1000):
    instrument = Instrument("BTC-PERPETUAL", AssetClass.PERPETUAL, "XYZ",
                            terms=PerpetualTerms("inverse", "BTC"))
    return Position("A1", instrument, Decimal(contracts), Decimal(100), "Positions!A9")


def resolved(*positions, iv="0.25", rate="0.04", dividend_yield="0.01", spot=100):
    def decimal(text):
        return None if text is None else Decimal(text)

    row = Underlying("XYZ", Decimal(spot), iv=decimal(iv), rate=decimal(rate),
                     dividend_yield=decimal(dividend_yield))
    return resolve(Book("test", TODAY, positions=positions, market=Market({"XYZ": row})))
