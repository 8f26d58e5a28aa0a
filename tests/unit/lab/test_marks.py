"""Marks and volatilities rolled through history, against figures worked out here."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.harmonised.books import AS_OF, account, assessed, book, correlated, option, stock
from workstation.book.resolve import resolve
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.simulation import held_levels
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.marks import held_marks, rolled_marks
from workstation.lab.replay import Replay
from workstation.market.history import History
from workstation.measures.filtering import ewma_volatility
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import implied_volatilities

RULES = RuleSet(AS_OF)
HISTORY = correlated({"SPX": 0.97, "BTC": 0.5}, 700)
SCAN = shipped()["single-account-scan"]
DECAY = 0.97


def of(positions, history=HISTORY):
    return book(positions, [account("PM", cash=100_000)], history)


def replayed(design, a_book, days=120, rolled=True):
    a = assessed(a_book, design)
    replay = Replay(a, implied_volatilities(resolve(a_book)), RiskMap.of_rules(RULES), days,
                    rolled=rolled)
    losses = replay.losses(a.design)
    return replay.requirements(a, losses, lambda done, doing: None), losses, a


def marks_of(a_book, decay=DECAY):
    a = assessed(a_book, SCAN)
    levels = held_levels(a.scan, RiskMap.of_rules(RULES), AS_OF)
    return rolled_marks(a.scan, levels, decay), a, levels


def test_a_stock_loses_what_its_mark_of_the_day_lost():
    required, losses, a = replayed(SCAN, of([stock("PM", "SPY", 1000, "etf")]))
    levels = np.array(HISTORY.of("SPX"))
    now = float(a.margin.requirement.amount)
    for i in (0, 17, 60):
        place = losses.places[i]
        mark = 500_000 * levels[place] / levels[-1]
        assert losses.losses[i] == pytest.approx(
            -mark * (levels[place + 2] / levels[place] - 1), rel=1e-9)
        assert required[i] == pytest.approx(now * levels[place] / levels[-1], rel=1e-9)


def test_held_marks_repeat_todays_requirement():
    required, _, a = replayed(SCAN, of([stock("PM", "SPY", 1000, "etf")]), rolled=False)
    assert set(required) == {float(a.margin.requirement.amount)}
    assert held_marks(2, 3).is_held


@pytest.mark.parametrize("name", ["today", "stressed-es", "two-model"])
def test_every_method_asks_for_twice_as_much_where_the_book_was_worth_twice(name):
    """Scaling the past scales the marks of the past: moves are the same, dollars are not."""
    a_book = of([stock("PM", "SPY", 1000, "etf")])
    required, losses, _ = replayed(shipped()[name], a_book, days=40)
    levels = np.array(HISTORY.of("SPX"))
    held, _, _ = replayed(shipped()[name], a_book, days=40, rolled=False)
    scale = levels[list(losses.places)] / levels[-1]
    assert required == pytest.approx(held * scale, rel=1e-6)
    assert np.isfinite(required).all()


def test_an_options_profit_follows_the_volatility_of_the_day():
    a_book = of([option("PM", "SPY", "P", "480", 10, "10")])
    marks, a, _ = marks_of(a_book)
    daily = np.diff(np.array(HISTORY.of("SPX"))) / np.array(HISTORY.of("SPX"))[:-1]
    sigma = ewma_volatility(daily[None], DECAY)[0]
    place = 400
    root = int(a.scan.root[0])
    assert marks.volatility[root, place] == pytest.approx(
        np.clip(sigma[place] / sigma[-1], 0.5, 3.0), rel=1e-6)
    holdings, move = resolve(a_book), np.array([-0.1])
    known = implied_volatilities(holdings).volatility
    stack = np.array([scenario_pnl(holdings, known * node, move[None]) for node in marks.nodes])
    got = marks.at(stack, np.array([root]), place)[0, 0]
    exact = scenario_pnl(holdings, known * marks.volatility[root, place], move[None])[0, 0]
    level = HISTORY.of("SPX")[place] / HISTORY.of("SPX")[-1]
    assert got == pytest.approx(exact * level, rel=0.02)
    at_node = replace(marks, volatility=np.full_like(marks.volatility, 1.5))
    exact = scenario_pnl(holdings, known * 1.5, move[None])[0, 0]
    assert at_node.at(stack, np.array([root]), place)[0, 0] == pytest.approx(exact * level)


def test_a_series_that_touches_zero_keeps_todays_marks_and_gaps_are_carried():
    columns = [list(HISTORY.of("SPX")), list(HISTORY.of("BTC"))]
    columns[0][300] = -5.0
    columns[1][310] = None
    odd = History(HISTORY.dates, HISTORY.factors, tuple(tuple(c) for c in columns))
    a_book = of([stock("PM", "SPY", 1000, "etf"), stock("PM", "IBIT", 100, "etp")], odd)
    marks, a, _ = marks_of(a_book)
    spx, btc = (a.scan.roots.index(n) for n in ("SPX", "BTC"))
    assert (marks.scale[spx] == 1).all()
    assert marks.scale[btc, 310] == marks.scale[btc, 309]
    assert marks.scale[btc, -1] == 1


def test_the_buffer_still_releases_on_rolled_marks():
    design = with_knob(shipped()["filtered-hs-apc"], "buffer.rate", "0.25")
    required, _, _ = replayed(design, of([stock("PM", "SPY", 1000, "etf")]), days=60)
    plain, _, _ = replayed(with_knob(design, "buffer.rate", 0),
                           of([stock("PM", "SPY", 1000, "etf")]), days=60)
    assert (required >= plain * (1 - 1e-12)).all()
    assert (required <= 1.25 * plain * (1 + 1e-12)).all()
