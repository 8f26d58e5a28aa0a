"""`python -m tests.benchmarks.book [--table] [--profile]`: a whole review of 10,000 positions.

American options on 50 stocks, the stocks and index futures, half of the securities in a portfolio
margin account and half under Regulation T unless told otherwise, with coins, swaps, collateral,
other participants and history beside them (`--securities` leaves those out): read from a workbook
and margined under every regime and all ten designs (`--securities`: the three of a new review).
Prints where the time goes, in the first review and after a changed quantity.
"""

import argparse
import cProfile
import json
import os
import platform
import pstats
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.benchmarks import wide_book
from tests.benchmarks.kernel import machine
from workstation.book.resolve import resolve
from workstation.harmonised.design import shipped
from workstation.harmonised.engine import assess
from workstation.kernels import LEVEL
from workstation.offsets.attribution import contributions
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks.registry import account_margin
from workstation.workspace.session import Session

AS_OF = date(2026, 11, 13)
EXPIRIES = tuple(AS_OF + timedelta(days) for days in (14, 35, 63, 126, 217, 399))
FUTURES = (("ESZ6", "SPX", 6722.75, 50), ("NQZ6", "NDX", 24_880.0, 20),
           ("RTYZ6", "RUT", 2_391.0, 50))
PORTFOLIO, REG_T, FUTURES_ACCOUNT = "PM", "RT", "FUT"


