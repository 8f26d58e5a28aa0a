"""The explanation of ten books, read by eye: a changed line must be explained in CHANGELOG.md."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import (
    bond,
    lines,
    market,
    option,
    portfolio_margin,
    reg_t_margin,
    stock,
    strategy_margin,
)
from workstation.base.vocabulary import AssetClass, UnderlyingClass

LATER, NEXT_YEAR = date(2026, 8, 21), date(2027, 6, 18)
SPX = UnderlyingClass.BROAD_INDEX_HIGH_CAP


def index(*args):
    made = option(*args, symbol="SPX", style="european")
    terms = replace(made.instrument.option, settlement="cash")
    return replace(made, instrument=replace(made.instrument, terms=terms))


def fund(quantity, price, symbol, kind=AssetClass.ETF):
    return stock(quantity, price, symbol, kind)


def convertible():
    made = bond(10_000, 110, kind=AssetClass.CONVERTIBLE, symbol="XYZ 5 31")
    return replace(made, instrument=replace(made.instrument, underlying="XYZ"),
                   extras=(("conversion_ratio", "20"),))


INDEX_ROWS = (market(5000, "SPX", SPX), market(500, "SPY", SPX))
BOOKS = {
    "covered, uncovered and lent against": (strategy_margin, [
        stock(250, 100), option(-3, "C", 105, 2), option(2, "C", 100, 14, NEXT_YEAR)], ()),
    "iron condor of unequal wings and a strangle": (strategy_margin, [
        option(1, "P", 80, "0.3"), option(-2, "P", 90, 1), option(-2, "C", 110, 1),
        option(1, "C", 115, "0.4")], ()),
    "collar, conversion and the shares left": (strategy_margin, [
        stock(300, 100), option(1, "P", 95, 2), option(-1, "C", 110, 1),
        option(1, "P", 100, 3), option(-1, "C", 100, 4)], ()),
    "calendar, diagonal and a long that ends first": (strategy_margin, [
        option(-1, "C", 100, 3), option(1, "C", 105, "3.5", LATER), option(1, "P", 95, 2),
        option(-1, "P", 100, 5, LATER)], ()),
    "index options, protected and not": (strategy_margin, [
        fund(1000, 500, "SPY"), index(-2, "C", 5100, 40), index(1, "P", 4800, 30)], INDEX_ROWS),
    "long box": (strategy_margin, [
        index(1, "C", 4900, 160), index(-1, "C", 5100, 45), index(1, "P", 5100, 140),
        index(-1, "P", 4900, 55)], INDEX_ROWS),
    "convertible against the short, and cheap shorts": (strategy_margin, [
        convertible(), stock(-300, 50), stock(-1000, 3, "CHEAP")],
        (market(50), market(3, "CHEAP"))),
    "debt by maturity and rating": (strategy_margin, [
        bond(100_000, 99, date(2027, 1, 15), symbol="T 27"),
        bond(-100_000, 60, date(2041, 6, 15), coupon=None, symbol="T 41 zero"),
        bond(50_000, 102, kind=AssetClass.MUNICIPAL, symbol="City 31"),
        bond(50_000, 30, kind=AssetClass.CORPORATE_BOND, rating="CCC", symbol="Firm 31")], ()),
    "leveraged funds and Regulation T": (reg_t_margin, [
        fund(100, 60, "UP3"), fund(-50, 40, "DOWN2"), option(-1, "P", 50, 2, symbol="UP3"),
        replace(stock(-100, 50, "SOLD"), extras=(("sale_price", "52"),)),
        option(1, "C", 45, 7, symbol="SOLD")],
        (market(60, "UP3", leverage=3), market(40, "DOWN2", leverage=-2), market(50, "SOLD"))),
    "portfolio margin with its groups": (portfolio_margin, [
        fund(1000, 500, "SPY"), index(10, "P", 4800, 60), stock(500, 100),
        option(-5, "C", 110, 1), bond(100_000, 99, symbol="T 31")],
        (*INDEX_ROWS, market())),
}


def told(answer):
    yield lines(answer.initial) if answer.initial.amount != answer.maintenance.amount else ""
    yield lines(answer.maintenance)
    for row in answer.offsets:
        more = f", would save {row.would_save:,.2f}: {row.barrier}" if row.would_save else ""
        yield (f"{row.status} {row.kind}: {' | '.join(row.between)}: {row.amount:,.2f}, "
               f"{row.reason}{more}")


@pytest.mark.parametrize("name", BOOKS)
def test_the_explanation_reads_as_it_was_reviewed(name, snapshot):
    rulebook, positions, rows = BOOKS[name]
    answer = rulebook(*positions, rows=rows)
    assert not answer.excluded
    assert "\n".join(line for line in told(answer) if line) == snapshot
