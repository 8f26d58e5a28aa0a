"""The distribution of past profits of cleared swaps accounts, and the tail that sets the margin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.rules.test_cleared_swaps import ACCOUNT, TODAY, history, row
from workstation.book.book import Book
from workstation.market.market import Market
from workstation.measures.historical import value_at_risk
from workstation.parameters.ruleset import RuleSet
from workstation.results.past_tails import distribution, windows_table
from workstation.ui.docks.past_tails import PastTailsDock
from workstation.workspace.review import Question, review


@pytest.fixture(scope="module")
def swaps():
    book = Book("swaps", TODAY, (ACCOUNT,), (), Market(history=history()),
                crif=(row("5y", 50_000.0), row("10y", -20_000.0)))
    return review(Question(book, ()), RuleSet(TODAY))


@pytest.fixture
def dock(shown, swaps):
    made = shown(PastTailsDock())
    made.show_run(swaps)
    return made


def words(dock):
    dock.canvas.redraw()
    return [item.text() for item in dock.canvas.scene().items() if hasattr(item, "text")]


def test_the_tail_of_the_chart_is_the_tail_of_the_margin(swaps):
    scaled, plain = swaps.tails
    assert len(plain.profits) == len(plain.ends) == 595
    assert plain.loss == value_at_risk(np.array(plain.profits), plain.confidence)
    margin = swaps.silos.accounts[0].maintenance
    tails = float(margin.parts[0].amount + margin.parts[1].amount)
    assert scaled.loss * scaled.weight + plain.loss * plain.weight == pytest.approx(tails)
    bars = distribution(plain)
    assert sum(bars.counts) == 595
    assert bars.edges[0] == min(plain.profits)
    worst = windows_table(plain).rows
    assert [r.profit for r in worst] == sorted(plain.profits)[:50]
    assert sum(bool(r.counts) for r in worst) == plain.beyond == 2


def test_each_set_of_moves_can_be_looked_at(dock, swaps):
    assert dock.moves.count() == 2
    assert any(text.startswith("tail: (") for text in words(dock))
    assert any("counts 75% of the margin" in text for text in words(dock))
    dock.moves.setCurrentIndex(1)
    dock._show()
    assert any("Moves as they were: the loss at 99.7%" in text for text in words(dock))
    assert dock.table.model.rowCount() == 50
    assert dock.canvas.accessibleDescription().startswith(
        "Moves as they were: the loss at 99.7%")


def test_without_cleared_swaps_the_panel_says_what_belongs_here(dock, swaps):
    dock.show_run(replace(swaps, tails=()))
    assert dock.is_empty


def test_a_gain_in_every_window_has_no_tail(dock, swaps):
    always = replace(swaps.tails[0], profits=tuple(abs(p) + 1 for p in swaps.tails[0].profits),
                     loss=0.0)
    dock.show_run(replace(swaps, tails=(always,)))
    assert not any(text.startswith("tail:") for text in words(dock))
    assert always.beyond == 0
