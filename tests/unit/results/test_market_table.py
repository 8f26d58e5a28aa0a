"""The market table: what the file prices, and what positions need that it lacks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.market.market import Market, Underlying, with_underlying
from workstation.results.market_table import BY_HAND, lacking, market_table

D = Decimal
PUT = OptionTerms("P", D(6600), date(2026, 12, 18), "european", "cash")


def held(row, symbol, kind, underlying, price="10", terms=None):
    return Position("PM-1", Instrument(symbol, kind, underlying, terms=terms), D(5),
                    None if price is None else D(price), f"Positions!A{row}")


def book():
    positions = (
        held(2, "SPX 261218P06600000", AssetClass.LISTED_OPTION, "SPX", "112.5", PUT),
        held(3, "SPX 261218P06600000", AssetClass.LISTED_OPTION, "SPX", "112.5", PUT),
        held(4, "AAPL", AssetClass.EQUITY, "AAPL"),
        held(5, "AAPL 261218P", AssetClass.LISTED_OPTION, "AAPL", None, PUT),
        held(6, "CLZ6", AssetClass.FUTURE, "WTI", "61", FutureTerms("CL", date(2026, 11, 20))),
        held(7, "912810TX6", AssetClass.TREASURY, "912810TX6"),
    )
    rows = (Underlying("AAPL", D("268.4"), where="Market!A2"),
            Underlying("NDX", D(24000), underlying_class=UnderlyingClass.BROAD_INDEX,
                       iv=D("0.21"), where="Market!A3"))
    return Book("Invented", date(2026, 11, 13), (Account("PM-1", AccountType.PORTFOLIO_MARGIN),),
                positions, Market({row.symbol: row for row in rows}))


def by_symbol(a_book):
    return {row.symbol: row for row in market_table(a_book).rows}


def test_lists_what_is_given_and_what_is_missing_by_name():
    rows = by_symbol(book())
    assert list(rows) == ["AAPL", "NDX", "SPX", "WTI"]
    assert rows["SPX"].is_missing
    assert rows["SPX"].status == "missing: 2 options excluded"
    assert rows["SPX"].price is None
    assert rows["NDX"].underlying_class == "broad index"
    assert rows["NDX"].positions == 0
    assert lacking(book()) == ("SPX",)


def test_an_option_without_price_or_volatility_is_said_at_its_underlying():
    row = by_symbol(book())["AAPL"]
    assert row.status == "volatility missing: 1 option without a price"
    assert row.positions == 2
    given = replace(book(), market=with_underlying(book().market, "AAPL", iv=D("0.3")))
    assert by_symbol(given)["AAPL"].status == "given"


def test_futures_without_a_row_are_no_gap_and_bonds_no_line():
    rows = by_symbol(book())
    assert not rows["WTI"].is_missing
    assert "own prices" in rows["WTI"].status
    assert "912810TX6" not in rows


def test_giving_the_price_closes_the_gap_and_says_where_it_came_from():
    given = replace(book(), market=with_underlying(book().market, "SPX", price=D("6690")))
    row = by_symbol(given)["SPX"]
    assert not row.is_missing
    assert row.where == BY_HAND
    assert lacking(given) == ()


def test_every_cell_can_be_written():
    table = market_table(book())
    assert table.text(1, 3) == "21.0 %"
    assert table.text(2, 1) == ""
