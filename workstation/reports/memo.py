"""The client margin review memo as a PDF."""

from __future__ import annotations

from pathlib import Path

from workstation.base.files import write_whole
from workstation.reports.dossier.memo import memo
from workstation.reports.dossier.pack import Pack
from workstation.reports.pdf.render import pdf_bytes


def write_memo(pack: Pack, path: Path, page: str = "A4") -> None:
    """Write the memo on A4 or Letter; it is marked DRAFT until approved."""
    write_whole(path, memo_bytes(pack, page))


def memo_bytes(pack: Pack, page: str = "A4") -> bytes:
    """Return the memo; the same pack gives the same bytes."""
    return pdf_bytes(memo(pack), page)
