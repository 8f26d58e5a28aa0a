"""Accounts of a stated margin against ours, and what explains where they part."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.measures.requirement import AccountMargin
from workstation.results.break_list import (
    EXACT,
    LEAST,
    ZERO,
    Break,
    Cause,
    agree,
    house_multiplier,
    ranked,
)
from workstation.results.run import Run
from workstation.results.stated import Basis, StatedFigure, account_lines, bare

MOST_OFFSETS = 200
Alternatives = Mapping[str, Mapping[str, Decimal]]
"""By account: what it would post under another rulebook or edition, by its name."""


def account_breaks(run: Run, figures: Sequence[StatedFigure], lines: Sequence[StatedFigure],
                   unknown: Collection[str], alternatives: Alternatives, told: list[Problem]
                   ) -> Iterator[Break]:
    """Yield a break for every account stated or ours.

    Parameters
    ----------
    figures, lines
        What is stated for accounts, and for positions: their sum stands in where an account has
        no figure of its own.
    unknown
        Accounts whose figures have no exchange rate here.
    told
        Gets what was read with a doubt.
    """
    accounts = {account.account_id: account for account in run.silos.accounts}
    totals = _totals(run, figures, lines, told)
    for account_id, figure in totals.items():
        ours = accounts.get(_matched(account_id, accounts))
        if ours is None:
            yield Break(account_id, "", figure.basis, "only stated", None, figure.amount,
                        (Cause("account", "the book has no such account", figure.amount),),
                        figure.where)
        else:
            yield _account_break(run, ours, figure, alternatives.get(ours.account_id, {}))
    named = {_matched(account_id, accounts) for account_id in totals}
    foreign = {_matched(account_id, accounts) for account_id in unknown}
    for account_id, ours in accounts.items():
        if account_id not in named and (ours.maintenance.amount or ours.excluded):
            why = ("it is stated in a currency without an exchange rate here"
                   if account_id in foreign else "nothing is stated for this account")
            yield Break(account_id, "", "maintenance", "only ours", ours.maintenance.amount, None,
                        (Cause("account", why, -ours.maintenance.amount),), regime=ours.regime)


def _account_break(run: Run, ours: AccountMargin, figure: StatedFigure,
                   others: Mapping[str, Decimal]) -> Break:
    amount = _amount(ours, figure.basis)
    difference = figure.amount - amount
    if agree(figure.amount, amount):
        return Break(ours.account_id, "", figure.basis, "agrees", amount, figure.amount,
                     where=figure.where, regime=ours.regime)
    causes = (*_account_causes(run, ours, figure, difference),
              *_alternatives(others, figure, amount))
    return Break(ours.account_id, "", figure.basis, "differs", amount, figure.amount,
                 ranked(causes, difference), figure.where, regime=ours.regime)


def _totals(run: Run, figures: Sequence[StatedFigure], lines: Sequence[StatedFigure],
            told: list[Problem]) -> dict[str, StatedFigure]:
    """Return the account figures stated, maintenance first, else the sums of positions'."""
    only = run.book.accounts[0].account_id if len(run.book.accounts) == 1 else ""
    totals: dict[str, StatedFigure] = {}
    for figure in account_lines(figures, told):
        account_id = figure.account_id or only
        if account_id not in totals or figure.basis == "maintenance":
            totals[account_id] = figure
    sums: dict[str, StatedFigure] = {}
    for figure in lines:
        account_id = figure.account_id or only
        earlier = sums.get(account_id)
        sums[account_id] = StatedFigure(
            account_id, figure.amount + (earlier.amount if earlier else ZERO), figure.basis,
            where=earlier.where if earlier else figure.where)
    return {**sums, **totals}


def _matched(account_id: str, accounts: Mapping[str, AccountMargin]) -> str:
    """Return our name of an account the broker may write without dashes or leading zeros."""
    if account_id in accounts:
        return account_id
    ours = {bare(name): name for name in accounts}
    return ours.get(bare(account_id), "")


def _amount(margin: AccountMargin, basis: Basis) -> Decimal:
    return margin.initial.amount if basis == "initial" else margin.maintenance.amount


def _account_causes(run: Run, ours: AccountMargin, figure: StatedFigure,
                    difference: Decimal) -> Iterator[Cause]:
    yield from _other_basis(ours, figure)
    yield from _missing_offsets(ours, difference)
    yield from _house(run, ours, figure)
    if ours.excluded:
        yield Cause("incomplete", f"our figure leaves out {len(ours.excluded)} positions",
                    ZERO)


def _other_basis(ours: AccountMargin, figure: StatedFigure) -> Iterator[Cause]:
    """Test whether theirs is another figure of the same account."""
    amount = _amount(ours, figure.basis)
    for name, other in (("initial margin", ours.initial.amount),
                        ("maintenance margin", ours.maintenance.amount),
                        ("the requirement with option premium inside (gross)", ours.gross),
                        ("the requirement after option premium (net)", ours.net)):
        if other != amount and agree(figure.amount, other):
            yield Cause("basis", f"theirs is {name}", other - amount)


def _alternatives(known: Mapping[str, Decimal], figure: StatedFigure,
                  amount: Decimal) -> Iterator[Cause]:
    """Test whether theirs is the account's figure under another rulebook or edition."""
    for name, other in known.items():
        if not agree(other, amount) and agree(figure.amount, other):
            yield Cause("edition" if "edition" in name else "rulebook",
                        f"theirs is the requirement under {name}", other - amount)


def _missing_offsets(ours: AccountMargin, difference: Decimal) -> Iterator[Cause]:
    """Test whether theirs leaves out offsets we grant: one of them, or all."""
    granted = [offset for offset in ours.offsets[:MOST_OFFSETS] if offset.amount < 0]
    for offset in granted:
        if abs(difference + offset.amount) <= max(LEAST, EXACT * abs(difference)):
            yield Cause("offset", f"the offset {offset.kind} between "
                        f"{' and '.join(offset.between)} is not granted", -offset.amount)
    every = -sum((offset.amount for offset in granted), ZERO)
    if every and len(granted) > 1:
        yield Cause("offset", f"none of {len(granted)} offsets is granted", every)
    denied = [offset for offset in ours.offsets[:MOST_OFFSETS] if offset.would_save > 0]
    for offset in denied:
        if abs(difference + offset.would_save) <= max(LEAST, EXACT * abs(difference)):
            yield Cause("offset", f"the offset {offset.kind} between "
                        f"{' and '.join(offset.between)} is granted, which we deny: "
                        f"{offset.reason}", -offset.would_save)


def _house(run: Run, ours: AccountMargin, figure: StatedFigure) -> Iterator[Cause]:
    """Test whether theirs is ours times a round house multiplier, or our figure before it."""
    amount = _amount(ours, figure.basis)
    status = run.status(ours.account_id)
    if status is not None and status.regulatory is not None and agree(
            figure.amount, status.regulatory):
        yield Cause("house", "theirs is the regulatory minimum, without our house edition",
                    status.regulatory - amount)
    yield from house_multiplier(figure.amount, amount)
