"""Where a broker's stated margin and ours part, how much, and what most likely explains it.

Causes are tested, not guessed: each is a figure of ours under one changed assumption (the broker's
price or quantity, no offsets, another basis, a round house multiplier), and it explains as much
of the difference as that change moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.results.account_breaks import Alternatives, account_breaks
from workstation.results.break_list import ZERO, Break, Cause, Reconciliation, ranked
from workstation.results.position_breaks import position_breaks
from workstation.results.run import Run
from workstation.results.stated import FILE, StatedFigure, in_currency

__all__ = ["Break", "Cause", "Reconciliation", "StatedFigure", "reconcile"]


def reconcile(run: Run, stated: Iterable[StatedFigure],
              alternatives: Alternatives | None = None) -> Reconciliation:
    """Match what is stated with a run, account by account and position by position."""
    figures, unknown = in_currency(stated, run)
    told = [_unconverted(figure, run) for figure in unknown]
    positions, lines = position_breaks(run, figures, told)
    accounts = account_breaks(run, [f for f in figures if not f.symbol], lines,
                              {f.account_id for f in unknown}, alternatives or {}, told)
    found = [_with_positions(each, positions) for each in accounts] + positions

    def order(each: Break) -> tuple[bool, bool, Decimal]:
        return each.status == "agrees", bool(each.symbol), -abs(each.difference)

    return Reconciliation(run.currency, tuple(sorted(found, key=order)),
                          tuple(dict.fromkeys(told)))


def _unconverted(figure: StatedFigure, run: Run) -> Problem:
    name = f"{figure.account_id} {figure.symbol}".strip()
    return Problem(figure.where or FILE, f"{name}: {figure.amount:,f} {figure.currency} is not "
                   f"compared: no exchange rate from {figure.currency} to {run.currency}",
                   f"add {figure.currency}{run.currency} to the client's Market sheet", "error")


def _with_positions(account: Break, positions: list[Break]) -> Break:
    """Add to an account's break what its positions' own breaks explain of it."""
    own = [each for each in positions if each.account_id == account.account_id
           and each.status != "agrees"]
    if account.status != "differs" or not own:
        return account
    most = max(own, key=lambda each: abs(each.difference))
    cause = Cause("positions", f"its positions differ ({len(own)} of them), {most.symbol} most: "
                  f"{most.likely}", sum((each.difference for each in own), ZERO))
    causes = tuple(each for each in account.causes if each.kind != "unknown")
    return replace(account, causes=ranked((*causes, cause), account.difference))
