"""A customer's shortfall and excess against initial margin, by class of customer funds.

The firm covers a shortfall with its own money (residual interest) until the class's deadline and
uses no other customer's; no withdrawal may leave an account below initial margin.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Explained, greater_of, leaf
from workstation.base.money import accounting
from workstation.base.vocabulary import AccountType
from workstation.measures.account_status import AccountStatus, AccountTest
from workstation.parameters.store import Edition
from workstation.rulebooks.span.portfolio import is_house

FOLDER = "customer_funds"
NAME = "Initial margin, customer funds"


def with_customer_funds(status: AccountStatus, account_type: AccountType, risk_profile: str,
                        required: Explained, edition: Edition) -> AccountStatus:
    """Return the standing with the test of the account's class; house accounts have none.

    `required` is initial margin as equity must meet it.
    """
    classes = {str(row["account_type"]): row for row in edition["classes"].rows}
    row = classes.get(str(account_type))
    if row is None or is_house(risk_profile) or not status.tests:
        return status
    equity = status.equity.amount
    cite = edition["classes"].cite
    call = greater_of("Shortfall the firm covers until it is met", leaf(
        "initial margin less equity", required.amount - equity, cite,
        initial_margin=accounting(required.amount), equity=accounting(equity),
        account_class=row["class"], until=row["until"]), leaf("nothing short", Decimal(0)),
        cite=cite)
    condition = "; ".join(filter(None, (
        status.tests[0].condition, f"class {row['class']}: the firm's residual interest covers a "
        f"shortfall until {row['until']}; only {edition['withdrawal'].text} may be withdrawn")))
    test = AccountTest(NAME, required, call, equity - required.amount, condition)
    return replace(status, tests=(*status.tests, test))
