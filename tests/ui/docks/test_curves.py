"""Curves of a moved book: asked for, drawn as lines and maps, shown as a table, cancelled."""

from dataclasses import replace

import pytest

from workstation.lab.scenarios import Shock
from workstation.lab.stress import stressed
from workstation.parameters.ruleset import RuleSet
from workstation.ui.docks.curves import CurvesDock, chart_of, grid_of
from workstation.ui.plots import curve_lines
from workstation.ui.tokens import LIGHT
from workstation.workspace.curves import EVERYTHING, curve_question, curves, moving_factors
from workstation.workspace.session import Session, sample_books

SMALL = {"moves": (-0.2, 0.0, 0.2), "map_moves": (-0.2, 0.2), "map_volatilities": (0.1, 0.0)}


@pytest.fixture(scope="module")
def session():
    opened = Session.from_file(next(b for b in sample_books() if "macro" in b.stem))
    opened.run = opened.review()
    return opened


@pytest.fixture(scope="module")
def found(session):
    question = curve_question(session, EVERYTHING, "single-account-scan")
    return curves(session, replace(question, **SMALL))


@pytest.fixture
def dock(qtbot, session):
    made = CurvesDock()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.show_run(session.run)
    return made


def test_nothing_moved_gives_the_review_itself(session, found):
    still = found.points[1]
    assert still.move == 0.0
    assert still.profit == pytest.approx(0.0, abs=1e-6)
    assert still.silos == pytest.approx(float(session.run.silos.maintenance.amount))
    design = session.run.design("single-account-scan").margin.requirement.amount
    assert still.design == pytest.approx(float(design))


def test_a_point_is_the_full_calculation_on_the_moved_book(session, found):
    rules = RuleSet(session.book.as_of)
    names = moving_factors(session.book, rules)
    assert {"BTC", "SPX"} <= set(names)
    assert not {"USDC", "UST-10Y"} & set(names)
    moved = stressed(session.book, Shock("down", dict.fromkeys(names, -0.2), {}, {}), rules)
    again = Session(moved).review()
    assert found.points[0].silos == pytest.approx(float(again.silos.maintenance.amount))


def test_cells_without_a_change_of_volatility_lie_on_the_curve(found):
    unchanged = {c.move: c for c in found.cells if c.volatility == 0.0}
    for point in (found.points[0], found.points[-1]):
        assert unchanged[point.move].profit == pytest.approx(point.profit)
        assert unchanged[point.move].silos == pytest.approx(point.silos)


def test_one_factor_moves_alone(session):
    question = replace(curve_question(session, "ETH", ""), **{
        **SMALL, "map_moves": (), "map_volatilities": ()})
    answer = curves(session, question)
    eth = sum(p.quantity * p.price * p.instrument.multiplier for p in session.book.positions
              if p.instrument.underlying == "ETH")
    assert answer.points[-1].profit == pytest.approx(float(eth) * 0.2, rel=1e-3)
    assert answer.points[-1].design is None


def test_shortfalls_are_the_nearest_moves_that_leave_too_little(found):
    def at(move, profit, silos):
        return replace(found.points[0], move=move, profit=profit, silos=silos)

    points = (at(-0.2, -60, 50), at(-0.1, -55, 50), at(0.0, 0, 50), at(0.1, -10, 50),
              at(0.2, -51, 50))
    assert replace(found, equity=100.0, points=points).shortfalls == (-0.1, 0.2)
    assert replace(found, equity=40.0, points=points).shortfalls == (), "short before any move"


def test_the_dock_asks_shows_and_exports(dock, found, qtbot, tmp_path):
    with qtbot.waitSignal(dock.asked) as question:
        dock.button.click()
    assert question.args == [EVERYTHING]
    dock.show_working(0.4, "Margining")
    assert dock.button.text() == "Cancel"
    with qtbot.waitSignal(dock.given_up):
        dock.button.click()
    dock.show_answer(found)
    assert dock.button.text() == "Compute"
    assert "Largest loss" in dock.notice.text()
    assert dock.points.model.rowCount() == 3
    assert dock.shown_table().columns[-1].heading.startswith("Liquidating value less")
    hints = [item.toolTip() for item in dock.canvas.scene().items() if item.toolTip()]
    assert len(hints) == 3
    dock.save_svg(tmp_path / "curves.svg")
    assert "<svg" in (tmp_path / "curves.svg").read_text("utf-8")
    for number in range(dock.view.count()):
        dock.view.setCurrentIndex(number)
        dock.view.activated.emit(number)
        assert dock.canvas.accessibleDescription()


def test_an_edit_takes_the_curves_away(dock, found, session):
    dock.show_answer(found)
    dock.show_run(session.run)
    assert dock.found is None
    assert "Compute" in dock.canvas.accessibleDescription()


def test_lines_differ_by_pattern_and_weight_as_well_as_colour(found):
    chart = chart_of(found, LIGHT)
    assert len(chart.curves) <= len(curve_lines.STYLES)
    assert len(set(curve_lines.STYLES)) == len(curve_lines.STYLES)
    assert [curve.is_heavy for curve in chart.curves] == [True, False, False]
    assert "profit from" in curve_lines.summary(chart)
    grid = grid_of(found, "silos")
    assert grid.rows == ("vol +10 pts", "vol as now")


def test_the_window_answers_the_dock(desk_window, session, qtbot):
    desk_window.desk.adopt(session)
    dock = desk_window.docks.bring("curves")
    dock.factor.setCurrentIndex(dock.factor.findData("ETH"))
    with qtbot.waitSignal(desk_window.feed.curves.found, timeout=60_000):
        dock.button.click()
    assert dock.found.factor == "ETH"
    assert len(dock.found.points) == 17
