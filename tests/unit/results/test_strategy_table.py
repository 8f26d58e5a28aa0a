"""Strategies as a table: figures agree with the requirement they were taken from."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.results.made_run import made_run
from workstation.measures.requirement import Offset
from workstation.results.strategy_table import amount_of, pairings_table, strategies_table
from workstation.workspace.session import Session, sample_books

D = Decimal


@pytest.fixture(scope="module")
def run():
    return Session.from_file(next(p for p in sample_books() if "larkfield" in p.stem)).review()


def test_strategies_come_with_what_they_ask_for_and_save(run):
    rows = strategies_table(run).rows
    collar = next(row for row in rows if row.name.startswith("collar"))
    assert (collar.account, collar.underlying) == ("LK-1", "JPM")
    assert collar.contracts == 50
    assert collar.alone - collar.requirement == pytest.approx(collar.saving)
    assert collar.decision == "found"
    assert "4210(f)(2)(H)" in collar.reason
    assert [row.saving for row in rows] == sorted((row.saving for row in rows), reverse=True)


def test_every_strategy_found_is_a_part_of_its_accounts_requirement(run):
    for row in strategies_table(run).rows:
        node = amount_of(run, row)
        assert node is not None
        assert abs(node.amount - row.requirement) < D("0.01")


def test_a_denied_pair_says_why_and_stands_for_no_amount():
    denied = Offset("strategy", ("SPX  A", "SPX  B"), "denied", "no spread: European; American",
                    D(0), ("PB-1",), "same underlying", (("contracts", "3"),), D(1200),
                    "a long option of the same style")
    credit = Offset("inter-commodity credit", ("EQ", "NT"), "granted", "priority 2", D(-500),
                    ("FCM-1",))
    base = made_run()
    made = replace(base, silos=replace(base.silos, offsets=(credit, denied)))
    first, second = strategies_table(made).rows
    assert (first.decision, first.would_save, first.contracts) == ("denied", D(1200), D(3))
    assert first.reason == "no spread: European; American"
    assert first.legs == "SPX A / SPX B"
    assert first.requirement is None
    assert amount_of(made, first) is None
    assert (second.kind, second.saving, second.name) == (
        "inter-commodity credit", D(500), "inter-commodity credit")


def test_pairings_say_what_the_alternatives_would_have_cost(run):
    pairs, classes = strategies_table(run).rows, pairings_table(run).rows
    assert {row.underlying for row in classes} == {row.underlying for row in pairs}
    assert sum(row.saving for row in classes) == pytest.approx(sum(row.saving for row in pairs))
    for row in classes:
        assert row.requirement <= row.alone
        assert row.greedy is None or row.over_greedy >= D("-0.01")
    assert [row.saving for row in classes] == sorted((r.saving for r in classes), reverse=True)
    assert pairings_table(made_run()).rows == ()
