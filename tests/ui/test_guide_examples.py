"""The worked examples of the guide: what the pages state is what the workstation computes."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.ui.docks import sample
from tests.unit.collateral.test_mobility import PB, TODAY, VENUE, lot, silos
from workstation.base.resources import resource_root
from workstation.book.book import Book
from workstation.cli.main import main
from workstation.collateral.mobility import mobility
from workstation.collateral.pool import report
from workstation.parameters.ruleset import RuleSet
from workstation.ui.docks.collateral import CollateralDock, figures
from workstation.ui.docks.collateral_bars import MET, SHORT, obligation_bars

HELP = resource_root() / "help"
CLOSE = 0.01
"""Figures of the guide may lag behind the engine by so much before the page has to be redone."""


def rows_under(page, heading):
    """Return the cells of the table under a heading of a page, without its head."""
    text = (HELP / f"{page}.md").read_text("utf-8").split(heading, 1)[1]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def amount(text):
    return float(text.replace(",", ""))


def test_october_2025_under_silos_and_four_designs(capsys):
    """The command on the page gives the table on the page."""
    text = (HELP / "cascade.md").read_text("utf-8")
    [command] = re.findall(r"^crossmargin (cascade .*)$", text, re.MULTILINE)
    book = str(resource_root() / "books" / "meridian_macro.xlsx")
    words = [book if word == "meridian_macro.xlsx" else word for word in shlex.split(command)]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["regimes"]
    stated = rows_under("cascade", "## Worked example")
    assert [row[0] for row in stated] == [regime["title"] for regime in found]
    for row, regime in zip(stated, found, strict=True):
        for cell, field in zip(row[1:6], ("requirement", "withdrawn", "called", "sold",
                                          "total_loss"), strict=True):
            assert amount(cell) == pytest.approx(regime[field], rel=CLOSE, abs=1), (row[0], field)
        first = regime["first_sale"]
        assert row[6] == ("not up to 3 ×" if first is None else f"at {first:.2f} ×")
    [broke] = [regime["title"] for regime in found if regime["defaulted"]]
    assert broke == "Full netting, for reference, levered"


def reviewed(dollars):
    """Return the sample review holding the lots of the collateral example instead of its own."""
    lots = (lot("Treasuries", "2000000", "treasury", "0.02", 1),
            lot("shares", "600000", "equity", "0.25", 2),
            lot("bitcoin at the venue", "320000", "crypto", "0.2", 0, symbol="BTC"),
            lot("stablecoins elsewhere", dollars, "stablecoin", "0.02", 1, symbol="USDC"))
    book, rules = Book("Client", TODAY, (PB, VENUE), lots=lots), RuleSet(TODAY)
    held = report(book, rules)
    held = replace(held, mobility=mobility(book, held, rules, silos(CV_1=600_000)))
    return replace(sample.run(), book=book, collateral=held)


@pytest.fixture
def dock(qtbot):
    made = CollateralDock()
    qtbot.addWidget(made)
    return made


def test_enough_collateral_fails_a_same_day_call_and_the_panel_says_why(dock):
    run = reviewed("250000")
    stated = rows_under("collateral", "## Worked example")
    assert [(row[0], amount(row[1]), amount(row[3])) for row in stated] == [
        (item.lot, item.market_value, item.free_value) for item in run.collateral.lots]
    assert run.collateral.free_value == 2_911_000
    dock.show_run(run)
    assert ("Lots fall short by", "344,000") in [
        (figure.label, figure.value) for figure in figures(run.collateral)]
    dock.group_by("obligation")
    [bar] = [bar for bar in obligation_bars(run.collateral, "silos") if "CV-1" in bar.name]
    assert [(part.state, part.amount) for part in bar.parts] == [(MET, 256_000), (SHORT, 344_000)]
    assert bar.name in dock.chart().accessibleDescription()
    row = short(dock)
    assert row.reason.startswith("eligibility")
    assert row.barred == ("Treasuries: Treasury not taken; shares: equity not taken; "
                          "stablecoins elsewhere: arrives in 1 days, due in 0")
    assert row.price is None


def short(dock):
    """Return the one obligation that today's delivery leaves short, as the panel's table has it."""
    [row] = [row for row in dock.obligations.model.table.rows
             if row.shortfall and row.regime == "Today, account by account"]
    return row


def test_with_more_stablecoins_it_is_time_that_binds(dock):
    dock.show_run(reviewed("400000"))
    row = short(dock)
    assert row.reason == "time: 392,000 after haircut is accepted but arrives too late"
    text = (HELP / "collateral.md").read_text("utf-8")
    assert row.reason in text
    assert row.shortfall == Decimal(344_000)
