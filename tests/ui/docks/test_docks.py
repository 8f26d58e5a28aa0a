"""Every dock: with a review and without one, in both palettes, with its exports."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton

from workstation.ui import theme, tokens
from workstation.ui.docks.accounts import AccountsDock
from workstation.ui.docks.bridge import BridgeDock
from workstation.ui.docks.cascade import CascadeDock
from workstation.ui.docks.collateral import CollateralDock
from workstation.ui.docks.margin import MarginDock
from workstation.ui.docks.market import MarketDock
from workstation.ui.docks.offsets import OffsetsDock
from workstation.ui.docks.strategies import StrategiesDock

ALL = [AccountsDock, MarketDock, StrategiesDock, MarginDock, BridgeDock, OffsetsDock,
       CollateralDock, CascadeDock]
CHARTED = [BridgeDock, OffsetsDock, CollateralDock, CascadeDock]


@pytest.fixture(params=ALL, ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


# Every dock ---------------------------------------------------------------------------------


def test_without_a_review_a_dock_says_what_would_be_here(kind, shown):
    dock = shown(kind(), 500, 350)
    dock.show_run(None)
    assert dock.is_empty
    label = dock.findChild(QLabel)
    assert "appear" in label.text()
    assert "Open" in label.text() or "open" in label.text()


def test_with_a_review_a_dock_shows_it_and_can_be_emptied_again(kind, shown, run):
    dock = shown(kind())
    dock.show_run(run)
    assert not dock.is_empty
    assert dock.shown_table().rowCount() > 0
    dock.show_run(None)
    assert dock.is_empty


def test_a_review_of_an_empty_book_leaves_docks_empty(kind, shown, run):
    nothing = replace(
        run, book=replace(run.book, accounts=(), positions=()), designs=(), cascade=None,
        collateral=replace(run.collateral, lots=()))
    dock = shown(kind())
    dock.show_run(nothing)
    assert dock.is_empty


@pytest.mark.parametrize("size", [(500, 350), (900, 600)], ids=["small", "large"])
def test_docks_show_in_both_palettes_at_both_sizes(kind, shown, run, palette, size):
    dock = shown(kind(), *size)
    dock.show_run(run)
    picture = dock.grab().toImage()
    assert picture.width() == size[0]
    colours = {picture.pixelColor(QPoint(x, y)).name()
               for x in range(0, size[0], 7) for y in range(0, size[1], 7)}
    assert palette.raised.lower() in colours
    assert len(colours) > 5


def test_docks_fit_the_small_size(kind, shown, run):
    dock = shown(kind(), 500, 350)
    dock.show_run(run)
    least = dock.minimumSizeHint()
    assert least.width() <= 500
    assert least.height() <= 350


def test_controls_are_named_for_screen_readers(kind, shown, run):
    dock = shown(kind())
    dock.show_run(run)
    assert dock.accessibleName() == dock.title
    for button in dock.findChildren(QToolButton):
        assert button.accessibleName() or button.text()
    chart = dock.chart()
    if chart is not None:
        assert chart.accessibleName()
        assert len(chart.accessibleDescription()) > 20


def test_copies_its_table_with_headings(kind, shown, run):
    dock = shown(kind())
    dock.show_run(run)
    dock.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    model = dock.shown_table()
    assert lines[0].split("\t") == [column.heading for column in model.columns]
    assert len(lines) == 1 + model.rowCount()


def test_writes_its_table_as_csv_with_plain_numbers(kind, shown, run, tmp_path):
    dock = shown(kind())
    dock.show_run(run)
    dock.export_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + dock.shown_table().rowCount()
    assert not any("(" in cell and cell.strip("()").replace(",", "").isdigit()
                   for row in rows for cell in row)


@pytest.mark.parametrize("charted", CHARTED, ids=lambda kind: kind.__name__)
def test_saves_its_chart_as_picture_and_as_scalable_graphics(charted, shown, run, tmp_path):
    dock = shown(charted())
    dock.show_run(run)
    dock.save_png(tmp_path / "chart.png")
    dock.save_svg(tmp_path / "chart.svg")
    dock.save_pdf(tmp_path / "chart.pdf")
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")
    picture = QImage(str(tmp_path / "chart.png"))
    assert picture.width() > 500
    drawn = ElementTree.parse(tmp_path / "chart.svg").getroot()
    written = "".join(drawn.itertext())
    assert drawn.find("{http://www.w3.org/2000/svg}title").text == dock.title
    expected = {BridgeDock: "10,644,715", OffsetsDock: "ES futures", CollateralDock: "9,840,000",
                CascadeDock: "SPX"}[charted]
    assert expected in written


@pytest.mark.parametrize("charted", CHARTED, ids=lambda kind: kind.__name__)
def test_charts_are_drawn_again_when_the_palette_changes(charted, shown, run, qapp):
    theme.apply(qapp, "light")
    dock = shown(charted())
    dock.show_run(run)
    theme.apply(qapp, "dark")
    background = dock.chart().backgroundBrush().color().name()
    scene = dock.chart().scene().backgroundBrush().color().name()
    theme.apply(qapp, "light")
    assert tokens.DARK.raised.lower() in (background, scene)


@pytest.mark.parametrize("charted", CHARTED, ids=lambda kind: kind.__name__)
def test_a_low_panel_shows_the_chart_until_asked_for_the_table(charted, shown, run):
    dock = shown(charted(), 500, 350)
    dock.show_run(run)
    assert dock.chart().isVisible()
    dock.panes.toggle.setChecked(True)
    assert not dock.chart().isVisible()
    assert dock.shown_table() is not None


def test_a_high_panel_shows_chart_and_table(shown, run):
    dock = shown(BridgeDock(), 900, 600)
    dock.show_run(run)
    assert dock.canvas.isVisible()
    assert dock.table.isVisible()


def test_asks_where_to_save_and_says_what_went_wrong(shown, run, tmp_path, monkeypatch):
    dock = shown(BridgeDock())
    dock.show_run(run)
    answers = iter([tmp_path / "steps", tmp_path / "missing" / "steps.csv"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(next(answers)), ""))
    actions = {a.text(): a for a in dock.findChildren(QToolButton)[-1].menu().actions()}
    actions["Export table as CSV…"].trigger()
    assert (tmp_path / "steps.csv").exists()
    assert dock.notice.text() == "Saved steps.csv."
    actions["Export table as CSV…"].trigger()
    assert dock.notice.text() == "steps.csv was not written: No such file or directory"


def test_a_cancelled_dialog_writes_nothing(shown, run, tmp_path, monkeypatch):
    dock = shown(BridgeDock())
    dock.show_run(run)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    actions = {a.text(): a for a in dock.findChildren(QToolButton)[-1].menu().actions()}
    actions["Save chart as SVG…"].trigger()
    assert list(tmp_path.iterdir()) == []


def test_docks_load_without_the_plotting_library():
    modules = ", ".join(f"workstation.ui.docks.{name}" for name in (
        "accounts", "margin", "bridge", "offsets", "collateral", "cascade"))
    script = f"import sys, {modules}; print('pyqtgraph' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          check=True, cwd=Path(__file__).resolve().parents[3])
    assert told.stdout.strip() == "False"
