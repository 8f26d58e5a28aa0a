"""Offsets and coverage on real series: the figures of the notes, where the data lie beside."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.shared import shared
from tests.unit.harmonised.books import AS_OF, assessed, book, future, option, stock
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.levels import Level
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.experiment import Settings, experiment
from workstation.lab.replay import FIRST, Replay
from workstation.market.history_files import read_histories
from workstation.measures.stability import StressWindow, comovements
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import implied_volatilities

RULES = RuleSet(AS_OF)
FILES = {"px_GSPC": "SPX", "px_SPY": "SPY", "px_TLT": "TLT", "px_BTC_USD": "BTC", "px_IWM": "IWM",
         "px_ETH_USD": "ETH", "px_XLF": "XLF", "px_IXIC": "NDQ"}


def history(*names):
    wanted = [stem for stem, factor in FILES.items() if factor in names]
    paths = [shared("data", "third_party", "market-lab", f"{stem}.csv") for stem in wanted]
    return read_histories(paths, FILES).history


def decided(one, other, *factors, **knobs):
    design = with_knob(shipped()["stable-offsets-only"], "offsets.book", 1)
    for name, value in knobs.items():
        design = with_knob(design, name.replace("__", "."), value)
    of = book([stock("A", one, 10, "etf"), stock("A", other, -10, "etf")],
              history=history(*factors))
    a = assessed(of, design)
    level = Level.BOOK if len(a.scan.asset_classes) > 1 else Level.PRODUCT_GROUP
    return a.evidence.decision(level, 0, 1)


def levels(stem, column=1):
    path = shared("data", "third_party", "market-lab", f"{stem}.csv")
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()[1:]]
    return [date.fromisoformat(row[0]) for row in rows], np.array([float(r[column]) for r in rows])


def test_the_index_against_long_treasuries_is_denied():
    decision = decided("SPY", "TLT", "SPX", "TLT")
    assert decision.rate == 0
    assert decision.failed == "economic"
    free = decided("SPY", "TLT", "SPX", "TLT", tests__rho_min=-1, tests__tail_min=0)
    assert free.failed == "stable"
    figures = dict(free.figures)
    assert figures["correlation 2008-09-02..2008-12-31"] == "-0.53"
    assert figures["correlation 2020-02-20..2020-04-30"] == "-0.50"
    assert figures["correlation 2025-04-01..2025-04-30"] == "0.26"
    assert figures["correlation 2026-01-20..2026-02-27"] == "-0.06"


def test_the_index_against_bitcoin_is_denied():
    decision = decided("SPY", "BTC", "SPX", "BTC", tests__rho_min=-1)
    assert decision.rate == 0
    assert decision.failed == "stable"
    figures = dict(decision.figures)
    assert figures["correlation 2020-02-20..2020-04-30"] == "0.58"
    assert figures["correlation 2022-05-02..2022-06-30"] == "0.62"
    assert figures["correlation 2025-04-01..2025-04-30"] == "0.50"
    assert float(figures["lowest over 60"]) < 0


def test_the_index_against_its_own_fund_is_granted():
    seen = comovements(history("SPX", "SPY"))
    windows = tuple(StressWindow.read(text) for text in
                    shipped()["single-account-scan"].texts("tests.stress_windows"))
    pair = seen.pair(seen.returns("SPX", 1), seen.returns("SPY", 1), window=60, tail_share=0.05,
                     stress=windows)
    assert pair.worst > 0.85
    assert pair.tail > 0.85
    of = book([stock("A", "SPX", 1, "equity"), stock("A", "SPY", -10, "etf")],
              history=history("SPX", "SPY"))
    a = assessed(of, "stable-offsets-only")
    assert float(a.scan_risk.amount) == pytest.approx(0, abs=1e-6)


def ten_years_to(day, *factors):
    found = history(*factors)
    first = day.replace(year=day.year - 10)
    kept = [i for i, d in enumerate(found.dates) if first <= d <= day]
    return replace(found, dates=tuple(found.dates[i] for i in kept), levels=tuple(
        tuple(row[i] for i in kept) for row in found.levels))


def test_the_index_holds_with_the_nasdaq_and_fails_with_the_banks_in_july_2026():
    day, design = date(2026, 7, 16), shipped()["single-account-scan"]

    def decision(other, symbol):
        of = book([stock("A", "SPY", 10, "etf"), stock("A", symbol, -10, "etf")],
                  history=ten_years_to(day, "SPX", other))
        a = assessed(replace(of, as_of=day), with_knob(design, "offsets.asset_class", 0.9))
        level = Level.PRODUCT_GROUP if len(a.scan.groups) == 1 else Level.ASSET_CLASS
        return a.evidence.decision(level, 0, 1)

    banks = decision("XLF", "XLF")
    assert (banks.rate, banks.failed) == (0.0, "stable")
    assert dict(banks.figures)["lowest over 60"] == "0.16"
    nasdaq = decision("NDQ", "QQQ")
    assert nasdaq.failed == ""
    assert nasdaq.rate > 0


def exceeded(factor, stem, first, quantity, horizon=1):
    """Replay one holding under the scan through every day from a year on: dates not covered."""
    path = shared("data", "third_party", "market-lab", f"{stem}.csv")
    of = book([stock("A", factor, quantity)],
              history=read_histories([path], {stem: factor}).history)
    design = with_knob(shipped()["single-account-scan"], "mpor.equity", horizon)
    a = assessed(replace(of, as_of=date(2026, 8, 21)), design)
    replay = Replay(a, implied_volatilities(a.scan.holdings), RiskMap.of_rules(RULES), 100_000)
    losses = replay.losses(design)
    required = replay.requirements(a, losses, lambda done, doing: None)
    days = a.scan.holdings.market.history.dates
    return [days[place + horizon] for place, lost, asked in zip(
        losses.places, losses.losses, required, strict=True)
        if lost > asked and days[place + horizon].year >= first]


def test_days_outside_the_customer_ranges_are_those_of_the_notes():
    assert [d.isoformat() for d in exceeded("SPX", "px_GSPC", 1950, 10)] == [
        "1987-10-19", "1987-10-26", "2008-09-29", "2008-10-15", "2008-12-01", "2020-03-12",
        "2020-03-16"]
    assert len(exceeded("SPX", "px_GSPC", 1950, -10)) == 13
    assert len(exceeded("SPX", "px_GSPC", 1950, 10, horizon=2)) == 17
    assert len(exceeded("SPX", "px_GSPC", 1950, 10, horizon=5)) == 62


@pytest.mark.parametrize(("factor", "falls", "rises"), [
    ("TSLA", 8, 17), ("NVDA", 3, 7), ("AAPL", 0, 1), ("MSFT", 0, 1), ("JPM", 0, 1)])
def test_single_stocks_outside_fifteen_percent_are_those_of_the_notes(factor, falls, rises):
    stem = f"px_{factor}"
    short = FIRST if factor == "TSLA" else 0  # its first year passes before the replay begins
    long_side, short_side = (exceeded(factor, stem, 2010, q) for q in (10, -10))
    days, close = levels(stem)
    early = (np.diff(close) / close[:-1])[:short]
    assert len(long_side) + int((early < -0.15).sum()) == falls
    assert len(short_side) + int((early > 0.15).sum()) == rises
    assert days


def test_historical_shortfall_on_real_series_names_its_window():
    of = book([stock("A", "SPY", 10, "etf"), stock("A", "BTC", 0.01, "crypto")],
              history=history("SPX", "BTC"))
    a = assessed(of, with_knob(shipped()["full-netting"], "method", "historical"))
    told = dict(a.scan_risk.inputs)
    assert told["data window"] == "2016-03-22 to 2026-02-26, 2498 joint moves"
    assert a.scan_risk.amount > 0


def test_ten_designs_on_a_macro_book_through_real_history():
    of = book([stock("A", "SPY", 2000, "etf"), future("F", "ES", "SPX", -3, 50, "5000"),
               stock("A", "IWM", -1000, "etf"), stock("A", "TLT", 4000, "etf"),
               stock("A", "IBIT", 3000, "etp"), option("A", "SPX", "P", "4700", -2, "60")],
              history=history("SPX", "IWM", "TLT", "BTC"))
    chosen = tuple(d for d in shipped().values() if d.name != "two-model")
    [found] = experiment([of], chosen, Settings(days=120), rules=RULES).books
    by_name = {d.design: d for d in found.designs}
    assert by_name["full-netting"].saving > by_name["single-account-scan"].saving
    assert by_name["full-netting"].coverage.exceedances >= (
        by_name["single-account-scan"].coverage.exceedances)
    assert all(d.coverage.window.endswith("loss over 2 dates") for d in found.designs)
    assert by_name["filtered-hs-apc"].cyclicality.peak_to_trough > 1.02
