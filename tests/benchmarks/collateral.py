"""`python -m tests.benchmarks.collateral`: allocation of 1,000 lots to 20 obligations, and graphs.

Prints one JSON object: median milliseconds of a cold allocation, of re-solves after one
requirement and after one lot changed, of partitioning 5,000 lots under 20,000 claims, and of the
cheapest delivery of a book of 1,000 lots and 20 accounts.
"""

import json
import platform
import statistics
import sys
import time
from datetime import date
from decimal import Decimal

import numpy as np

from workstation.base.explain import leaf
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.allocation import Cap, Lots, Obligations, Standing
from workstation.collateral.mobility import mobility
from workstation.collateral.pool import report
from workstation.measures.requirement import AccountMargin, summed
from workstation.parameters.ruleset import RuleSet

TODAY = date(2026, 11, 20)
KINDS = ("cash", "treasury", "agency", "equity", "etf", "crypto", "corporate_bond")


def made(lots=1_000, due=20, seed=3):
    """Return lots, obligations, haircuts and limits that can be met with little to spare."""
    random = np.random.default_rng(seed)
    own = random.choice([0.005, 0.02, 0.04, 0.08, 0.15, 0.25], (lots, 1))
    haircuts = np.where(random.random((lots, due)) < 0.35, 1.0,
                        own + 0.02 * random.random((lots, due)))
    value = random.lognormal(13, 1, lots)
    held = Lots(tuple(map(str, range(lots))), value, random.uniform(0.001, 0.009, lots),
                random.integers(0, 3, lots).astype(float))
    asked = random.uniform(0.5, 1.5, due)
    asked *= 0.45 * value.sum() / asked.sum()
    caps = [Cap(o, tuple(range(o, lots, 7)), 0.2) for o in range(0, due, 3)]
    return held, Obligations(tuple(map(str, range(due))), asked,
                             random.integers(0, 3, due).astype(float)), haircuts, caps


def book(lots=1_000, accounts=20, liens=0, seed=4):
    """Return a book of lots under claims, and its requirement by account."""
    random = np.random.default_rng(seed)
    types = [kind for kind in AccountType if kind is not AccountType.CRYPTO_SPOT]
    owned = tuple(Account(f"A{n}", types[n % len(types)], firm=f"Firm {n}")
                  for n in range(accounts))
    held = tuple(
        CollateralLot(f"L{n}", f"A{n % accounts}", f"S{n}", KINDS[n % len(KINDS)],
                      Decimal(int(random.integers(1_000, 100_000))), Decimal(1),
                      haircut=Decimal("0.05"), settlement_lag=int(random.integers(0, 3)))
        for n in range(lots))
    claims = tuple(
        Lien(f"L{n % lots}", Decimal(int(random.integers(1, 300))), f"P{n // lots}",
             reuse=Decimal("0.5"), parent=f"P{n // lots - 1}" if n % 3 == 0 and n >= lots else "")
        for n in range(liens))
    margins = []
    for account in owned:
        need = leaf(account.account_id, Decimal(int(random.integers(100_000, 900_000))))
        margins.append(AccountMargin(account.account_id, "test", "USD", need, need, need.amount,
                                     need.amount))
    return (Book("Bench", TODAY, owned, lots=held, liens=claims),
            summed("today", "USD", tuple(margins)))


def timed(work, times=7):
    """Return median milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(1e3 * (time.perf_counter() - start))
    return round(statistics.median(taken), 2)


def warm(change):
    """Return median milliseconds of a re-solve after `change(standing, turn)`."""
    standing = Standing(*made())
    standing.allocation()
    taken = []
    for turn in range(20):
        change(standing, turn)
        start = time.perf_counter()
        standing.allocation()
        taken.append(1e3 * (time.perf_counter() - start))
    return round(statistics.median(taken), 2)


def main():
    """Run and print."""
    held, due, haircuts, caps = made()
    Standing(held, due, haircuts, caps).allocation()  # the solver is imported once
    graph, _ = book(5_000, 20, 20_000)
    whole, silos = book()
    rules = RuleSet(TODAY)
    known = report(whole, rules)
    print(json.dumps({
        "allocation_1000x20_cold_ms": timed(
            lambda: Standing(held, due, haircuts, caps).allocation()),
        "allocation_1000x20_one_requirement_ms": warm(
            lambda s, n: s.require(n, float(due.requirement[n]) * 1.02)),
        "allocation_1000x20_one_lot_ms": warm(
            lambda s, n: s.hold(7 * n, float(held.market_value[7 * n]) * 0.5)),
        "graph_5000_lots_20000_claims_ms": timed(lambda: report(graph, rules), 3),
        "book_1000_lots_20_accounts_ms": timed(
            lambda: mobility(whole, known, rules, silos), 3),
        "python": platform.python_version(),
    }, indent=1))


if __name__ == "__main__":
    sys.exit(main())
