"""Small crypto accounts for rule tests."""

from datetime import date, timedelta
from decimal import Decimal

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms, PerpetualTerms
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet

TODAY = date(2026, 11, 20)
RULES = RuleSet(TODAY)
SPOTS = {"BTC": 100_000, "ETH": 2_400, "SOL": 150, "HYPE": 30}


def decimal(number):
    return None if number is None else Decimal(str(number))


def held(symbol, asset_class, quantity, price, *, underlying="", terms=None, currency="USD",
         where=""):
    instrument = Instrument(symbol, asset_class, underlying or symbol, currency, terms=terms)
    return Position("A1", instrument, decimal(quantity), decimal(price),
                    where or f"Positions!{symbol}")


def perpetual(quantity, price, underlying="BTC", settlement="linear", coin="USD"):
    return held(f"{underlying}-PERP", AssetClass.PERPETUAL, quantity, price,
                underlying=underlying, terms=PerpetualTerms(settlement, coin))


def contract(symbol, quantity, price, underlying="BTC", settlement="linear", coin="USDC"):
    """A perpetual or dated future by its own symbol."""
    return held(symbol, AssetClass.PERPETUAL, quantity, price, underlying=underlying,
                terms=PerpetualTerms(settlement, coin))


def option(quantity, price, strike=110_000, right="C", days=30, underlying="BTC", coin="",
           style="european"):
    terms = OptionTerms(right, Decimal(strike), TODAY + timedelta(days), style,
                        settlement_currency=coin)
    return held(f"{underlying}-{days}-{strike}-{right}", AssetClass.CRYPTO_OPTION, quantity,
                price, underlying=underlying, terms=terms)


def coin(quantity, price=100_000, symbol="BTC"):
    return held(symbol, AssetClass.CRYPTO, quantity, price)


def stablecoin(quantity, price=1, symbol="USDC"):
    return held(symbol, AssetClass.STABLECOIN, quantity, price)


def margined(rulebook, *positions, account_type=AccountType.CRYPTO_VENUE, iv=None, rate="0.05",
             rules=RULES, reporting="USD", fx=None, cash=0, other_cash=(), programme="",
             prices=None, adv=None):
    account = Account("A1", account_type, venue="derive", cash=decimal(cash), programme=programme,
                      other_cash=other_cash)
    rows = {symbol: Underlying(symbol, decimal(spot), iv=decimal(iv), rate=decimal(rate),
                               adv=decimal(adv))
            for symbol, spot in {**SPOTS, **(prices or {})}.items()}
    market = Market(rows, currency=reporting, fx=fx or {})
    book = Book("test", TODAY, (account,), positions, market=market)
    return rulebook.margin(account, resolve(book), rules)


def labels(tree):
    return [node.label for _, node in tree.walk()]


def node(tree, start):
    """Return the first node of a tree whose label starts so."""
    return next(found for _, found in tree.walk() if found.label.startswith(start))
