"""Made books with accounts, for the dynamic cascade."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from workstation.base.explain import Citation, leaf
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.cascade.ground import lay_out
from workstation.collateral import pool
from workstation.instruments.instrument import Instrument
from workstation.market.market import Market, Underlying
from workstation.measures.requirement import AccountMargin, summed
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter

TODAY = date(2026, 11, 20)
MARKET = Market({
    symbol: Underlying(symbol, Decimal(price), adv=Decimal(adv), annual_volatility=Decimal(sigma))
    for symbol, price, adv, sigma in (
        ("AAA", "100", "40000", "0.24"), ("BBB", "1000", "3000", "0.60"),
        ("BTC", "50000", "200", "0.60"))
})


def account(name, cash, firm="North", kind=AccountType.REG_T):
    return Account(name, kind, firm=firm, cash=Decimal(cash))


def share(where, symbol, quantity):
    price = MARKET.underlyings[symbol].price
    return Position(where, Instrument(symbol, AssetClass.EQUITY, symbol), Decimal(quantity), price,
                    f"Positions!{where}{symbol}")


def silos_of(required, regime="reg-t"):
    return summed("silos", "USD", tuple(
        AccountMargin(name, regime, "USD", leaf("initial", Decimal(amount)),
                      leaf("maintenance", Decimal(amount)), Decimal(amount), Decimal(amount))
        for name, amount in required.items()))


def overlaid(**values):
    cite = Citation("Liquidation cascade", "", "test")
    parameters = {name: Parameter(name, Decimal(str(value)), "", cite)
                  for name, value in values.items()}
    return RuleSet(TODAY, (Edition("Liquidation cascade", "test", TODAY, "test", parameters,
                                   Path("test")),))


def ground_of(accounts, positions, required, lots=(), agents=(), rules=None, market=MARKET,
              regime="reg-t"):
    rules = rules or RuleSet(TODAY)
    book = Book("test", TODAY, accounts=tuple(accounts), positions=tuple(positions),
                market=market, lots=tuple(lots), agents=tuple(agents))
    holdings = resolve(book)
    silos = silos_of(required, regime)
    return book, holdings, lay_out(book, holdings, silos, pool.report(book, rules), rules)
