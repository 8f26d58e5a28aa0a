from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.harmonised.books import correlated, history
from workstation.measures.stability import (
    FactorReturns,
    StressWindow,
    correlation,
    day_numbers,
    horizon_returns,
    rolling_minimum,
    stability,
    tail_dependence,
)


@given(st.integers(0, 10_000), st.integers(15, 60), st.floats(-0.95, 0.95))
def test_figures_equal_plain_numpy(seed, window, rho):
    random = np.random.default_rng(seed)
    x = random.standard_normal(120)
    y = rho * x + np.sqrt(1 - rho**2) * random.standard_normal(120)
    assert correlation(x, y) == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-12)
    slow = min(np.corrcoef(x[i:i + window], y[i:i + window])[0, 1]
               for i in range(len(x) - window + 1))
    assert rolling_minimum(x, y, window) == pytest.approx(slow, abs=1e-9)


def test_tail_dependence_counts_shared_worst_days():
    x = np.array([-5.0, -4.0, -3.0, -2.0, *np.arange(36.0)])
    assert tail_dependence(x, x, 0.1) == 1
    y = x.copy()
    y[[0, 1]] = 50, 51
    y[[30, 31]] = -9, -8
    assert tail_dependence(x, y, 0.1) == 0.5
    assert tail_dependence(x[:5], y[:5], 0.1) is None


def test_horizon_returns_are_overlapping_logs_or_falls_of_a_yield():
    levels = history({"SPX": [100.0, 110.0, None, 121.0], "UST10": [4.0, 4.1, 4.3, 4.2]})
    spx = horizon_returns(levels, "SPX")
    assert spx.values[1] == pytest.approx(np.log(1.1))
    assert np.isnan(spx.values[[0, 2, 3]]).all()
    two = horizon_returns(levels, "SPX", 2)
    assert two.values[3] == pytest.approx(np.log(1.1))
    bond = horizon_returns(levels, "UST10", is_yield=True)
    assert bond.values[1:] == pytest.approx([-0.1, -0.2, 0.1])
    assert horizon_returns(levels, "GLD") is None


def test_stress_windows_outside_the_history_are_said_not_to_be_covered():
    levels = correlated({"A": 0.9, "B": 0.9}, 100)
    inside = StressWindow(levels.dates[10], levels.dates[50])
    outside = StressWindow.read("2008-09-02..2008-12-31")
    a, b = horizon_returns(levels, "A"), horizon_returns(levels, "B")
    seen = stability(a, b, day_numbers(levels), window=30, tail_share=0.05,
                     stress=(inside, outside))
    assert seen.count == 99
    assert seen.stress[1] == (outside, None)
    expected = np.corrcoef(a.values[10:51], b.values[10:51])[0, 1]
    assert seen.stress[0][1] == pytest.approx(expected)
    assert seen.worst == min(seen.rolling_minimum, seen.stress[0][1])
    turned = stability(a, b, day_numbers(levels), window=30, tail_share=0.05, sign=-1)
    assert turned.whole == pytest.approx(-seen.whole)


def test_too_little_or_unmoving_history_gives_no_figure():
    days = np.arange(20)
    flat = FactorReturns("flat", np.zeros(20))
    moving = FactorReturns("moving", np.sin(np.arange(20.0)))
    seen = stability(flat, moving, days, window=10, tail_share=0.05)
    assert seen.whole is None
    assert seen.rolling_minimum is None
    short = FactorReturns("short", np.array([*[np.nan] * 15, 1, 2, 3, 4, 5]))
    assert stability(short, moving, days, window=10, tail_share=0.05).count == 5


@pytest.mark.parametrize("text", ["2020", "2020-01-01..soon", "2020-02-01..2020-01-01"])
def test_a_bad_stress_window_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        StressWindow.read(text)


def test_a_stress_window_reads_as_it_is_written():
    window = StressWindow.read("2020-02-20..2020-04-30")
    assert window == StressWindow(date(2020, 2, 20), date(2020, 4, 30))
    assert str(window) == "2020-02-20..2020-04-30"
