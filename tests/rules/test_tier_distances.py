"""Distances to the tiers of equity and to the firm's concentration tier, by arithmetic."""

from dataclasses import replace

import pytest

from tests.rules.securities_books import ACCOUNT, ON, D, book, market, option, stock
from tests.rules.test_account_tests import status
from workstation.base.vocabulary import AccountType
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks.finra_4210 import portfolio
from workstation.rulebooks.registry import silos
from workstation.workspace.standing import standing

HOUSE = """rule = "FINRA 4210"
edition = "house"
effective = 2000-01-01
source = "test"
[parameter.house_concentration_threshold]
value = 0.40
unit = "of gross"
paragraph = "(d)"
standing = "house"
[parameter.house_concentration_charge]
value = 0.10
unit = "of the excess"
paragraph = "(d)"
standing = "house"
"""


def stands(kind, cash, *positions, rows=()):
    account = replace(ACCOUNT, account_type=kind, cash=D(cash))
    made = replace(book(positions, *(rows or (market(),))), accounts=(account,))
    rules, holdings = RuleSet(ON), resolve(made)
    volatility = implied_volatilities(holdings).volatility
    return standing(made, holdings, volatility, silos(made, holdings, rules), rules)[0]


def test_the_fall_to_minimum_equity():
    # Equity 10,000 - 6,000; at 80 a share it is 2,000.
    found = stands(AccountType.REG_T, -6000, stock(100, 100))
    (tier,) = found.distance.tiers
    assert (tier.name, tier.least, tier.up) == ("Minimum equity", 2000, None)
    assert float(tier.down) == pytest.approx(-0.20, abs=1e-3)
    assert found.triggers[0].least_equity_price == 80


def test_the_rise_to_minimum_equity_of_a_short_sale():
    found = stands(AccountType.REG_T, 15_000, stock(-100, 100))
    assert float(found.distance.tiers[0].up) == pytest.approx(0.30, abs=1e-3)
    assert found.triggers[0].least_equity_price == 130


def test_a_fully_paid_account_has_no_minimum():
    found = stands(AccountType.REG_T, 0, stock(100, 100))
    assert found.distance.tiers == ()
    assert found.triggers[0].least_equity_price is None


def test_every_tier_of_portfolio_margin_that_equity_still_meets():
    found = stands(AccountType.PORTFOLIO_MARGIN, -400_000, stock(10_000, 100))
    tiers = {tier.name.split(", ")[1]: float(tier.down) for tier in found.distance.tiers}
    # Equity 600,000 falls by 10,000 for each per cent.
    assert tiers == {"trades executed away": pytest.approx(-0.10, abs=1e-3),
                     "other": pytest.approx(-0.45, abs=1e-3),
                     "monitored in real time": pytest.approx(-0.50, abs=1e-3)}


def test_options_are_revalued_on_the_way():
    naked = stands(AccountType.REG_T, -6000, stock(100, 100)).distance.tiers[0]
    hedged = stands(AccountType.REG_T, -6000, stock(100, 100), option(1, "P", 95, 2)
                    ).distance.tiers[0]
    assert hedged.down is None or hedged.down < naked.down


def test_the_price_at_which_an_underlying_becomes_concentrated():
    overlay = parse_edition(HOUSE, ON)
    rows = (market(100, "XYZ"), market(100, "ABC"), market(100, "DEF"))
    held = [stock(100, 100), stock(100, 100, "ABC"), stock(-100, 100, "DEF")]
    found = status(0, *held, rows=rows, overlays=(overlay,))
    by_symbol = {t.symbol: t.concentration_price for t in found.triggers}
    # v / (20,000 + v) = 40 % at v = 13,333.33, long or short
    assert {round(float(price), 4) for price in by_symbol.values()} == {133.3333}
    assert all(t.concentration_price is None for t in status(0, *held, rows=rows).triggers)


@pytest.mark.parametrize(("capital", "said"), [
    ("0", ""), ("100000", "850,000 left under"), ("10000", "exceeds"), ("15000", "0 left under")])
def test_the_firms_multiple_of_net_capital(capital, said):
    overlay = parse_edition(HOUSE.replace("house_concentration_threshold", "house_net_capital")
                            .replace("0.40", capital), ON)
    found = status(1_000_000, stock(10_000, 100), rulebook=portfolio.margin,
                   overlays=(overlay,), account_type=AccountType.PORTFOLIO_MARGIN)
    notes = [note for note in found.notes if "portfolio margin of the firm" in note]
    # The account asks for 150,000.
    assert len(notes) == bool(said)
    assert not said or said in notes[0]
