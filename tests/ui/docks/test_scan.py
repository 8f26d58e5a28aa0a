"""The scan dock: accounts and portfolios offered, lines drawn, the binding point named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workstation.results.scans import ScanLine, ScanProfile
from workstation.ui.docks.scan import ScanDock
from workstation.ui.plots import scan_lines

MOVES = ("-8 %", "-4 %", "+3 %", "+6 %")


def profile(account, portfolio, parts, total, **more):
    return ScanProfile(account, "finra-4210-portfolio", portfolio, "USD", ("1", "2", "3", "4"),
                       parts, total, total.index(min(total)) if min(total) < 0 else None, **more)


INDICES = profile("PM-2", "broad indices", (
    ScanLine("SPX", (-5000.0, -2000.0, 1500.0, 3000.0), MOVES),
    ScanLine("NDX", (1000.0, 500.0, -400.0, -900.0), MOVES)),
    (-4100.0, -1550.0, 0.0, 0.0), note="gains count in part against other groups")
QUIET = profile("PM-2", "AAPL", (ScanLine("AAPL", (9.0, 5.0, 3.0, 8.0), MOVES),),
                (9.0, 5.0, 3.0, 8.0), minimum=75.0)
MANY = profile("PM-9", "all", tuple(
    ScanLine(f"G{n}", (-float(n), 1.0, 2.0, float(n)), MOVES) for n in range(1, 9)),
    (-36.0, 8.0, 16.0, 36.0))


@pytest.fixture
def scanned(run):
    return replace(run, scans=(INDICES, QUIET, MANY))


@pytest.fixture
def dock(shown, scanned):
    made = shown(ScanDock())
    made.show_run(scanned)
    return made


def words(dock):
    dock.canvas.redraw()
    return [item.text() for item in dock.canvas.scene().items() if hasattr(item, "text")]


def hints(dock):
    dock.canvas.redraw()
    return [item.toolTip() for item in dock.canvas.scene().items() if item.toolTip()]


def test_without_a_scan_it_says_what_would_be_here(shown, run):
    made = shown(ScanDock())
    made.show_run(run)
    assert made.is_empty


def test_accounts_and_portfolios_are_offered_with_what_they_ask_for(dock):
    assert [dock.account.itemText(n) for n in range(dock.account.count())] == ["PM-2", "PM-9"]
    assert dock.portfolio.itemText(0) == "broad indices    4,100"
    assert dock.points.model.table.rows[0].name == "counted"


def test_the_binding_point_is_marked_and_named(dock):
    said = words(dock)
    assert "Point 1 (-8 %) of 4 binds: 4,100 USD." in said
    assert "binds: (4,100)" in said
    assert "point 1: -8 % binds with a loss of 4,100 USD" in dock.canvas.accessibleDescription()
    assert any("Point 2: -4 %" in tip and "NDX" in tip for tip in hints(dock))


def test_a_minimum_that_binds_is_said(dock):
    dock.portfolio.setCurrentIndex(1)
    dock.portfolio.activated.emit(1)
    assert "The minimum binds: 75 USD; the scan loses 0 USD at most." in words(dock)
    assert scan_lines.NOTHING_LOST in dock.canvas.accessibleDescription()


def test_lines_are_few_and_the_others_counted(dock):
    dock.show_account("PM-9")
    said = words(dock)
    assert "and 3 smaller" in said
    assert "G8" in said
    assert "G1" not in said
    assert len(dock.points.model.table.rows) == 9


def test_the_portfolio_looked_at_stays_when_figures_change(dock, scanned):
    dock.portfolio.setCurrentIndex(1)
    dock.show_run(replace(scanned, scans=(QUIET, INDICES)))
    assert dock.profile == QUIET


def test_choosing_an_account_announces_it(dock, qtbot):
    dock.account.setCurrentIndex(1)
    with qtbot.waitSignal(dock.account_chosen) as got:
        dock.account.activated.emit(1)
    assert got.args == ["PM-9"]


@pytest.mark.parametrize("size", [(900, 600), (420, 180), (300, 120)])
def test_it_draws_at_every_size_and_in_both_palettes(dock, palette, size):
    dock.resize(*size)
    dock.apply_theme(palette)
    assert words(dock)


def test_scenarios_in_no_order_of_price_stand_as_bars(shown, run):
    losses = tuple(float(n * (-1) ** n) for n in range(16))
    sixteen = ScanProfile("F", "span", "EQX", "USD", tuple(map(str, range(1, 17))),
                          (ScanLine("EQ", losses), ScanLine("EQO", losses[::-1])),
                          losses, losses.index(min(losses)))
    made = shown(ScanDock())
    made.show_run(replace(run, scans=(sixteen,)))
    assert not sixteen.is_ordered
    made.canvas.redraw()
    edges = [item.rect() for item in made.canvas.scene().items()
             if hasattr(item, "rect") and not item.toolTip() and item.pen().style()
             and item.brush().style()]
    assert len(edges) >= 16
    assert "Point 16 of 16 binds: 15 USD." in words(made)
