"""Margin-call notices of a run: one for each account that is called, due as the editions say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from workstation.base.money import accounting
from workstation.base.wording import asset_class_words
from workstation.book.accounts import Account
from workstation.measures.account_status import AccountStatus, AccountTest
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.reports.dossier.pack import data_hash
from workstation.reports.template import Template
from workstation.results.notice import Notice, NoticeLine, Terms, worked
from workstation.results.run import Run

FOLDER, ALLOCATION = "margin_calls", "allocation"
HOLIDAYS = "market_holidays"
OWN_THRESHOLD = "uncleared_swaps"
SATURDAY = 5
ZERO = Decimal(0)


def notices(run: Run, rules: RuleSet, template: Template,
            account_id: str | None = None) -> tuple[Notice, ...]:
    """Return the notice of every account that is called now, or of one account."""
    edition = rules.edition(FOLDER)
    found = []
    for status in run.statuses:
        owed = status.first_call
        if owed is None or not status.cash_stated or account_id not in (None, status.account_id):
            continue
        found.append(_notice(run, run.book.account(status.account_id), status, owed, edition,
                             rules, template))
    return tuple(found)


def _notice(run: Run, account: Account, status: AccountStatus, owed: AccountTest,
            edition: Edition, rules: RuleSet, template: Template) -> Notice:
    kind = str(account.account_type)
    period = _period(edition, kind, owed.name)
    closed = _closed(edition)
    due = after_business_days(run.as_of, int(period["days"]), closed)
    agreed = template.call
    terms = Terms(agreed.minimum_transfer, agreed.rounding,
                  None if kind == OWN_THRESHOLD else agreed.threshold, agreed.delivery,
                  agreed.cut_off, agreed.agreement, template.contact, agreed.agreement_date)
    lines, called = worked(owed.call.amount, terms)
    start: tuple[NoticeLine, ...] = (
        NoticeLine("Required of equity", owed.required.amount, str(owed.required.cite or "")),
        NoticeLine("Less equity", -status.equity.amount,
                   f"net liquidating value {accounting(status.equity.amount, 2)}"))
    short = owed.required.amount - status.equity.amount
    gap = owed.call.amount - short
    if gap:
        start += (NoticeLine("As the rule counts the deficiency", gap, str(owed.call.cite or "")),)
    return Notice(
        account.account_id, kind, run.book.name, account.firm or account.venue or template.firm,
        run.as_of, run.currency, owed.name, status.regime,
        str(owed.call.cite or owed.required.cite or ""), status.equity.amount,
        owed.required.amount, owed.call.amount, (*start, *lines), called,
        due, str(period["basis"]), str(edition["payment_periods"].cite),
        counted(run.as_of, due, closed), _takes(rules, kind), edition["rights"].text, terms,
        data_hash(run), run.product_version, template.lei.get(run.book.name, ""),
        template.lei.get(account.firm, ""))


def _period(edition: Edition, kind: str, test: str) -> Mapping[str, Any]:
    rows = [row for row in edition["payment_periods"].rows if row["account_type"] == kind]
    own = [row for row in rows if row["test"] and test.startswith(row["test"])]
    return (own or [row for row in rows if not row["test"]])[0]


def _closed(edition: Edition) -> tuple[date, ...]:
    """Return the market's holidays; none where a kept edition is from before they were listed."""
    return tuple(row["on"] for row in edition[HOLIDAYS].rows) if HOLIDAYS in edition else ()


def after_business_days(start: date, days: int, closed: Collection[date] = ()) -> date:
    """Return the day some business days later: weekdays on which the market is not closed."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY and day not in closed
    return day


def counted(start: date, due: date, closed: Collection[date]) -> str:
    """Say in a sentence which days a due date counts."""
    known = {day.year for day in closed}
    unknown = [str(year) for year in range(start.year, due.year + 1) if year not in known]
    if unknown:
        return ("The due date counts weekdays; the market's holidays of "
                f"{' and '.join(unknown)} are not in the edition and would move it.")
    passed = [f"{day:%Y-%m-%d}" for day in sorted(closed) if start < day <= due]
    skipped = f", without {' and '.join(passed)}" if passed else ""
    return f"The due date counts days on which the New York Stock Exchange is open{skipped}."


def _takes(rules: RuleSet, kind: str) -> tuple[str, ...]:
    """Return the asset classes that may meet a call of an account type."""
    if not rules.has(ALLOCATION):
        return ()
    rows = rules.edition(ALLOCATION)["obligations"].rows
    return next((tuple(asset_class_words(str(name)) for name in row["takes"])
                 for row in rows if row["account_type"] == kind), ())
