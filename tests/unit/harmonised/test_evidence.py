"""The evidence tests of a pair, each made to fail in its turn, and the rate that is left."""

from datetime import date

import numpy as np
import pytest

from tests.unit.harmonised.books import assessed, book, correlated, history, stock
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.evidence import Criteria
from workstation.harmonised.levels import Level
from workstation.measures.stability import Stability, StressWindow

DESIGN = shipped()["single-account-scan"]
GROUP = Level.PRODUCT_GROUP
COVID = StressWindow(date(2020, 2, 20), date(2020, 4, 30))


def seen(**changes):
    figures = {"count": 500, "whole": 0.9, "rolling_minimum": 0.8, "rolling_window": 60,
               "stress": ((COVID, 0.95),), "tail": 0.6}
    return Stability(**{**figures, **changes})


@pytest.mark.parametrize(("figures", "failed", "words"), [
    ({"count": 249}, "data", "249 returns in common, fewer than the 250"),
    ({"whole": None}, "data", "one of the factors did not move"),
    ({"whole": 0.69}, "economic", "correlation 0.69 over the whole window is below 0.70"),
    ({"rolling_minimum": 0.41}, "stable", "lowest correlation over 60 returns is 0.41"),
    ({"stress": ((COVID, 0.2),)}, "stable", "0.20 in the stress of 2020-02-20..2020-04-30"),
    ({"tail": 0.1}, "tail", "only 10% of the worst days were shared"),
    ({"count": 10, "whole": 0.1}, "data", "10 returns in common"),
])
def test_the_first_failing_test_is_the_reason(figures, failed, words):
    decision = Criteria.of(DESIGN).decide(GROUP, seen(**figures))
    assert decision.rate == 0
    assert decision.failed == failed
    assert words in decision.reason


def test_the_linear_rate_grows_from_the_threshold_up_to_the_ceiling():
    criteria = Criteria.of(DESIGN)
    assert criteria.decide(GROUP, seen()).rate == pytest.approx((0.8 - 0.5) / 0.5)
    assert criteria.decide(GROUP, seen(rolling_minimum=0.99, stress=())).rate == 0.9
    capped = Criteria.of(with_knob(DESIGN, "offsets.cap", 0.3))
    assert capped.decide(GROUP, seen()).rate == pytest.approx(0.3)
    fixed = Criteria.of(with_knob(DESIGN, "offsets.rate", "fixed"))
    assert fixed.decide(GROUP, seen(rolling_minimum=0.5)).rate == 0.9
    assert criteria.decide(Level.BOOK, seen()).failed == "level"


def test_uncovered_stress_windows_are_passed_over_and_shown():
    decision = Criteria.of(DESIGN).decide(GROUP, seen(stress=((COVID, None),)))
    assert decision.rate > 0
    assert ("correlation 2020-02-20..2020-04-30", "not covered") in decision.figures


def hedge(levels, one="SPY", other="QQQ"):
    positions = [stock("A", one, 1000, "etf"), stock("A", other, -1000, "etf")]
    return assessed(book(positions, history=levels), DESIGN)


def test_a_pair_without_history_is_denied_for_want_of_evidence_not_guessed():
    a = hedge(correlated({"SPY": 0.98}))
    spx, ndx = a.scan.roots.index("SPX"), a.scan.roots.index("NDX")
    assert a.rates.pair(GROUP, spx, ndx) == 0
    assert a.evidence.decision(GROUP, spx, ndx).failed == "data"
    assert float(a.scan_risk.amount) == pytest.approx(0.08 * 500_000 + 0.10 * 400_000)


def test_a_pair_that_held_offsets_at_the_rate_it_earned():
    a = hedge(correlated({"SPX": 0.98, "NDX": 0.98}))
    rate = a.rates.pair(GROUP, a.scan.roots.index("SPX"), a.scan.roots.index("NDX"))
    assert 0.5 < rate < 0.9
    down, up = -0.08 * 500_000 + rate * 0.10 * 400_000, rate * 0.06 * 500_000 - 0.10 * 400_000
    assert float(a.scan_risk.amount) == pytest.approx(-min(down, up))


def test_a_pair_that_broke_under_stress_is_denied():
    levels = correlated({"SPX": 0.99, "NDX": 0.99}, 1500)
    broken = [list(column) for column in levels.levels]
    noise = np.random.default_rng(3).standard_normal(60) * 0.01
    broken[1][300:360] = list(broken[1][300] * np.exp(np.cumsum(noise)))
    scale = broken[1][359] / levels.levels[1][359]
    broken[1][360:] = [v * scale for v in levels.levels[1][360:]]
    a = hedge(history(dict(zip(levels.factors, broken, strict=True))))
    decision = a.evidence.decision(GROUP, 0, 1)
    assert decision.failed == "stable"
    assert a.rates.pair(GROUP, 0, 1) == 0


def test_a_yield_column_speaks_for_a_treasury_root():
    random = np.random.default_rng(5)
    change = random.standard_normal(400) * 0.05
    levels = history({"UST10": list(4 + np.cumsum(change)),
                      "UST2": list(4 + np.cumsum(change * 0.6)),
                      "TLT": list(90 * np.exp(-0.2 * np.cumsum(change)))})
    positions = [stock("A", "IEF", 1000, "etf"), stock("A", "TLT", -1000, "etf"),
                 stock("A", "SHY", 10, "etf")]
    a = assessed(book(positions, history=levels), DESIGN)
    ten, thirty = a.scan.roots.index("UST-10Y"), a.scan.roots.index("UST-30Y")
    assert a.rates.pair(GROUP, ten, thirty) == pytest.approx(0.9)


def test_a_gain_is_shared_out_over_the_siblings_it_could_hedge():
    """A long index faces a proven hedge and an unproven one in proportion to their size."""
    levels = correlated({"SPX": 0.98, "NDX": 0.98})
    positions = [stock("A", "SPY", 1000, "etf"), stock("A", "QQQ", -1000, "etf"),
                 stock("A", "IWM", -1000, "etf")]
    a = assessed(book(positions, history=levels), DESIGN)
    names = a.scan.roots
    rate = a.rates.pair(GROUP, names.index("SPX"), names.index("NDX"))
    siblings = next(nodes for tree in a.trees for level, nodes in tree.nodes if level is GROUP)
    shares = a.rates.recognised(GROUP, tuple(n.index for n in siblings),
                                np.array([n.net for n in siblings]))
    by_name = dict(zip([n.name for n in siblings], shares, strict=True))
    size_ndx, size_rut = 0.10 * 400_000, 0.10 * 200_000
    assert by_name["SPX"] == pytest.approx(rate * size_ndx / (size_ndx + size_rut))
    assert by_name["NDX"] == pytest.approx(rate)
    assert by_name["RUT"] == 0
