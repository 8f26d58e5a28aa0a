import numpy as np
import pytest

from tests.unit.pricing.books import inverse_perpetual, option, resolved, stock
from workstation.base import threads
from workstation.pricing import series
from workstation.pricing.grid import option_values, scenario_pnl

MOVES = np.array([-0.15, 0.0, 0.1])


def test_stock_earns_its_value_times_the_move():
    assert scenario_pnl(resolved(stock()), np.zeros(1), MOVES)[0] == pytest.approx(
        [-150, 0, 100])


def test_an_inverse_contract_of_fixed_dollar_size_earns_size_times_the_move():
    assert scenario_pnl(resolved(inverse_perpetual()), np.zeros(1), MOVES)[0] == pytest.approx(
        [-150, 0, 100])


@pytest.mark.parametrize("style", ["european", "american"])
def test_an_option_earns_the_change_of_its_model_value(style):
    book = resolved(option(5, quantity=-3, style=style))
    values = option_values(book, np.array([0.3]), MOVES[None, :], np.ones((1, 3)))[0]
    gains = scenario_pnl(book, np.array([0.3]), MOVES)[0]
    assert gains == pytest.approx(-300 * (values - values[1]), abs=1e-10)
    assert gains[1] == 0


def test_a_volatility_factor_moves_a_long_option():
    book = resolved(option(5))
    up, down = scenario_pnl(book, np.array([0.3]), np.zeros(2), np.array([1.5, 0.7]))[0]
    assert down < 0 < up


def test_rows_of_their_own_equal_shared_rows():
    book = resolved(*(option(3, strike=95 + i, row=i, style="american", right="P")
                      for i in range(9)), stock(row=10))
    volatility = np.linspace(0.2, 0.5, 10)
    shared = scenario_pnl(book, volatility, MOVES, np.array([1.0, 1.2, 0.8]))
    own = scenario_pnl(book, volatility, np.tile(MOVES, (10, 1)),
                       np.tile([1.0, 1.2, 0.8], (10, 1)))
    assert shared.tobytes() == own.tobytes()


@pytest.mark.parametrize("style", ["european", "american"])
def test_chunks_and_threads_do_not_change_a_bit(style, monkeypatch):
    book = resolved(*(option(3, strike=60 + i, row=i, style=style, right="P")
                      for i in range(60)))
    volatility, moves = np.linspace(0.2, 0.5, 60), np.linspace(-0.2, 0.2, 17)
    whole = scenario_pnl(book, volatility, moves)
    for chunk, processors in ((50, 1), (50, 3), (400, 2)):
        monkeypatch.setattr(series, "EUROPEAN_CHUNK", chunk)
        monkeypatch.setattr(series, "AMERICAN_CHUNK", chunk)
        monkeypatch.setattr(series, "TREE_CHUNK", chunk)
        monkeypatch.setattr(threads.os, "cpu_count", lambda n=processors: n)
        assert scenario_pnl(book, volatility, moves).tobytes() == whole.tobytes()


def test_the_same_series_is_valued_once(monkeypatch):
    asked = []
    price = series.american_values
    monkeypatch.setattr(series, "american_values",
                        lambda *given: asked.append(len(given[0])) or price(*given))
    book = resolved(*(option(3, row=i, quantity=i, style="american", right="P")
                      for i in range(1, 8)))
    gains = scenario_pnl(book, np.full(7, 0.3), MOVES)
    assert sum(asked) == 1
    assert gains[6] == pytest.approx(7 * gains[0], rel=1e-12)


def test_distinct_keeps_first_appearance():
    first, kind = series.distinct(np.array([[2.0, 1], [1, 1], [2, 1], [3, 0]]))
    assert first.tolist() == [0, 1, 3]
    assert kind.tolist() == [0, 1, 0, 2]
