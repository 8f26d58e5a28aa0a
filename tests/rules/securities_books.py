"""Small securities books written in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import BondTerms, OptionTerms
from workstation.market.market import Market, Underlying
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import portfolio, strategy
from workstation.rulebooks.reg_t import initial

ON = date(2026, 6, 15)
EXPIRY = date(2026, 7, 17)
D = Decimal
ACCOUNT = Account("A1", AccountType.REG_T)


def stock(quantity, price, symbol="XYZ", kind=AssetClass.EQUITY, **more):
    return Position("A1", Instrument(symbol, kind, symbol), D(str(quantity)), D(str(price)), "",
                    **more)


def option(quantity, right, strike, price, expiry=EXPIRY, symbol="XYZ", style="american",
           multiplier=100):
    terms = OptionTerms(right, D(str(strike)), expiry, style)
    name = f"{symbol} {expiry} {strike} {right}"
    return Position("A1", Instrument(name, AssetClass.LISTED_OPTION, symbol,
                                     multiplier=D(multiplier), terms=terms),
                    D(str(quantity)), D(str(price)), "")


def bond(principal, price, maturity=date(2031, 6, 15), kind=AssetClass.TREASURY, coupon="0.04",
         rating="", symbol="BOND"):
    terms = BondTerms(maturity, None if coupon is None else D(coupon), rating)
    return Position("A1", Instrument(symbol, kind, symbol, multiplier=D("0.01"), terms=terms),
                    D(str(principal)), D(str(price)), "")


def other(kind, quantity=1, price=100, symbol="OTH"):
    return Position("A1", Instrument(symbol, kind, symbol), D(quantity), D(price), "")


def market(spot=100, symbol="XYZ", kind=UnderlyingClass.EQUITY, leverage=1, **more):
    return Underlying(symbol, D(str(spot)), underlying_class=kind, leverage=D(str(leverage)),
                      rate=D("0.04"), **more)


def book(positions: Iterable[Position], *rows: Underlying, on: date = ON) -> Book:
    from dataclasses import replace
    placed = tuple(replace(p, where=f"Positions!A{n}") for n, p in enumerate(positions, start=2))
    return Book("test", on, (ACCOUNT,), placed, Market({row.symbol: row for row in rows}))


def _answer(rulebook, positions, rows, on, overlays=()) -> AccountMargin:
    made = book(positions, *(rows or (market(),)), on=on)
    return rulebook(ACCOUNT, resolve(made).of_account("A1"), RuleSet(on, overlays))


def strategy_margin(*positions, rows=(), on=ON, overlays=()) -> AccountMargin:
    return _answer(strategy.margin, positions, rows, on, overlays)


def reg_t_margin(*positions, rows=(), on=ON) -> AccountMargin:
    return _answer(initial.margin, positions, rows, on)


def portfolio_margin(*positions, rows=(), on=ON) -> AccountMargin:
    return _answer(portfolio.margin, positions, rows, on)


def lines(node) -> str:
    """Write a tree as indented text: label, amount, citation, inputs."""
    def line(depth, n):
        shown = "; ".join(f"{name} {value}" for name, value in n.inputs)
        return f"{'  ' * depth}{n.label} = {n.amount:,.2f}  {n.cite or ''}  {shown}".rstrip()

    return "\n".join(line(depth, n) for depth, n in node.walk())
