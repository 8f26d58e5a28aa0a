"""The securities accounts of a book under each securities rulebook."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.progress import Progress, silent
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook, resolve
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.results.regimes_table import RegimeRow
from workstation.rulebooks.registry import account_margin, regime_of
from workstation.workspace.session import Session

SECURITIES = frozenset({AccountType.REG_T, AccountType.PORTFOLIO_MARGIN})
REG_T, STRATEGY, PORTFOLIO, HAIRCUTS = (
    "reg-t", "finra-4210-strategy", "finra-4210-portfolio", "rbh-15c3-1a")
NAMES = {REG_T: "Regulation T", STRATEGY: "strategy-based", PORTFOLIO: "portfolio margin",
         HAIRCUTS: "haircuts"}


def securities_regimes(session: Session, progress: Progress = silent) -> tuple[RegimeRow, ...]:
    """Return every securities account under four rulebooks, from the book as it stands."""
    book = session.book
    rules = session.rule_set()
    holdings = resolve(book)
    accounts = [a for a in book.accounts if a.account_type in SECURITIES]
    rows = []
    for number, account in enumerate(accounts):
        progress(number / len(accounts), f"Margining {account.account_id} four ways")
        rows.append(_row(account, holdings.of_account(account.account_id), rules))
    return tuple(rows)


def _row(account: Account, holdings: ResolvedBook, rules: RuleSet) -> RegimeRow:
    answers = {name: account_margin(account, holdings, rules, name) for name in NAMES}
    missing = "; ".join(f"{NAMES[name]}: {len(answer.excluded)}"
                        for name, answer in answers.items() if answer.excluded)
    return RegimeRow(
        account.account_id, regime_of(account), _amount(answers[REG_T], initial=True),
        _amount(answers[STRATEGY]), _amount(answers[PORTFOLIO]), _amount(answers[HAIRCUTS]),
        missing)


def _amount(answer: AccountMargin, *, initial: bool = False) -> Decimal | None:
    """Return an amount that covers every position; None where some are left out."""
    if answer.excluded:
        return None
    return answer.initial.amount if initial else answer.maintenance.amount
