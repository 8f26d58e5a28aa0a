"""The client margin review memo: a PDF of one to three pages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from workstation.base.files import write_whole
from workstation.reports import memo_record, memo_results, memo_standing
from workstation.reports.paper import (
    FOOTER_HEIGHT,
    FRAME_PADDING,
    MARGIN,
    draw_watermark,
    numbered_canvas,
    page_size,
    printable,
)
from workstation.results.run import Run

DRAFT = "DRAFT"


def write_memo(run: Run, path: Path, page: str = "A4", *, approved: bool = False) -> None:
    """Write the memo on A4 or Letter; it is marked DRAFT until approved."""
    write_whole(path, memo_bytes(run, page, approved=approved))


def memo_bytes(run: Run, page: str = "A4", *, approved: bool = False) -> bytes:
    """Return the memo; the same run gives the same bytes."""
    from reportlab.platypus import SimpleDocTemplate

    size = page_size(page)
    buffer = io.BytesIO()
    side = MARGIN - FRAME_PADDING
    document = SimpleDocTemplate(
        buffer, pagesize=size, leftMargin=side, rightMargin=side, topMargin=side,
        bottomMargin=FOOTER_HEIGHT + 24, invariant=1, lang="en",
        title=printable(f"Margin review of {run.book.name}, {run.as_of}"),
        author="Crossmargin", subject=f"as of {run.as_of}", producer="Crossmargin")

    def background(canvas: Any, _: Any) -> None:
        if not approved:
            draw_watermark(canvas, DRAFT)

    width = size[0] - 2 * MARGIN
    story = [
        *memo_results.title_block(run, width, "Approved" if approved else DRAFT),
        *memo_results.decision_box(run, width),
        *memo_results.silos(run, width),
        *memo_standing.standing(run, width),
        *memo_results.bridge(run, width),
        *memo_results.offsets(run, width),
        *memo_record.collateral(run, width),
        *memo_record.cascade(run),
        *memo_record.excluded(run, width),
        *memo_standing.doubts(run),
        *memo_record.editions(run, width),
        *memo_record.inputs(run, width),
        *memo_record.sign_off(width),
    ]
    document.build(story, onFirstPage=background, onLaterPages=background,
                   canvasmaker=numbered_canvas(_footer(run)))
    return buffer.getvalue()


def _footer(run: Run) -> str:
    editions = ", ".join(f"{e.rule} {e.edition}" for e in run.editions)
    return f"{run.book.name} · as of {run.as_of} · editions: {editions or 'none read'}"
