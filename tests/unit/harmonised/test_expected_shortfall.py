"""Methods H and M: full revaluation, additive explanations, refusal, seeds, two models."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.harmonised.books import (
    AS_OF,
    assessed,
    book,
    correlated,
    flat_volatility,
    option,
    silos,
    stock,
)
from workstation.book.resolve import resolve
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.factor_moves import root_levels
from workstation.harmonised.knobs import KnobValueError
from workstation.harmonised.simulation import held_levels, simulate
from workstation.harmonised.underlyings import RiskMap
from workstation.offsets.ledger import INTERACTION, is_across_silos, ledger
from workstation.offsets.waterfall import bridge
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.grid import scenario_pnl

RULES = RuleSet(AS_OF)
HISTORY = correlated({"SPX": 0.95, "QQQ": 0.9, "IWM": 0.8, "BTC": 0.4})


def design(method="historical", base="full-netting", **knobs):
    chosen = with_knob(shipped()[base], "method", method)
    for name, value in knobs.items():
        chosen = with_knob(chosen, name.replace("__", "."), value)
    return chosen


def macro(scale=1):
    return [stock("PM", "SPY", 100 * scale), stock("PM", "QQQ", -120 * scale),
            stock("F", "IWM", 50 * scale), stock("F", "BTC", 0.1 * scale, "crypto")]


def hedged(scale=1):
    return [*macro(scale), option("PM", "SPX", "P", "4900", 2 * scale, "120"),
            option("PM", "SPX", "C", "5100", -3 * scale, "110")]


def moves(column, horizon=2):
    levels = np.array(HISTORY.of(column), dtype=float)
    return levels[horizon:] / levels[:-horizon] - 1


def test_linear_books_equal_the_mean_of_the_worst_moves():
    a = assessed(book([stock("PM", "SPY", 100), stock("PM", "BTC", 1, "crypto")],
                      history=HISTORY), design(tails__share="0.05"))
    profit = 100 * 500 * moves("SPX") + 90_000 * moves("BTC")
    count = 0.05 * len(profit)
    worst = np.sort(profit)[: int(np.ceil(count))]
    weights = np.ones(len(worst))
    weights[-1] -= np.ceil(count) - count
    assert float(a.scan_risk.amount) == pytest.approx(-(weights @ worst) / count, rel=1e-9)


def test_options_are_as_good_as_revalued_in_every_outcome():
    options = [option("PM", "SPX", "P", "4900", 2, "12"), option("PM", "SPX", "C", "5100", -3, "1")]
    of = book(options, history=HISTORY)
    a = assessed(of, design(tails__volatility_response="2"))
    held = resolve(of)
    move = moves("SPX")
    pnl = scenario_pnl(held, flat_volatility(held).volatility, move, (1 + move) ** -2.0).sum(axis=0)
    worst = np.sort(pnl)
    count = 0.025 * len(move)
    whole = int(count)
    expected = -(worst[:whole].sum() + (count - whole) * worst[whole]) / count
    assert float(a.scan_risk.amount) == pytest.approx(expected, rel=2e-5)


@pytest.mark.parametrize("method", ["historical", "simulated"])
@pytest.mark.parametrize("base", ["full-netting", "single-account-scan"])
def test_explanations_add_up_and_name_window_and_seed(method, base):
    a = assessed(book(hedged(), history=HISTORY), design(method, base))
    told = dict(a.scan_risk.inputs)
    assert "joint moves" in told["data window"]
    assert ("seed 1" in told.get("draws", "")) == (method == "simulated")
    residuals = [n.amount for _, n in a.scan_risk.walk() if n.label == "Residual of rounding"]
    assert all(abs(r) < Decimal("0.00001") for r in residuals)
    assert a.scan_risk.amount > 0


@pytest.mark.parametrize("method", ["historical", "simulated", "two_model"])
def test_doubling_positions_doubles_the_risk(method):
    one = assessed(book(hedged(), history=HISTORY), design(method))
    two = assessed(book(hedged(2), history=HISTORY), design(method))
    assert float(two.scan_risk.amount) == pytest.approx(2 * float(one.scan_risk.amount), rel=1e-9)


@pytest.mark.parametrize("method", ["historical", "simulated"])
def test_order_of_positions_does_not_matter(method):
    one = assessed(book(hedged(), history=HISTORY), design(method))
    other = assessed(book(hedged()[::-1], history=HISTORY), design(method))
    assert float(other.scan_risk.amount) == pytest.approx(float(one.scan_risk.amount), rel=1e-9)


def test_without_offsets_every_slot_stands_alone():
    knobs = {"offsets__same_underlying": 0, "offsets__product_group": 0, "offsets__asset_class": 0,
             "offsets__book": 0}
    whole = assessed(book(macro(), history=HISTORY), design(**knobs))
    apart = [assessed(book([p], history=HISTORY), design(**knobs)) for p in macro()]
    assert float(whole.scan_risk.amount) == pytest.approx(
        sum(float(a.scan_risk.amount) for a in apart), rel=1e-6)


@pytest.mark.parametrize("method", ["historical", "simulated", "two_model"])
def test_without_a_history_the_design_is_refused_and_today_stands(method):
    of = book(macro())
    today = silos(of)
    a = assessed(of, design(method), today)
    assert a.refused
    assert a.margin.requirement.amount == today.maintenance.amount
    assert not a.margin.complete
    assert "refused" in a.margin.excluded[0].what
    assert "History sheet" in a.margin.excluded[0].remedy
    assert not [row for row in ledger(a, RULES) if is_across_silos(row)]
    assert all(step.amount == 0 for step in bridge(a, Decimal(1)).steps)


def test_a_root_without_history_is_scanned_alone_and_named():
    of = book([*macro(), stock("PM", "AAPL", -10)], history=HISTORY)
    a = assessed(of, design())
    line = next(n for _, n in a.scan_risk.walk() if n.label.startswith("AAPL: no history"))
    assert float(line.amount) == pytest.approx(0.15 * 2000)
    assert a.margin.complete


@pytest.mark.parametrize("method", ["historical", "simulated"])
def test_levels_that_never_change_are_no_evidence_of_no_risk(method):
    frozen = replace(HISTORY, levels=tuple(
        tuple([5000.0] * len(HISTORY.dates)) if name == "SPX" else levels
        for name, levels in zip(HISTORY.factors, HISTORY.levels, strict=True)))
    shares = [stock("PM", "SPY", 100), stock("PM", "QQQ", 100)]
    a = assessed(book(shares, history=frozen), design(method))
    assert a.slots.alone == pytest.approx(0.08 * 100 * 500)  # the scan of SPY by itself


def test_too_short_a_history_is_refused_with_its_length():
    of = book(macro(), history=correlated({"SPX": 0.9, "QQQ": 0.9, "IWM": 0.9, "BTC": 0.9}, 200))
    assert "250 past moves" in assessed(of, design()).margin.excluded[0].what


def test_factors_that_never_meet_are_refused():
    levels = {name: list(HISTORY.of(name)) for name in HISTORY.factors}
    half = len(HISTORY.dates) // 2
    broken = replace(HISTORY, levels=tuple(
        tuple(v if (i < half) == (name == "BTC") else None for i, v in enumerate(levels[name]))
        for name in HISTORY.factors))
    what = assessed(book(macro(), history=broken), design()).margin.excluded[0].what
    assert "0 past moves in common" in what


def test_more_weight_on_stress_asks_for_more():
    start, stop = HISTORY.dates[100], HISTORY.dates[130]
    levels = []
    for name in HISTORY.factors:
        series = np.array(HISTORY.of(name), dtype=float)
        moves = np.diff(np.log(series))
        moves[100:130] *= 4
        levels.append(tuple(100 * np.exp(np.concatenate([[0], np.cumsum(moves)]))))
    wild = replace(HISTORY, levels=tuple(levels))
    amounts = [assessed(book(macro(), history=wild), design(
        tails__stress_share=w, tests__stress_windows=[f"{start}..{stop}"])).scan_risk.amount
        for w in ("0", "0.25", "0.6")]
    assert amounts == sorted(amounts)
    assert amounts[0] < amounts[2]


def test_filtering_follows_todays_volatility():
    levels = []
    for name in HISTORY.factors:
        moves = np.diff(np.log(np.array(HISTORY.of(name), dtype=float)))
        moves[-60:] *= 3
        levels.append(tuple(100 * np.exp(np.concatenate([[0], np.cumsum(moves)]))))
    wild = replace(HISTORY, levels=tuple(levels))
    plain = assessed(book(macro(), history=wild), design())
    filtered = assessed(book(macro(), history=wild), design(tails__filter=True))
    assert filtered.scan_risk.amount > plain.scan_risk.amount


def simulated(chosen):
    of = book(macro(), history=HISTORY)
    a = assessed(of, chosen)
    levels = held_levels(a.scan, RiskMap.of_rules(RULES), AS_OF)
    return simulate(chosen, "simulated", a.scan, levels), a


def test_the_same_seed_gives_the_same_bytes_and_marginals_are_historys_own():
    chosen = design("simulated", copula__draws=4000)
    one, a = simulated(chosen)
    other, _ = simulated(chosen)
    assert np.array_equal(one.moves, other.moves)
    moved, _ = simulated(with_knob(chosen, "copula.seed", 2))
    assert not np.array_equal(one.moves, moved.moves)
    root = a.scan.roots.index("SPX")
    assert np.quantile(one.moves[root], [0.01, 0.5, 0.99]) == pytest.approx(
        np.quantile(moves("SPX"), [0.01, 0.5, 0.99]), abs=0.002)


def test_correlations_to_one_make_everything_move_together():
    made, a = simulated(design("simulated", copula__stress_weight=1))
    spx, btc = (made.moves[a.scan.roots.index(name)] for name in ("SPX", "BTC"))
    assert np.array_equal(np.argsort(spx, kind="stable"), np.argsort(btc, kind="stable"))


def test_edited_correlations_are_repaired_shown_and_refused_beyond_the_limit():
    pairs = ["SPX~NDX=0.9", "SPX~RUT=0.9", "NDX~RUT=-0.5"]
    made, _ = simulated(design("simulated", copula__pairs=pairs, copula__repair_limit="1"))
    assert dict(made.told)["repair of the correlation matrix"] != "largest change 0.0000"
    refused, _ = simulated(design("simulated", copula__pairs=pairs))
    assert refused.where == "copula.pairs"
    with pytest.raises(KnobValueError, match=r"SPX~BTC=0\.9"):
        design("simulated", copula__pairs=["SPX=1"])


def test_an_edited_pair_that_changes_nothing_is_named():
    chosen = design("simulated", copula__draws=400, copula__pairs=("SPX~BCT=0.9", "SPX~BTC=0.5"))
    told = dict(assessed(book(macro(), history=HISTORY), chosen).scan_risk.inputs)
    assert told["edited pairs without a factor drawn here"] == "SPX~BCT=0.9"


def test_two_models_take_the_greater_and_show_both():
    of = book(hedged(), history=HISTORY)
    both = assessed(of, design("two_model"))
    apart = [assessed(of, design(m)).scan_risk.amount for m in ("scan", "historical")]
    assert both.scan_risk.amount == max(apart)
    assert sorted(p.amount for p in both.scan_risk.parts) == sorted(apart)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-200, 200), min_size=4, max_size=4),
       st.sampled_from(["historical", "simulated", "two_model"]),
       st.sampled_from(["full-netting", "single-account-scan"]))
def test_bridge_and_ledger_reconcile(sizes, method, base):
    positions = [replace(p, quantity=Decimal(q)) for p, q in zip(macro(), sizes, strict=True)]
    a = assessed(book(positions, history=HISTORY), design(method, base, copula__draws=400))
    waterfall = bridge(a, Decimal(0))
    assert waterfall.silos + sum(s.amount for s in waterfall.steps) == waterfall.end
    rows = [row for row in ledger(a, RULES) if is_across_silos(row)]
    offsets = sum(s.amount for s in waterfall.steps[1:6])
    assert sum(row.amount for row in rows) == offsets
    assert all(row.level != INTERACTION or row.status == "granted" for row in rows)


def test_yields_become_price_moves_by_duration():
    history = correlated({"SPX": 0.9, "DGS10": 0.3})
    of = book([stock("PM", "IEF", 100, "etf")], history=history)
    a = assessed(of, design())
    levels = root_levels(a.scan, RiskMap.of_rules(RULES), AS_OF)
    assert levels.columns == ("DGS10",)
    assert levels.durations[0] == 8.0


def test_a_cap_of_nothing_asks_for_every_position_alone():
    capped = assessed(book(hedged(), history=HISTORY), design(cap__reduction=0))
    alone = [assessed(book([p], history=HISTORY), design()).scan_risk.amount for p in hedged()]
    assert float(capped.margin.requirement.amount) == pytest.approx(
        sum(float(a) for a in alone), rel=1e-6)


def test_a_proxy_stands_in_only_where_asked_and_is_named():
    of = book([*macro(), stock("PM", "AAPL", -10)], history=HISTORY)
    plain, led = assessed(of, design()), assessed(of, design(tails__proxies=True))
    assert "AAPL by SPX as proxy" in dict(led.scan_risk.inputs)["factors"]
    assert not [n for _, n in led.scan_risk.walk() if "no history" in n.label]
    assert led.scan_risk.amount != plain.scan_risk.amount
    alone = assessed(book([stock("PM", "AAPL", 10)], history=HISTORY), design(tails__proxies=True))
    index = assessed(book([stock("PM", "SPY", 4)], history=HISTORY), design())
    assert alone.scan_risk.amount == index.scan_risk.amount


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=4, max_size=4))
def test_long_books_under_correlations_of_one_ask_for_the_gross_sum(sizes):
    positions = [replace(p, quantity=Decimal(q)) for p, q in zip(macro(), sizes, strict=True)]
    chosen = design("simulated", copula__draws=800, copula__stress_weight=1, copula__havens=[])
    whole = assessed(book(positions, history=HISTORY), chosen)
    apart = [assessed(book([p], history=HISTORY), chosen) for p in positions]
    assert float(whole.scan_risk.amount) == pytest.approx(
        sum(float(a.scan_risk.amount) for a in apart), rel=1e-6)


@pytest.mark.parametrize("method", ["scan", "historical"])
def test_different_closing_times_can_be_kept_apart(method):
    positions = [stock("PM", "SPY", 100), stock("PM", "BTC", -0.5, "crypto")]
    of = book(positions, history=HISTORY)
    knobs = {"mpor__crypto": 1, "mpor__separate": True}
    a = assessed(of, design(method, **knobs))
    apart = [assessed(book([p], history=HISTORY), design(method, **knobs)).scan_risk.amount
             for p in positions]
    # alone, bitcoin has one more outcome than together with what closes later
    assert float(a.scan_risk.amount) == pytest.approx(float(sum(apart)), rel=1e-2)
    assert a.slots.units == ("All eligible accounts, closed in 1 days",
                             "All eligible accounts, closed in 2 days")
    joined = assessed(of, design(method, mpor__crypto=1))
    assert joined.scan_risk.amount < a.scan_risk.amount
