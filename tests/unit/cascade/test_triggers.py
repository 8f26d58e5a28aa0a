"""Distances to the next call: closed forms, firms, hedges, and what needs no search."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.cascade.accounts import TODAY, account, ground_of, share
from tests.unit.cascade.test_dynamic_client import HELD, lot
from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.cascade.triggers import next_triggers, triggers
from workstation.instruments.instrument import Instrument
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.reports.lines import trigger_text


def found(accounts, positions, required, lots=()):
    book, holdings, ground = ground_of(accounts, positions, required, lots)
    return triggers(ground, book, holdings, RuleSet(TODAY))


def by_event(rows):
    return {row.event: row for row in rows}


def test_one_account_is_called_where_equity_meets_its_margin():
    """30,000 + 100,000 m = 15,000 (1 + m); no equity at m = -0.3."""
    rows = by_event(found((account("A", -70000),), HELD[:1], {"A": 15000}))
    assert rows["call"].move == pytest.approx(-15000 / 85000, abs=1e-6)
    assert rows["forced sale"].move == rows["call"].move
    assert rows["no equity left"].move == pytest.approx(-0.3, abs=1e-6)
    assert rows["call"].level == pytest.approx(100 * (1 - 15000 / 85000), abs=1e-3)
    assert rows["call"].volatilities == pytest.approx(
        15000 / 85000 / (0.24 / 252**0.5), rel=1e-5)


def test_a_short_is_called_on_the_way_up():
    rows = by_event(found((account("B", 120000),), HELD[1:], {"B": 15000}))
    assert rows["call"].move == pytest.approx(15000 / (90000 + 15000), abs=1e-6)


def test_free_collateral_elsewhere_puts_the_forced_sale_further_off():
    accounts = (account("A", -70000), account("B", 1, "South"))
    rows = by_event(found(accounts, HELD[:1], {"A": 15000, "B": 0}, [lot("L", "B", 8500)]))
    assert rows["call"].account == "North"
    assert rows["forced sale"].move == pytest.approx(-(15000 + 8500) / 85000, abs=1e-5)


def test_excess_at_the_same_firm_is_no_call():
    apart = by_event(found((account("A", -70000), account("B", 10000, "South")), HELD[:1],
                           {"A": 15000, "B": 0}))
    together = by_event(found((account("A", -70000), account("B", 10000)), HELD[:1],
                              {"A": 15000, "B": 0}))
    assert together["call"].move == pytest.approx(-25000 / 85000, abs=1e-5)
    assert apart["call"].move > together["call"].move


def test_a_call_that_stands_already_is_at_no_distance():
    rows = by_event(found((account("A", -90000),), HELD[:1], {"A": 15000}))
    assert rows["call"].move == 0.0


def test_the_headline_names_each_factor_once_nearest_first():
    rows = found((account("A", -100000),), (HELD[0], share("A", "BBB", 50)), {"A": 20000})
    first = next_triggers(rows, 2)
    assert len({row.factor for row in first}) == 2
    assert first[0].volatilities <= first[1].volatilities
    assert not next_triggers(())


def test_a_flat_book_has_no_triggers():
    assert not found((account("A", 1000),), (), {"A": Decimal(0)})


def test_a_level_says_whose_price_it_is_where_the_factor_itself_has_none():
    """SPY stands for SPX, and no index is on the sheet: 180,000 + 600,000 m = 30,000 (1 + m)."""
    fund = Position("A", Instrument("SPY", AssetClass.ETF, "SPY"), Decimal(1000), Decimal(600),
                    "Positions!A2")
    market = Market({"SPY": Underlying("SPY", Decimal(600))})
    book, holdings, ground = ground_of((account("A", -420000),), (fund,), {"A": 30000},
                                       market=market)
    call = by_event(triggers(ground, book, holdings, RuleSet(TODAY)))["call"]
    assert (call.factor, call.priced) == ("SPX", "SPY")
    assert call.level == pytest.approx(600 * (1 - 150000 / 570000), abs=0.01)
    assert trigger_text(call).startswith("SPX falls 26.3 % (SPY to 442.1")
    own = by_event(found((account("A", -70000),), HELD[:1], {"A": 15000}))["call"]
    assert trigger_text(own).startswith("AAA falls 17.6 % to 82.3")
