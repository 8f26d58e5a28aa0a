"""Rule 18a-3: who posts nothing, marks the client owes, legacy swaps."""

from dataclasses import replace

import pytest

from tests.rules.test_sbs_18a_3 import ACCOUNT, GRANTED, MILLION, ON, D, cds
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks.registry import account_margin

# Five years at 90 basis points is the row of 60 to 71 months: 5.5 % of what is sold.
SOLD = D("0.055") * 10 * MILLION


def answer(*positions, programme="", overlays=()):
    account = replace(ACCOUNT, programme=programme)
    book = Book("t", ON, (account,), positions, Market({}))
    return account_margin(account, resolve(book).of_account("S1"), RuleSet(ON, overlays))


def with_column(position, name, text):
    return replace(position, extras=((name, text),))


@pytest.mark.parametrize(("programme", "initial", "variation"), [
    ("", 1, 1), ("Commercial end user", 0, 0), ("financial intermediary", 0, 1),
    ("affiliate", 0, 1), ("Sovereign", 0, 1), ("third-party custodian", 0, 1),
    ("major participant", 0, 1), ("cross margin", 1, 1)])
def test_an_exception_leaves_what_the_rule_still_collects(programme, initial, variation):
    owed = with_column(cds("receive", 10), "mark_to_market", "-1,250,000")
    found = answer(owed, programme=programme).maintenance
    assert found.amount == initial * SOLD + variation * 1_250_000
    text = " ".join(node.label for _, node in found.walk())
    assert ("not collected" in text) == (not (initial and variation))


def test_marks_in_the_clients_favour_take_nothing_off_initial_margin():
    assert answer(with_column(cds("receive", 10), "MTM", "900000")).maintenance.amount == SOLD


def test_marks_of_one_account_net():
    marks = [with_column(cds("receive", 10), "mtm", "-900000"),
             with_column(cds("receive", 10, entity="Other"), "mtm", "400000")]
    assert answer(*marks).maintenance.amount == 2 * SOLD + 500_000


def test_a_legacy_swap_posts_no_initial_margin_and_still_its_mark():
    swap = replace(cds("receive", 10), extras=(("Legacy", "yes"), ("npv", "-5000")))
    found = answer(swap, cds("receive", 10, entity="Other")).maintenance
    assert found.amount == SOLD + 5000
    assert any("legacy swap" in node.label for _, node in found.walk())


def test_the_threshold_comes_off_initial_margin_alone():
    overlay = parse_edition(GRANTED, ON)
    swap = with_column(cds("receive", 10), "mtm", "-700000")
    assert answer(swap, overlays=(overlay,)).maintenance.amount == 700_000
