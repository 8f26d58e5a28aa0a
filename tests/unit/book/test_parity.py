"""Put-call parity stands in for a dividend yield the market sheet does not state."""

import math
from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import ON, D, book, market, option, portfolio_margin
from workstation.base.vocabulary import UnderlyingClass
from workstation.book.parity import implied_yields
from workstation.book.resolve import resolve

EXPIRY = date(2026, 12, 18)
YEARS = (EXPIRY - ON).days / 365
INDEX = UnderlyingClass.BROAD_INDEX_HIGH_CAP


def pair(strike, forward, call=60.0, quantity=1):
    """Return a call and a put whose prices fix this forward at four per cent."""
    put = call - math.exp(-0.04 * YEARS) * (forward - strike)
    return [option(quantity, "C", strike, call, EXPIRY, "SPX", "european"),
            option(quantity, "P", strike, put, EXPIRY, "SPX", "european")]


def yields_of(*positions, row=None):
    made = book(positions, row or market(1000, "SPX", INDEX))
    return implied_yields(made.positions, made.market, ON), resolve(made)


def test_the_yield_is_the_one_that_gives_the_forward():
    forward = 1000 * math.exp((0.04 - 0.0185) * YEARS)
    found, holdings = yields_of(*pair(1000, forward))
    assert found.yields["SPX", EXPIRY] == pytest.approx(0.0185)
    assert holdings.dividend_yield == pytest.approx([0.0185, 0.0185])
    assert "1.85%" in found.problems()[0].what
    assert found.problems()[0].severity == "info"


def test_the_strike_nearest_to_the_index_decides_for_every_strike():
    near = pair(1010, 1000 * math.exp(0.02 * YEARS))
    far = pair(1200, 1000 * math.exp(0.01 * YEARS), call=1.0)
    lone = option(1, "C", 900, 120, EXPIRY, "SPX", "european")
    found, holdings = yields_of(*far, lone, *near)
    assert found.yields["SPX", EXPIRY] == pytest.approx(0.02)
    assert holdings.dividend_yield == pytest.approx([0.02] * 5)


def test_a_stated_yield_stands_and_so_do_shares_and_american_options():
    forward = 1000 * math.exp(0.01 * YEARS)
    stated = market(1000, "SPX", INDEX, dividend_yield=D("0.013"))
    holdings = yields_of(*pair(1000, forward), row=stated)[1]
    assert holdings.dividend_yield == pytest.approx([0.013] * 2)
    share = market(1000, "SPX")
    assert not yields_of(*pair(1000, forward), row=share)[0].yields
    american = [replace(p, instrument=replace(p.instrument, terms=replace(
        p.instrument.option, style="american"))) for p in pair(1000, forward)]
    assert not yields_of(*american)[0].yields


def test_absurd_prices_are_not_read_and_a_missing_yield_is_said():
    found, holdings = yields_of(*pair(1000, 2000.0, call=900.0))
    assert not found.yields
    assert holdings.dividend_yield.tolist() == [0, 0]
    assert "priced without any" in found.problems()[0].what
    assert found.problems()[0].severity == "warning"


def test_an_index_book_is_margined_as_if_the_yield_were_stated():
    forward = 1000 * math.exp((0.04 - 0.0185) * YEARS)
    held = [*pair(1000, forward), option(-2, "P", 900, 12, EXPIRY, "SPX", "european")]
    stated = market(1000, "SPX", INDEX, dividend_yield=D("0.0185"))
    implied = portfolio_margin(*held, rows=(market(1000, "SPX", INDEX),))
    assert float(implied.maintenance.amount) == pytest.approx(
        float(portfolio_margin(*held, rows=(stated,)).maintenance.amount), rel=1e-6)
