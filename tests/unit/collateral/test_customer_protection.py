"""Rule 15c3-3 by account: the 140 % limit, fully paid securities, short proceeds."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.securities_books import ACCOUNT, ON, bond, book, market, option, stock
from workstation.base.vocabulary import AccountType
from workstation.collateral import pool
from workstation.collateral.haircuts import size_haircut
from workstation.collateral.measures import rule_15c3_3
from workstation.parameters.ruleset import RuleSet
from workstation.projects.codec import Codec
from workstation.reports.margin_documents import encode
from workstation.reports.review_documents import review_document
from workstation.results.run import Run
from workstation.results.tables import protection_table
from workstation.workspace.review import Question, review

D = Decimal


def split(cash, *positions, account_type=AccountType.REG_T, on=ON, other=()):
    made = book(positions, market(), on=on)
    account = replace(ACCOUNT, cash=D(cash), account_type=account_type, other_cash=other)
    return pool.report(replace(made, accounts=(account,)), RuleSet(on)).protection


@pytest.mark.parametrize(("cash", "pledgeable", "excess", "paid"), [
    (-5000, 7000, 3000, 0),  # 140 % of 5,000
    (-8000, 10000, 0, 0),    # the debit reaches past the securities
    (0, 0, 0, 10000),
    (2500, 0, 0, 10000),
])
def test_the_limit_on_margin_securities(cash, pledgeable, excess, paid):
    found, = split(cash, stock(100, 100))
    assert (found.pledgeable.amount, found.excess, found.fully_paid) == (pledgeable, excess, paid)
    assert found.locked.amount == excess + paid


def test_securities_that_carry_no_margin_are_fully_paid():
    found, = split(-5000, stock(100, 100),
                   stock(10, 50, "NEW", extras=(("Marginable", "no"),)))
    assert found.fully_paid == 500
    assert found.locked.amount == 3000 + 500


def test_proceeds_of_short_sales_do_not_reduce_the_debit():
    found, = split(2000, stock(100, 100), stock(-50, 100, "ABC"))
    assert found.debit.amount == 5000 - 2000
    assert found.pledgeable.amount == D("1.4") * 3000


def test_options_are_neither_and_foreign_cash_counts():
    found, = split(-3000, stock(10, 100), option(5, "C", 100, 7), bond(1000, 90),
                   other=(("EUR", D(100)),))
    assert found.debit.amount == 3000  # no euro rate in the book
    assert found.pledgeable.amount + found.locked.amount == 1000 + 900


def test_other_account_types_and_days_before_the_rule_have_none():
    assert split(-5000, stock(100, 100), account_type=AccountType.FUTURES) == ()
    made = book([stock(100, 100)], market(), on=date(1970, 1, 2))
    assert pool.report(made, RuleSet(date(1970, 1, 2))).protection == ()


@given(st.integers(-30000, 30000), st.integers(0, 200), st.integers(0, 200))
def test_what_may_be_pledged_and_what_is_locked_are_all_there_is(cash, long, short):
    held = [stock(long, 100), stock(-short, 100, "ABC")]
    for found in split(cash, *held):
        assert found.pledgeable.amount + found.locked.amount == long * 100
        assert 0 <= found.pledgeable.amount <= D("1.4") * found.debit.amount


def test_table_document_and_saved_review():
    made = book([stock(100, 100)], market())
    run = review(Question(replace(made, accounts=(replace(ACCOUNT, cash=D(-5000)),)), ()),
                 RuleSet(ON))
    row, = protection_table(run).rows
    assert (row.pledgeable, row.locked) == (7000, 3000)
    body = json.loads(encode(review_document(run)))["collateral"]["customer_protection"]
    assert body[0]["may_be_repledged"] == 7000
    codec = Codec(Run)
    assert codec.decode(codec.encode(run)) == run


def test_a_customer_without_a_debit_has_everything_locked_up():
    """A net credit is owed to the customer: no security may be pledged against it."""
    got = rule_15c3_3(Decimal(-100), Decimal(500), Decimal("1.4"))
    assert (got.pledgeable, got.excess_margin) == (0, 500)


def test_a_lot_without_a_market_counts_nothing():
    assert size_haircut(100.0, 0.0, 1, 0.02, 1.0, 0.25) == 1.0
    assert size_haircut(0.0, 0.0, 1, 0.02, 1.0, 0.25) == 0.0
