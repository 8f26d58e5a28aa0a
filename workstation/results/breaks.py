"""Where a broker's stated margin and ours part, how much, and what most likely explains it.

Causes are tested, not guessed: each is a figure of ours under one changed assumption (the broker's
price or quantity, no offsets, another basis, a round house multiplier), and it explains as much
of the difference as that change moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.book.positions import Position
from workstation.results.account_breaks import Alternatives, account_breaks
from workstation.results.break_list import ZERO, Break, Cause, Reconciliation, ranked
from workstation.results.position_breaks import position_breaks
from workstation.results.run import Run
from workstation.results.stated import FILE, StatedFigure, bare, in_currency

MOST_NAMED = 3
__all__ = ["Break", "Cause", "Reconciliation", "StatedFigure", "reconcile"]


def reconcile(run: Run, stated: Iterable[StatedFigure],
              alternatives: Alternatives | None = None) -> Reconciliation:
    """Match what is stated with a run, account by account and position by position."""
    figures, unknown = in_currency(stated, run)
    told = [_unconverted(figure, run) for figure in unknown]
    positions, lines = position_breaks(run, figures, told)
    accounts = account_breaks(run, [f for f in figures if not f.symbol], lines,
                              {f.account_id for f in unknown}, alternatives or {}, told)
    own = {bare(figure.account_id) for figure in figures if not figure.symbol}
    silent = _not_stated(run, positions)
    found = [_with_positions(each, positions, None if bare(each.account_id) in own
                             else silent.get(each.account_id)) for each in accounts] + positions

    def order(each: Break) -> tuple[bool, bool, Decimal]:
        return each.status == "agrees", bool(each.symbol), -abs(each.difference)

    return Reconciliation(run.currency, tuple(sorted(found, key=order)),
                          tuple(dict.fromkeys(told)))


def _unconverted(figure: StatedFigure, run: Run) -> Problem:
    name = f"{figure.account_id} {figure.symbol}".strip()
    return Problem(figure.where or FILE, f"{name}: {figure.amount:,f} {figure.currency} is not "
                   f"compared: no exchange rate from {figure.currency} to {run.currency}",
                   f"add {figure.currency}{run.currency} to the client's Market sheet", "error")


def _not_stated(run: Run, positions: list[Break]) -> dict[str, Cause]:
    """Return by account what its positions require alone that have no line of their own."""
    symbols = {p.where: p.instrument.symbol for p in run.book.positions}
    stated = {(each.account_id, symbols.get(each.ours_where)) for each in positions}
    alone = {row.where: row.amount for row in run.stand_alone}
    left: dict[str, list[Position]] = {}
    for position in run.book.positions:
        if (position.account_id, position.instrument.symbol) not in stated:
            left.setdefault(position.account_id, []).append(position)
    return {account: Cause("positions", f"no line stands for {_named(own, alone)}",
                           -sum((alone.get(p.where, ZERO) or ZERO for p in own), ZERO))
            for account, own in left.items()}


def _named(positions: list[Position], alone: Mapping[str, Decimal | None]) -> str:
    """Return positions by name, those that require most first."""
    order = sorted(positions, key=lambda p: -(alone.get(p.where) or ZERO))
    names = ", ".join(p.instrument.symbol for p in order[:MOST_NAMED])
    return names if len(order) <= MOST_NAMED else f"{names} and {len(order) - MOST_NAMED} more"


def _with_positions(account: Break, positions: list[Break], silent: Cause | None) -> Break:
    """Add to an account's break what its positions' own breaks explain of it.

    `silent` is what is not stated of an account that only its positions' lines stand for.
    """
    own = [each for each in positions if each.account_id == account.account_id
           and each.status != "agrees"]
    if account.status != "differs" or not (own or silent):
        return account
    told = tuple(each for each in account.causes if each.kind != "unknown")
    if silent is not None:
        told = (*told, silent)
    if not own:
        return replace(account, causes=ranked(told, account.difference))
    most = max(own, key=lambda each: abs(each.difference))
    cause = Cause("positions", f"its positions differ ({len(own)} of them), {most.symbol} most: "
                  f"{most.likely}", sum((each.difference for each in own), ZERO))
    return replace(account, causes=ranked((*told, cause), account.difference))
