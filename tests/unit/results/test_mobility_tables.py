"""Tables, documents and lines of the cheapest delivery, read from one made book."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.ui.docks import sample
from workstation.base.explain import leaf
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.estates import estates
from workstation.collateral.mobility import OnePool, mobility
from workstation.collateral.pool import report
from workstation.measures.requirement import AccountMargin, summed
from workstation.parameters.ruleset import RuleSet
from workstation.reports.collateral_documents import mobility_lines
from workstation.reports.review_documents import collateral_document
from workstation.results.mobility_tables import stressed_call
from workstation.results.tables import (
    all_tables,
    estates_table,
    matrix_table,
    moves_table,
    obligations_table,
    runway_table,
)

d = Decimal
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def run():
    """Two obligations; the venue is short because only 100,000 can be there the same day."""
    accounts = (Account("FCM-1", AccountType.FUTURES, firm="Birch Clearing"),
                Account("CV-1", AccountType.CRYPTO_VENUE, venue="Cobalt"))
    lots = (CollateralLot("bill", "FCM-1", "B", "treasury", d(1_000_000), d(1), haircut=d("0.02"),
                          settlement_lag=1, custodian="Birch Clearing"),
            CollateralLot("cash", "CV-1", "USD", "cash", d(100_000), d(1), haircut=d(0)))
    liens = (Lien("cash", d(40_000), "Cobalt", "margin CV-1"),)
    margins = []
    for name, amount in (("FCM-1", 490_000), ("CV-1", 150_000)):
        need = leaf(name, d(amount))
        margins.append(AccountMargin(name, "test", "USD", need, need, need.amount, need.amount))
    silos = summed("today", "USD", tuple(margins))
    book = Book("Client", TODAY, accounts, lots=lots, liens=liens)
    rules = RuleSet(TODAY)
    known = report(book, rules)
    designs = (OnePool("one", "One account", d(98_000)),)
    return replace(
        sample.run(), book=book, silos=silos, collateral=replace(
            known, mobility=mobility(book, known, rules, silos, designs),
            estates=estates(book, known, rules)))


def rows_of(table):
    return [tuple(table.text(row, column) for column in range(len(table.columns)))
            for row in range(len(table.rows))]


def test_the_matrix_ends_with_what_is_asked_short_and_the_price(run):
    table = matrix_table(run)
    assert [c.heading for c in table.columns][4:6] == ["FCM-1 (USD)", "CV-1 (USD)"]
    assert rows_of(table) == [
        ("bill", "B", "", "1,000,000", "500,000", "", "500,000", ""),
        ("cash", "USD", "", "60,000", "", "60,000", "0", ""),
        ("cash", "USD", "CV-1", "40,000", "", "40,000", "0", ""),
        ("asked after haircut", "", "", "", "490,000", "150,000", "", ""),
        ("short", "", "", "", "", "50,000", "", ""),
        ("1m more costs a year", "", "", "", "", "", "", "")]


def test_the_matrix_of_a_design_has_one_obligation_and_its_price(run):
    table = matrix_table(run, "one")
    assert [c.heading for c in table.columns][4] == "one pool (USD)"
    assert rows_of(table)[-1][4] == "1,020"  # 0.10 % a year over 98 % of value
    assert matrix_table(run, "unknown").rows == ()


def test_obligations_say_what_binds_and_what_is_barred(run):
    rows = {(row.regime, row.obligation): row for row in obligations_table(run).rows}
    venue = rows["Today, account by account", "CV-1"]
    assert (venue.requirement, venue.met, venue.shortfall) == (150_000, 100_000, 50_000)
    assert venue.reason.startswith("eligibility")
    assert venue.barred == "bill: Treasury not taken"
    assert rows["One account", "one pool"].shortfall == 0


def test_the_runway_sets_free_value_against_the_first_calls_of_the_scenario(run):
    assert stressed_call(run) == 1_200_000  # the sample's client is called first in step 1
    assert [(row.within, row.free, row.left) for row in runway_table(run).rows] == [
        (0, 60_000, -1_140_000), (1, 1_040_000, -160_000), (2, 1_040_000, -160_000)]
    assert [row.runway for row in runway_table(replace(run, cascade=None)).rows] == [None] * 3


def test_estates_add_up_to_the_lots(run):
    table = estates_table(run)
    assert sum(row.value for row in table.rows) == 1_100_000
    assert {row.holder for row in table.rows} == {"Birch Clearing", "Cobalt"}
    assert all(row.loss == row.value * (1 - row.recovery) for row in table.rows)


def test_every_table_is_among_all_and_none_without_lots(run):
    names = [table.name for table in all_tables(run)]
    wanted = {"Allocation matrix", "Margin obligations", "Collateral runway",
              "Collateral substitutions", "Collateral in insolvency"}
    assert wanted <= set(names)
    assert len(names) == len(set(names))
    bare = replace(run, collateral=replace(run.collateral, mobility=None, estates=()))
    assert not wanted & {table.name for table in all_tables(bare)}
    assert matrix_table(bare).rows == moves_table(bare).rows == obligations_table(bare).rows == ()


def test_the_document_carries_the_plans(run):
    body = json.loads(json.dumps(collateral_document(run)))
    today, liquid_last, one = body["allocation"]["plans"]
    assert liquid_last["title"] == "Today, most liquid kept first"
    assert (today["feasible"], today["shortfall"]) == (False, 50_000)
    assert [row["price_a_year"] for row in today["obligations"]] == [None, None]
    assert one["obligations"][0]["price_a_year"] == pytest.approx(0.001 / 0.98)
    assert body["allocation"]["present"]["cost_a_year"] == 180  # 40,000 at 0.45 %
    assert {row["holder"] for row in body["insolvency"]} == {"Birch Clearing", "Cobalt"}
    bare = replace(run, collateral=replace(run.collateral, mobility=None))
    assert collateral_document(bare)["allocation"] is None


def test_the_lines_name_the_shortfall_and_its_reason(run):
    text = "\n".join(mobility_lines(run.collateral))
    assert "CV-1              150,000 due the same day" in text
    assert "SHORT 50,000: eligibility" in text
    assert "soonest due and cheapest lot first would cost 0 more" in text
    assert "One account: 100 a year" in text
    assert "pledged now: 180 a year" in text
    bare = replace(run.collateral, mobility=None)
    assert list(mobility_lines(bare)) == []
