"""Paper: page sizes, styles, tables, and pages that know how many they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from workstation.reports import ink

MARGIN = 48
FOOTER_HEIGHT = 26
FRAME_PADDING = 6
BODY, SMALL, TITLE = 10, 8, 18
LEADING = 1.25
LONGEST_TEXT = 320
LEAST_ROOM = 70
WATERMARK_INK = "#EFEDE8"
WATERMARK_ANGLE, WATERMARK_SIZE = 52, 120

PAGES = ("A4", "Letter")
_PLAIN = str.maketrans({"−": "-", "≥": ">=", "≤": "<=", "≈": "~", "→": "->", "×": "x"})


def page_size(page: str) -> tuple[float, float]:
    """Return width and height in points; raises ValueError for a paper we do not print on."""
    from reportlab.lib import pagesizes

    sizes: dict[str, tuple[float, float]] = {"A4": pagesizes.A4, "Letter": pagesizes.LETTER}
    if page not in sizes:
        raise ValueError(f"{page!r} is not one of {', '.join(PAGES)}")
    return sizes[page]


def printable(text: str) -> str:
    """Return a text in the characters of the standard PDF fonts; others become a question mark."""
    plain = text.translate(_PLAIN)
    try:
        plain.encode("cp1252")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKC", plain).encode("cp1252", "replace").decode("cp1252")
    return " ".join(plain.split())


def fitted(text: str, width: float, size: float, font: str = "Helvetica") -> str:
    """Return a text cut to a width in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    shown = printable(text)
    if stringWidth(shown, font, size) <= width:
        return shown
    while shown and stringWidth(shown + "…", font, size) > width:
        shown = shown[:-1]
    return shown.rstrip() + "…"


def paragraph(text: str, size: float = BODY, colour: str = ink.TEXT, *, bold: bool = False,
              right: bool = False, swatch: str = "") -> Any:
    """Return a paragraph of plain text, after a small square in the colour `swatch` if given."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "plain", fontName="Helvetica-Bold" if bold else "Helvetica", fontSize=size,
        leading=size * LEADING, textColor=HexColor(colour),
        alignment=TA_RIGHT if right else TA_LEFT)
    shown = printable(text)
    if len(shown) > LONGEST_TEXT:
        shown = shown[:LONGEST_TEXT].rstrip() + "…"
    square = f'<font name="ZapfDingbats" color="{swatch}">n</font> ' if swatch else ""
    return Paragraph(square + escape(shown), style)


def heading(text: str) -> list[Any]:
    """Return the heading of a section, on the next page where little room is left on this one."""
    from reportlab.platypus import CondPageBreak

    made = paragraph(text, BODY + 1, bold=True)
    made.style.spaceBefore, made.style.spaceAfter = 10, 3
    return [CondPageBreak(LEAST_ROOM), made]


def table(rows: Sequence[Sequence[Any]], widths: Sequence[float], *, bold_rows: Sequence[int] = (),
          shaded_rows: Sequence[int] = ()) -> Any:
    """Return a table of paragraphs with a header repeated on every page."""
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table, TableStyle

    hairline, header = HexColor(ink.LINE), HexColor(ink.HEADER)
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, hairline),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor(ink.MUTED)),
        ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        *(("BACKGROUND", (0, row), (-1, row), header) for row in shaded_rows),
        *(("LINEABOVE", (0, row), (-1, row), 0.8, HexColor(ink.MUTED)) for row in bold_rows),
    ]
    return Table(list(rows), colWidths=list(widths), repeatRows=1, hAlign="LEFT",
                 style=TableStyle(style))


def numbered_canvas(footer: str) -> Any:
    """Return a canvas class that prints the footer and page x of y."""
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
            self.setFont("Helvetica", SMALL)
            self.setFillColor(HexColor(ink.MUTED))
            self.setStrokeColor(HexColor(ink.LINE))
            self.line(MARGIN, FOOTER_HEIGHT + 12, width - MARGIN, FOOTER_HEIGHT + 12)
            room = width - 2 * MARGIN - self.stringWidth(page, "Helvetica", SMALL) - 16
            self.drawString(MARGIN, FOOTER_HEIGHT, fitted(footer, room, SMALL))
            self.drawRightString(width - MARGIN, FOOTER_HEIGHT, page)

    return Numbered


def draw_watermark(canvas: Any, text: str) -> None:
    """Draw a word across the page, below everything printed later."""
    from reportlab.lib.colors import HexColor

    width, height = canvas._pagesize
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(WATERMARK_ANGLE)
    canvas.setFont("Helvetica-Bold", WATERMARK_SIZE)
    canvas.setFillColor(HexColor(WATERMARK_INK))
    canvas.drawCentredString(0, -WATERMARK_SIZE / 3, text)
    canvas.restoreState()
