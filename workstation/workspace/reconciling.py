"""Reconcile a run with what a broker states: in a file of its own, or beside the positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.book.accounts import Account
from workstation.book.resolve import resolve
from workstation.importers.stated_margin import StatedFile, own_margin_column, read_stated
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, NoParametersInForceError
from workstation.results.breaks import Reconciliation, reconcile
from workstation.results.run import Run
from workstation.rulebooks.registry import account_margin, regime_of
from workstation.workspace.compare import NAMES, REG_T, SECURITIES

OWN_COLUMN = "own margin column"


def reconciled(run: Run, path: Path | None,
               overlays: Sequence[Edition] = ()) -> tuple[Reconciliation, StatedFile]:
    """Return the breaks between a run and a file of stated margin, or the book's own column.

    `overlays` are the firm's editions the run was computed with. Raises UnusableInputError where
    nothing is stated.
    """
    if path is not None:
        stated = read_stated(path)
        first = reconcile(run, stated.figures)
        doubtful = {each.account_id for each in first.breaks if each.status == "differs"}
        others = {account.account_id: alternatives(run, account, overlays)
                  for account in run.book.accounts if account.account_id in doubtful}
        return reconcile(run, stated.figures, others), stated
    figures = own_margin_column(run.book.positions)
    if not figures:
        raise UnusableInputError(Problem(
            run.book.name, "its file has no margin column to reconcile with",
            "name the broker's file with --stated, or add a column such as Margin Requirement"))
    return reconcile(run, figures), StatedFile(OWN_COLUMN, "", figures)


def alternatives(run: Run, account: Account, overlays: Sequence[Edition]) -> dict[str, Decimal]:
    """Return what one account would post under other rulebooks, and under earlier editions."""
    holdings = resolve(run.book).of_account(account.account_id)
    now = RuleSet(run.as_of, overlays)
    own = regime_of(account)
    found: dict[str, Decimal] = {}
    for name, words in NAMES.items() if account.account_type in SECURITIES else ():
        if name != own:
            margin = account_margin(account, holdings, now, name)
            amount = margin.initial if name == REG_T else margin.maintenance
            found |= {} if margin.excluded else {words: amount.amount}
    for edition in run.editions:
        before = edition.effective - timedelta(days=1)
        try:
            margin = account_margin(account, holdings, RuleSet(before, overlays), own)
        except NoParametersInForceError:
            continue
        if not margin.excluded:
            found[f"the edition of {edition.rule} before {edition.effective}"] = (
                margin.maintenance.amount)
    return found
