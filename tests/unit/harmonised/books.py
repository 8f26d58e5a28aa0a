"""Small books for the tests of designs, built without files."""

from datetime import date
from decimal import Decimal

import numpy as np

from workstation.base.explain import leaf
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook, resolve
from workstation.harmonised.design import Design, shipped
from workstation.harmonised.engine import Assessment, assess
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms, PerpetualTerms
from workstation.market.history import History
from workstation.market.market import Market, Underlying
from workstation.measures.requirement import AccountMargin, Margin, summed
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import Volatilities

AS_OF = date(2026, 3, 2)
D = Decimal


def underlying(symbol: str, price: str, kind: str = "equity", **more: object) -> Underlying:
    return Underlying(symbol, D(price), underlying_class=UnderlyingClass(kind), **more)


PRICES = (
    underlying("SPX", "5000", "broad_index_high_cap", iv=D("0.2")),
    underlying("SPY", "500", "broad_index_high_cap", iv=D("0.2"), adv=D(70_000_000),
               annual_volatility=D("0.2")),
    underlying("QQQ", "400", "broad_index"),
    underlying("IWM", "200", "broad_index"),
    underlying("AAPL", "200", sector="Technology", adv=D(1000), annual_volatility=D("0.3")),
    underlying("MSFT", "400", sector="Technology"),
    underlying("IBIT", "50", "crypto"),
    underlying("BTC", "90000", "crypto"),
    underlying("ETH", "3000", "crypto"),
)


def market(history: History | None = None) -> Market:
    return Market({row.symbol: row for row in PRICES}, history=history or History())


def account(account_id: str, kind: str = "portfolio_margin", **more: str) -> Account:
    return Account(account_id, AccountType(kind), **more)


def stock(account_id: str, symbol: str, quantity: float, kind: str = "equity") -> Position:
    price = next((row.price for row in PRICES if row.symbol == symbol), D(100))
    instrument = Instrument(symbol, AssetClass(kind), symbol)
    return Position(account_id, instrument, D(str(quantity)), price, f"{account_id}!{symbol}")


def future(account_id: str, product: str, under: str, quantity: float, multiplier: int,
           price: str) -> Position:
    instrument = Instrument(product, AssetClass.FUTURE, under, multiplier=D(multiplier),
                            terms=FutureTerms(product, date(2026, 6, 19)))
    return Position(account_id, instrument, D(str(quantity)), D(price), f"{account_id}!{product}")


def perpetual(account_id: str, under: str, quantity: float, price: str) -> Position:
    instrument = Instrument(f"{under}-PERPETUAL", AssetClass.PERPETUAL, under,
                            terms=PerpetualTerms())
    return Position(account_id, instrument, D(str(quantity)), D(price), f"{account_id}!{under}P")


def option(account_id: str, under: str, right: str, strike: str, quantity: float,
           price: str) -> Position:
    terms = OptionTerms(right, D(strike), date(2026, 4, 17), "european")
    instrument = Instrument(f"{under} {strike}{right}", AssetClass.LISTED_OPTION, under,
                            multiplier=D(100), terms=terms)
    return Position(account_id, instrument, D(str(quantity)), D(price),
                    f"{account_id}!{under}{strike}{right}")


def book(positions: list[Position], accounts: list[Account] | None = None,
         history: History | None = None) -> Book:
    ids = sorted({p.account_id for p in positions})
    return Book("test", AS_OF, tuple(accounts or [account(i) for i in ids]), tuple(positions),
                market(history))


def flat_volatility(holdings: ResolvedBook, level: float = 0.2) -> Volatilities:
    options = np.array([p.instrument.option is not None for p in holdings.positions])
    return Volatilities(np.where(options, level, 0.0), (None,) * len(holdings))


def silos(of: Book, rate: str = "0.15") -> Margin:
    """Each account at a plain share of gross market value: any silo answer serves."""
    accounts = []
    for entry in of.accounts:
        value = sum((abs(p.value) for p in of.of_account(entry.account_id)), D(0))
        amount = leaf(f"Account {entry.account_id}", value * D(rate))
        accounts.append(AccountMargin(entry.account_id, "test", "USD", amount, amount,
                                      amount.amount, amount.amount))
    return summed("silos", "USD", tuple(accounts))


def assessed(of: Book, design: Design | str = "single-account-scan",
             today: Margin | None = None) -> Assessment:
    chosen = shipped()[design] if isinstance(design, str) else design
    holdings = resolve(of)
    return assess(chosen, of, holdings, flat_volatility(holdings), today or silos(of),
                  RuleSet(of.as_of))


def history(columns: dict[str, list[float]], start: date = date(2024, 1, 1)) -> History:
    length = len(next(iter(columns.values())))
    days = tuple(date.fromordinal(start.toordinal() + i) for i in range(length))
    return History(days, tuple(columns), tuple(tuple(values) for values in columns.values()))


def correlated(rho: dict[str, float], count: int = 600, seed: int = 7) -> History:
    """Levels of factors with the given correlation to a common driver, exactly reproducible."""
    random = np.random.default_rng(seed)
    driver = random.standard_normal(count)
    columns = {}
    for name, weight in rho.items():
        own = random.standard_normal(count)
        returns = 0.01 * (weight * driver + np.sqrt(1 - weight**2) * own)
        columns[name] = list(100 * np.exp(np.cumsum(returns)))
    return history(columns)
