"""A report as the bytes of a PDF; the same report gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from workstation.reports.dossier.blocks import (
    Block,
    Bullets,
    Chart,
    Facts,
    Figures,
    Grid,
    Lines,
    Prose,
    Report,
    Section,
    texts_of,
)
from workstation.reports.paper import (
    FOOTER_HEIGHT,
    FRAME_PADDING,
    MARGIN,
    draw_banner,
    draw_watermark,
    numbered_canvas,
    page_size,
)
from workstation.reports.pdf.fonts import printable, register, scripts_lost

DRAFT, WHAT_IF = "DRAFT", "WHAT-IF"
LEAST_ROOM = 90.0
LOGO_HEIGHT, LOGO_WIDTH = 34.0, 150.0
CHART_SHARE = 0.8


def pdf_bytes(report: Report, page: str = "A4") -> bytes:
    """Return a report on A4 or Letter; it is marked DRAFT until approved."""
    from reportlab.platypus import SimpleDocTemplate

    register()
    size = page_size(page)
    buffer = io.BytesIO()
    side = MARGIN - FRAME_PADDING
    document = SimpleDocTemplate(
        buffer, pagesize=size, leftMargin=side, rightMargin=side, topMargin=side,
        bottomMargin=FOOTER_HEIGHT + 24, invariant=1, lang="en", title=printable(report.title),
        author=printable(report.author), subject=printable(report.subject),
        producer="Crossmargin")

    def background(canvas: Any, _: Any) -> None:
        if report.what_if:
            draw_watermark(canvas, WHAT_IF)
            draw_banner(canvas, printable(report.banner))
        elif report.is_draft:
            draw_watermark(canvas, DRAFT)

    document.build(list(_story(report, size)), onFirstPage=background, onLaterPages=background,
                   canvasmaker=numbered_canvas(report.footer))
    return buffer.getvalue()


def _story(report: Report, size: tuple[float, float]) -> Iterator[Any]:
    from workstation.reports.pdf import flowables as flow

    yield from _title(report, size[0] - 2 * MARGIN)
    for number, section in enumerate(report.sections, start=1):
        yield from _section(number if report.numbered else 0, section, size)
    if report.disclaimer:
        yield flow.Text(report.disclaimer, flow.SMALL - 0.5, "muted", before=10)


def _title(report: Report, width: float) -> Iterator[Any]:
    """Yield the top of the first page: kind and firm, client, and whose review it is."""
    from reportlab.platypus import Spacer

    from workstation.reports.pdf import flowables as flow

    if report.logo:
        yield _logo(report.logo)
        yield Spacer(0, 6)
    above = f"{report.firm} · {report.kind}" if report.firm else report.kind
    yield flow.Text(above, flow.BODY, "muted", after=1)
    yield flow.Text(report.title, flow.TITLE, "what_if" if report.what_if else "text", bold=True,
                    after=2, most=2)
    yield flow.Text(report.subject, flow.SMALL + 0.5, "muted", after=4)
    lost = scripts_lost(texts_of(report))
    if lost:
        yield flow.Text(f"Letters of the script{'s' if len(lost) > 1 else ''} {', '.join(lost)} "
                        "cannot be set on paper and stand as ?; the workbook and the web page have "
                        "the original text.", flow.SMALL, "excluded", after=4)


def _logo(content: bytes) -> Any:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    width, height = ImageReader(io.BytesIO(content)).getSize()
    zoom = min(LOGO_HEIGHT / height, LOGO_WIDTH / width)
    return Image(io.BytesIO(content), width * zoom, height * zoom, hAlign="LEFT")


def _section(number: int, section: Section, size: tuple[float, float]) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak, PageBreak

    from workstation.reports.pdf import flowables as flow

    opens = _opening_table(section)
    if section.new_page:
        yield PageBreak()
    elif opens is None:
        yield CondPageBreak(LEAST_ROOM)
    else:
        yield CondPageBreak(flow.HEADING_HEIGHT + sum(flow.HEADING_SPACE)
                            + opens.least(size[0] - 2 * MARGIN))
    title = f"{number}. {section.title}" if number else section.title
    yield flow.Heading(title, f"section-{number}-{section.title}", keep=opens is None)
    for block in section.blocks:
        yield from _block(block, size)


def _opening_table(section: Section) -> Any:
    """Return the table a section opens with where it may break over pages.

    Kept with its heading as a whole, a table longer than the page would leave a page empty.
    """
    from workstation.reports.pdf.grid import GridFlow

    first = section.blocks[0] if section.blocks else None
    return GridFlow(first) if isinstance(first, Grid) and not first.whole else None


def _block(block: Block, size: tuple[float, float]) -> Iterator[Any]:
    from workstation.reports.pdf import flowables as flow
    from workstation.reports.pdf.grid import GridFlow

    match block:
        case Prose() | Bullets():
            yield from _texts(block)
        case Facts(pairs=pairs):
            yield flow.FactList(pairs)
        case Figures(items=figures):
            yield flow.FigureRow(figures)
        case Chart(title=title, picture=picture):
            yield flow.ChartFlow(title, picture, size[1] * CHART_SHARE)
        case Lines(roles=roles):
            yield flow.SignatureLines(roles)
        case Grid():
            yield _whole(GridFlow(block)) if block.whole else GridFlow(block)


def _texts(block: Prose | Bullets) -> Iterator[Any]:
    from workstation.reports.pdf import flowables as flow

    if isinstance(block, Prose):
        small = block.tone in ("note", "missing")
        yield flow.Text(block.text, flow.SMALL if small else flow.BODY, flow.COLOURS[block.tone],
                        bold=block.tone in ("warning", "lead"),
                        before=5 if block.tone == "lead" else 0)
        return
    for number, item in enumerate(block.items, start=1):
        yield flow.Text(item, flow.BODY - 0.5, mark=f"{number}" if block.numbered else "•",
                        after=1.5)


def _whole(grid: Any) -> Any:
    from reportlab.platypus import KeepTogether

    return KeepTogether([grid])
