"""Paper: page sizes, and pages that know how many they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workstation.reports import ink
from workstation.reports.pdf.drawing import draw_text
from workstation.reports.pdf.fonts import BOLD, fitted, width_of

MARGIN = 48
FOOTER_HEIGHT = 30
FRAME_PADDING = 6
SMALL, SMALLEST = 7.0, 6.5
WATERMARK_INK = "#EFEDE8"
WATERMARK_ANGLE, WATERMARK_SIZE = 52, 120
BANNER_HEIGHT, BANNER_SIZE = 18.0, 8.5

PAGES = ("A4", "Letter")


def page_size(page: str) -> tuple[float, float]:
    """Return width and height in points; raises ValueError for a paper we do not print on."""
    from reportlab.lib import pagesizes

    sizes: dict[str, tuple[float, float]] = {"A4": pagesizes.A4, "Letter": pagesizes.LETTER}
    if page not in sizes:
        raise ValueError(f"{page!r} is not one of {', '.join(PAGES)}")
    return sizes[page]


def numbered_canvas(footer: Sequence[str]) -> Any:
    """Return a canvas class that prints the footer's lines and page x of y."""
    from reportlab.lib.colors import HexColor
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        """Keeps the pages until their number is known."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the name reportlab calls
            """Keep the page."""
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            """Write the pages with their footers."""
            for kept in self._kept:
                self.__dict__.update(kept)
                self._print_footer(len(self._kept))
                super().showPage()
            super().save()

        def _print_footer(self, pages: int) -> None:
            width = self._pagesize[0]
            page = f"page {self._pageNumber} of {pages}"
            self.setStrokeColor(HexColor(ink.LINE))
            self.setLineWidth(0.5)
            self.line(MARGIN, FOOTER_HEIGHT + 11, width - MARGIN, FOOTER_HEIGHT + 11)
            room = width - 2 * MARGIN
            beside = room - width_of(page, SMALL) - 16
            for number, line in enumerate(footer):
                text = fitted(line, room if number else beside, SMALLEST)
                draw_text(self, MARGIN, FOOTER_HEIGHT - number * 9, text, SMALLEST, "muted")
            draw_text(self, width - MARGIN, FOOTER_HEIGHT, page, SMALL, "muted", anchor="end")

    return Numbered


def draw_watermark(canvas: Any, text: str) -> None:
    """Draw a word across the page, below everything printed later."""
    from reportlab.lib.colors import HexColor

    width, height = canvas._pagesize
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(WATERMARK_ANGLE)
    canvas.setFont(BOLD, WATERMARK_SIZE)
    canvas.setFillColor(HexColor(WATERMARK_INK))
    canvas.drawCentredString(0, -WATERMARK_SIZE / 3, text)
    canvas.restoreState()


def draw_banner(canvas: Any, text: str) -> None:
    """Draw a band in the colour of what-if across the top of the page, with its words."""
    from reportlab.lib.colors import HexColor

    width, height = canvas._pagesize
    canvas.saveState()
    canvas.setFillColor(HexColor(ink.token("what_if")))
    canvas.rect(0, height - BANNER_HEIGHT, width, BANNER_HEIGHT, stroke=0, fill=1)
    canvas.setFont(BOLD, BANNER_SIZE)
    canvas.setFillColor(HexColor(ink.token("on:what_if")))
    canvas.drawCentredString(width / 2, height - BANNER_HEIGHT + BANNER_SIZE * 0.6, text)
    canvas.restoreState()
