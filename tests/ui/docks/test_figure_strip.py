"""The strip of figures takes its height from its width, once."""

import pytest

from workstation.ui.plots.figures import Figure, FigureStrip

FIGURES = [Figure(f"Free after haircut, part {n}", f"{n * 1_234_567:,}", share=n / 9)
           for n in range(9)]


@pytest.mark.parametrize("width", range(200, 1000, 37))
def test_a_strip_settles_at_every_width(shown, qtbot, width):
    strip = shown(FigureStrip("figures"), 400, 200)
    drawn = []
    drawing = strip.redraw
    strip.redraw = lambda: drawn.append(strip.width()) or drawing()
    strip.show_figures(FIGURES)
    strip.resize(width, strip.height())
    qtbot.wait(1)
    assert len(drawn) <= 6
    assert strip.sceneRect().height() <= strip.height()
    assert not strip.verticalScrollBar().isVisible()


def test_a_narrow_strip_is_higher_than_a_wide_one(shown, qtbot):
    strip = shown(FigureStrip("figures"), 900, 200)
    strip.show_figures(FIGURES)
    wide = strip.height()
    strip.resize(300, wide)
    qtbot.wait(1)
    assert strip.height() > wide
