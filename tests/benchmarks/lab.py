"""`python -m tests.benchmarks.lab`: designs on a large book, part by part.

10,000 positions on 60 underlyings in 4 accounts, 2,500 days of history. Prints one JSON object:
median milliseconds of each part.
"""

import json
import os
import platform
import statistics
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tests.unit.harmonised.books import account, flat_volatility, silos
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.engine import assess
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms
from workstation.lab.experiment import Settings, experiment
from workstation.market.history import History
from workstation.market.market import Market, Underlying
from workstation.offsets.ledger import ledger
from workstation.offsets.waterfall import bridge
from workstation.parameters.ruleset import RuleSet

AS_OF = date(2026, 3, 2)
SECTORS = ("Technology", "Banks", "Energy", "Health")
INDICES = (("SPX", "broad_index_high_cap"), ("NDX", "broad_index"), ("RUT", "broad_index"),
           ("BTC", "crypto"), ("ETH", "crypto"), ("GLD", "commodity"))
ACCOUNTS = (("PM", "portfolio_margin"), ("F", "futures"), ("S", "sbs"), ("V", "crypto_venue"))

KNOBS = (("offsets.product_group", Decimal("0.8"), Decimal("0.01")),
         ("buffer.rate", Decimal("0.1"), Decimal("0.01")),
         ("tests.rho_stress_min", Decimal("0.2"), Decimal("0.02")),
         ("tests.rolling_window", Decimal(80), Decimal(1)))


def large_market(underlyings, days, seed=11):
    random = np.random.default_rng(seed)
    names = [*INDICES, *((f"S{i:02d}", "equity") for i in range(underlyings - len(INDICES)))]
    driver = random.standard_normal(days)
    rows, levels = {}, []
    for i, (name, kind) in enumerate(names):
        weight = 0.7 + 0.25 * random.random()
        own = random.standard_normal(days)
        returns = 0.015 * (weight * driver + np.sqrt(1 - weight**2) * own)
        path = 100 * np.exp(np.cumsum(returns))
        levels.append(tuple(path * 100 / path[-1]))
        rows[name] = Underlying(
            name, Decimal(100), underlying_class=UnderlyingClass(kind), iv=Decimal("0.3"),
            adv=Decimal(5_000_000), annual_volatility=Decimal("0.3"),
            sector=SECTORS[i % len(SECTORS)] if kind == "equity" else "")
    dates = tuple(AS_OF - timedelta(days - 1 - d) for d in range(days))
    return Market(rows, history=History(dates, tuple(n for n, _ in names), tuple(levels)))


def large_book(positions=10_000, underlyings=60, days=2_500, seed=5):
    market = large_market(underlyings, days)
    random = np.random.default_rng(seed)
    names = list(market.underlyings)
    held = []
    for i in range(positions):
        under = names[int(random.integers(len(names)))]
        where = f"Positions!A{i + 2}"
        owner = ACCOUNTS[int(random.integers(len(ACCOUNTS)))][0]
        quantity = Decimal(int(random.integers(1, 50)) * (1 if random.random() < 0.5 else -1))
        if random.random() < 0.3:
            instrument = Instrument(under, AssetClass.EQUITY, under)
            held.append(Position(owner, instrument, quantity * 100, Decimal(100), where))
            continue
        strike = Decimal(int(random.integers(70, 131)))
        right = "C" if random.random() < 0.5 else "P"
        expiry = AS_OF + timedelta(int(random.choice([18, 46, 109, 200, 320])))
        terms = OptionTerms(right, strike, expiry, "european")
        instrument = Instrument(f"{under} {expiry} {strike}{right}", AssetClass.LISTED_OPTION,
                                under, multiplier=Decimal(100), terms=terms)
        held.append(Position(owner, instrument, quantity, Decimal(5), where))
    accounts = tuple(account(name, kind) for name, kind in ACCOUNTS)
    return Book("large", AS_OF, accounts, tuple(held), market)


def fresh(scan):
    """Return the scan without what was simulated on it."""
    return replace(scan)


def median_ms(run, repetitions=5):
    taken = []
    for _ in range(repetitions):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return round(1000 * statistics.median(taken), 1)


def main():
    of = large_book()
    holdings = resolve(of)
    volatility, today = flat_volatility(holdings, 0.3), silos(of)
    rules = RuleSet(of.as_of)
    design = shipped()["single-account-scan"]

    def answered(chosen, scan=None):
        return assess(chosen, of, holdings, volatility, today, rules, scan)

    first = answered(design)
    report = {"machine": platform.machine(), "processors": os.cpu_count(),
              "python": platform.python_version(), "numpy": np.__version__, "ms": {}}
    parts = report["ms"]
    parts["scan with pricing"] = median_ms(lambda: answered(design), 3)
    answered(with_knob(design, "offsets.cap", "0.99"), first.scan)
    for knob, start, step in KNOBS:
        values = iter(start + step * i for i in range(9))
        parts[f"after {knob}"] = median_ms(
            lambda knob=knob, values=values: answered(
                with_knob(design, knob, str(next(values))), first.scan))
    for method, draws in (("historical", 5000), ("simulated", 20_000)):
        tails = with_knob(with_knob(design, "method", method), "copula.draws", draws)
        parts[f"{method}, first"] = median_ms(lambda d=tails: answered(d, fresh(first.scan)), 3)
        parts[f"{method}, after buffer.rate"] = median_ms(
            lambda d=tails: answered(with_knob(d, "buffer.rate", "0.2"), first.scan), 3)
    parts["ledger"] = median_ms(lambda: ledger(first, rules), 3)
    parts["bridge"] = median_ms(lambda: bridge(first, today.maintenance.amount), 3)
    parts["lab of ten designs, 100 dates replayed"] = median_ms(
        lambda: experiment([of], tuple(shipped().values()), Settings(days=100), rules=rules), 1)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
