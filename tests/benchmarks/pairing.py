"""Time the pairing and explanation of one class of 1,000 legs.

`python -m tests.benchmarks.pairing`; the goal is 0.2 seconds on one core.
"""

import random
import time
from datetime import date, timedelta

from tests.rules.securities_books import ACCOUNT, ON, book, market, option
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import strategy

STRIKES, EXPIRIES = 50, 10


def one_class():
    """Return 1,000 series of one underlying, long and short at random."""
    chosen = random.Random(1)
    held = []
    for n in range(EXPIRIES):
        expiry = date(2026, 7, 17) + timedelta(days=28 * n)
        for k in range(STRIKES):
            strike = 80 + 5 * k
            for right in "CP":
                inside = max(0, (100 - strike) * (1 if right == "C" else -1))
                held.append(option(chosen.choice([-5, -3, -2, -1, 1, 2, 3, 5]), right, strike,
                                   inside + 1 + abs(strike - 100) % 3, expiry))
    return resolve(book(held, market())).of_account("A1")


def main():
    holdings = one_class()
    strategy.margin(ACCOUNT, holdings, RuleSet(ON))
    start = time.process_time()
    answer = strategy.margin(ACCOUNT, holdings, RuleSet(ON))
    taken = time.process_time() - start
    print(f"{len(holdings)} legs, {answer.maintenance.amount:,.2f}, "
          f"{sum(1 for _ in answer.maintenance.walk())} lines: {taken:.3f} s")


if __name__ == "__main__":
    main()
