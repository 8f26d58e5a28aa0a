"""Both palettes read well, and changing between them reaches what is on the screen."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from workstation.ui import theme
from workstation.ui.stylesheet import stylesheet
from workstation.ui.tokens import DARK, LIGHT, PALETTES, contrast, mixed

TEXT_TOKENS = ("text", "muted", "accent", "granted", "partial", "denied", "excluded", "what_if")
GROUNDS = ("surface", "raised", "hover")


def test_contrast_agrees_with_the_published_examples():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("token", TEXT_TOKENS)
def test_text_reads_on_every_ground(palette, ground, token):
    assert contrast(getattr(palette, token), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_selected_text_reads(palette):
    assert contrast(palette.text, palette.selection) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_marks_of_silos_stand_out(palette):
    for colour in palette.silos.values():
        assert contrast(colour, palette.raised) >= 3
        assert contrast(colour, palette.surface) >= 3


def test_palettes_name_the_same_silos():
    assert list(LIGHT.silos) == list(DARK.silos)


def test_mixing_runs_from_back_to_front():
    assert mixed("#FFFFFF", "#000000", 0) == "#000000"
    assert mixed("#FFFFFF", "#000000", 1) == "#FFFFFF"
    assert mixed("#FFFFFF", "#000000", 0.5) == "#808080"


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_style_sheet_leaves_no_token_unset(palette):
    assert "$" not in stylesheet(palette)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_every_picture_of_the_style_sheet_is_there(palette):
    named = re.findall(r'url\("([^"]*)"\)', stylesheet(palette))
    assert named
    assert not [name for name in named if not Path(name).is_file()]


def test_switching_reaches_application_and_listeners(qapp, qtbot):
    theme.apply(qapp, "light")
    with qtbot.waitSignal(theme.THEME.changed) as heard:
        theme.apply(qapp, "dark")
    assert heard.args == [DARK]
    window = QApplication.palette().color(QPalette.ColorRole.Window).name()
    assert window.upper() == DARK.surface
    theme.apply(qapp, "light")


def test_body_font_has_figures_of_equal_width(qapp):
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.body_font())
    assert len({metrics.horizontalAdvance(d) for d in "0123456789"}) == 1
    assert theme.body_font().pixelSize() == 13


def test_a_larger_text_size_reaches_the_window(desk_window, settings):
    row, strip = desk_window.positions.view.rowHeight(0), desk_window.headline.buttons[0].height()
    wide = desk_window.positions.view.columnWidth(
        desk_window.positions.model.column_of("stand_alone"))
    desk_window.commands["view.text"].trigger()
    assert settings["view.text"] == 115
    assert theme.body_font().pixelSize() == 15
    assert desk_window.positions.view.rowHeight(0) > row
    assert desk_window.headline.buttons[0].height() > strip
    assert desk_window.positions.view.columnWidth(
        desk_window.positions.model.column_of("stand_alone")) > wide
    for _ in range(4):
        desk_window.commands["view.text"].trigger()
    assert settings["view.text"] == 100
    assert desk_window.positions.view.rowHeight(0) == row


def test_the_font_shipped_is_the_one_used(qapp):
    from PySide6.QtGui import QFont, QFontInfo

    font = theme.body_font()
    assert QFontInfo(font).family() == "Noto Sans"
    font.setWeight(QFont.Weight.DemiBold)
    assert QFontInfo(font).weight() >= QFont.Weight.DemiBold
