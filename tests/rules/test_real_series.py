"""Offsets and coverage on real series: the figures of the notes, where the data lie beside."""

from datetime import date

import numpy as np
import pytest

from tests.shared import shared
from tests.unit.harmonised.books import assessed, book, stock
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.levels import Level
from workstation.market.history_files import read_histories
from workstation.measures.stability import StressWindow, comovements

FILES = {"px_GSPC": "SPX", "px_SPY": "SPY", "px_TLT": "TLT", "px_BTC_USD": "BTC", "px_IWM": "IWM",
         "px_ETH_USD": "ETH"}


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


def test_days_outside_the_customer_ranges_are_those_of_the_notes():
    days, close = levels("px_GSPC")
    moves = np.diff(close) / close[:-1]
    since = np.array([d.year >= 1950 for d in days[1:]])
    assert int((moves[since] < -0.08).sum()) == 7
    assert int((moves[since] > 0.06).sum()) == 13
    worst = [d.isoformat() for d, m in zip(days[1:], moves, strict=True)
             if m < -0.08 and d.year >= 1950]
    assert worst == ["1987-10-19", "1987-10-26", "2008-09-29", "2008-10-15", "2008-12-01",
                     "2020-03-12", "2020-03-16"]


@pytest.mark.parametrize(("stem", "falls", "rises"), [
    ("px_TSLA", 8, 17), ("px_NVDA", 3, 7), ("px_AAPL", 0, 1), ("px_MSFT", 0, 1), ("px_JPM", 0, 1)])
def test_single_stocks_outside_fifteen_percent_are_those_of_the_notes(stem, falls, rises):
    days, close = levels(stem)
    moves = np.diff(close) / close[:-1]
    since = np.array([d.year >= 2010 for d in days[1:]])
    assert (int((moves[since] < -0.15).sum()), int((moves[since] > 0.15).sum())) == (falls, rises)


def test_historical_shortfall_on_real_series_names_its_window():
    of = book([stock("A", "SPY", 10, "etf"), stock("A", "BTC", 0.01, "crypto")],
              history=history("SPX", "BTC"))
    a = assessed(of, with_knob(shipped()["full-netting"], "method", "historical"))
    told = dict(a.scan_risk.inputs)
    assert "2,500" in told["data window"] or "joint moves" in told["data window"]
    assert a.scan_risk.amount > 0
