"""The standing of accounts in tables, documents and saved reviews."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.rules.securities_books import market, option, stock
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.projects.codec import Codec
from workstation.reports.margin_documents import encode
from workstation.reports.review_documents import review_document
from workstation.reports.summary import summary_text
from workstation.results.run import Run
from workstation.results.tables import (
    account_tests_table,
    accounts_status_table,
    all_tables,
    triggers_table,
)
from workstation.ui.docks.accounts import accounts_table
from workstation.workspace.review import Question, review

ON = date(2026, 6, 15)


@pytest.fixture(scope="module")
def run():
    accounts = (Account("A1", AccountType.REG_T, cash=Decimal(-8000)),
                Account("P1", AccountType.PORTFOLIO_MARGIN, cash=Decimal(200_000)),
                Account("U1", AccountType.CRYPTO_VENUE, cash=Decimal(1)))
    held = [stock(100, 100), option(-1, "C", 110, 1)]
    positions = (replace(held[0], where="Positions!A2"),
                 replace(held[1], account_id="P1", where="Positions!A3"))
    book = Book("Two accounts", ON, accounts, positions, Market({"XYZ": market()}))
    return review(Question(book, ()), RuleSet(ON))


def test_each_margined_account_has_one_row_and_the_call_is_named(run):
    table = accounts_status_table(run)
    assert [row.account for row in table.rows] == ["A1", "P1"]
    first = table.rows[0]
    assert (first.equity, first.required, first.excess, first.call) == (2000, 2500, -500, 500)
    assert first.call_by == "Maintenance"
    assert table.rows[1].call == 0


def test_tests_and_triggers_are_listed(run):
    rows = account_tests_table(run).rows
    assert {row.test for row in rows if row.account == "A1"} == {
        "Maintenance", "Minimum equity", "Regulation T", "Intraday margin"}
    assert all(row.citation for row in rows if row.test == "Regulation T")
    trigger, = triggers_table(run).rows
    assert trigger.where == "Positions!A2"
    assert float(trigger.price) == pytest.approx(8000 / 75)
    names = [table.name for table in all_tables(run)]
    assert names[1:4] == ["Account status", "Account tests", "Trigger prices"]


def test_documents_and_summary_state_the_call(run):
    document = json.loads(encode(review_document(run)))
    first = document["accounts"][0]
    assert (first["equity"], first["call"]) == (2000, 500)
    assert {test["name"]: test["met"] for test in first["tests"]}["Maintenance"] is False
    assert first["explain_equity"]["combine"] == "sum"
    assert "CALL 500" in summary_text(run)


def test_the_list_of_accounts_shows_equity_and_call(run):
    rows = {row.account_id: row for row in accounts_table(run).rows}
    assert (rows["A1"].equity, rows["A1"].excess, rows["A1"].call) == (2000, -500, 500)
    assert rows["U1"].equity is None


def test_a_saved_review_keeps_the_standing_and_an_older_one_has_none(run):
    codec = Codec(Run)
    assert codec.decode(codec.encode(run)) == run
    assert replace(run, statuses=()).status("A1") is None