def large_workbook(path, positions=10_000, stocks=50, reg_t_share=0.5, seed=3, *, wide=False):
    """Write the book: 1 % futures, 9 % stock, the rest American options."""
    rng = np.random.default_rng(seed)
    names = [f"S{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(stocks)]
    price = dict(zip(names, np.round(rng.uniform(20, 400, stocks), 2).tolist(), strict=True))

    def owner():
        return REG_T if rng.random() < reg_t_share else PORTFOLIO

    rows = []
    for i in range(positions):
        if i % 100 == 0:
            symbol, under, at, multiplier = FUTURES[i // 100 % len(FUTURES)]
            rows.append((FUTURES_ACCOUNT, symbol, "future", under, int(rng.integers(-9, 10)) or 1,
                         at, multiplier, EXPIRIES[1], None, None, None))
            continue
        under = names[int(rng.integers(stocks))]
        if i % 11 == 0:
            rows.append((owner(), under, "equity", under, int(rng.integers(-40, 60)) * 100 or 100,
                         price[under], 1, None, None, None, None))
            continue
        rows.append(_option(rng, owner(), under, price[under]))
    _write(path, rows, price, wide=wide)
    return path


def _option(rng, account, under, spot):
    right = "C" if rng.random() < 0.5 else "P"
    strike = max(1, round(spot * (0.7 + 0.05 * int(rng.integers(13)))))
    expiry = EXPIRIES[int(rng.integers(len(EXPIRIES)))]
    inside = max((spot - strike) * (1 if right == "C" else -1), 0.0)
    mark = round(inside + spot * 0.4 * 0.3 * float(np.sqrt((expiry - AS_OF).days / 365)) + 0.05, 2)
    symbol = f"{under:<6}{expiry:%y%m%d}{right}{strike * 1000:08d}"
    return (account, symbol, "listed_option", under, int(rng.integers(-40, 41)) or 1, mark, 100,
            expiry, strike, right, "american")


def _write(path, rows, price, *, wide):
    accounts = [(PORTFOLIO, "portfolio_margin"), (REG_T, "reg_t"), (FUTURES_ACCOUNT, "futures")]
    held = {row[0] for row in rows}
    sheets = {
        "Accounts": (("account_id", "account_name", "account_type", "firm", "currency", "cash",
                      "as_of", "venue"),
                     [(name, "Large book", kind, "Firm", "USD", 50_000_000, AS_OF)
                      for name, kind in accounts if name in held]),
        "Positions": (wide_book.POSITIONS, rows),
        "Market": (("symbol", "price", "underlying_class", "iv", "rate", "dividend_yield", "adv",
                    "annual_volatility", "sector"),
                   [*((name, at, "equity", 0.4, 0.0375, 0.012, 9_000_000, 0.35, f"sector {i % 9}")
                      for i, (name, at) in enumerate(price.items())),
                    *((under, at, "broad_index", 0.18, 0.0375, 0.012, 40_000_000, 0.17, "index")
                      for _, under, at, _ in FUTURES)]),
    }
    if wide:
        sheets["Accounts"][1].extend(wide_book.accounts())
        rows.extend(wide_book.positions())
        sheets["Market"][1].extend(wide_book.market())
        sheets |= wide_book.sheets(price, np.random.default_rng(5))
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, (head, body) in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate((head, *body)):
                for j, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(i, j, cell)
                    elif cell is not None:
                        sheet.write(i, j, cell)


class Stages:
    """A progress listener that keeps how long each announced stage lasted."""

    def __init__(self):
        self.taken, self._doing, self._since = {}, None, time.perf_counter()

    def __call__(self, done, doing):
        self.close()
        self._doing = doing

    def close(self):
        now = time.perf_counter()
        if self._doing is not None:
            self.taken[self._doing] = self.taken.get(self._doing, 0.0) + now - self._since
        self._since = now


def timed(run):
    """Return the answer and its time, stage by stage, in seconds."""
    stages = Stages()
    started, busy = time.perf_counter(), time.process_time()
    answer = run(stages)
    stages.close()
    taken = stages.taken | {"whole": time.perf_counter() - started,
                            "whole, processor time": time.process_time() - busy}
    return answer, {stage: round(seconds, 3) for stage, seconds in taken.items()}


def measured(path, *, every_design):
    """Read and review a workbook, then change one quantity and review again."""
    session, reading = timed(lambda progress: Session.from_file(path, progress))
    if every_design:
        session.designs = tuple(shipped().values())
    _, first = timed(session.review)
    position = session.book.positions[1]
    session.replace_position(replace(position, quantity=position.quantity + 1))
    run, again = timed(session.review)
    regimes = [account.regime for account in run.silos.accounts]
    return {"positions": len(session.book.positions), "problems": len(run.problems),
            "left out of today's margin": len(run.silos.excluded), "regimes": regimes,
            "designs": [outcome.margin.name for outcome in run.designs],
            "import": reading["whole"], "first review": first, "changed quantity": again,
            "one regime at a time": by_regime(session, run),
            "leave-one-out of every position": released(session, run)}


def by_regime(session, run):
    """Return seconds a regime takes on its account, everything worked out anew."""
    taken = {}
    for account, margin in zip(run.book.accounts, run.silos.accounts, strict=True):
        holdings = resolve(session.book).of_account(account.account_id)
        started = time.perf_counter()
        account_margin(account, holdings, session.rule_set())
        taken[margin.regime] = round(time.perf_counter() - started, 3)
    return taken


def released(session, run):
    """Return seconds for what every position adds to each design, and what it releases."""
    holdings, rules = resolve(session.book), session.rule_set()
    volatility, taken = implied_volatilities(holdings), {}
    for design in session.designs:
        working = assess(design, session.book, holdings, volatility, run.silos, rules)
        started = time.perf_counter()
        if contributions(working):
            taken[design.name] = round(time.perf_counter() - started, 3)
    return taken


def table(report):
    """Return the breakdown as Markdown."""
    first, again = report["first review"], report["changed quantity"]
    lines = [f"{report['positions']:,} positions, {report['processors']} x {report['machine']}, "
             f"build {report['level']}.", "", "| stage | first, s | changed quantity, s |",
             "|---|---|---|", f"| Reading the workbook | {report['import']} | |"]
    lines += [f"| {stage} | {first[stage]} | {again.get(stage, 0.0)} |" for stage in first]
    for title in ("one regime at a time", "leave-one-out of every position"):
        lines += ["", f"| {title} | s |", "|---|---|"]
        lines += [f"| {name} | {seconds} |" for name, seconds in report[title].items()]
    return "\n".join(lines)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--positions", type=int, default=10_000)
    parser.add_argument("--reg-t", type=float, default=0.5, help="share in Regulation T")
    parser.add_argument("--securities", action="store_true",
                        help="securities and futures alone, the designs of a new review")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--profile", action="store_true", help="print the costliest functions")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = large_workbook(Path(folder) / "large.xlsx", chosen.positions,
                              reg_t_share=chosen.reg_t, wide=not chosen.securities)
        if chosen.profile:
            session, profile = Session.from_file(path), cProfile.Profile()
            profile.runcall(session.review)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
            return
        report = {"machine": machine(), "processors": os.cpu_count(), "level": LEVEL,
                  "python": platform.python_version(),
                  **measured(path, every_design=not chosen.securities)}
    print(table(report) if chosen.table else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
