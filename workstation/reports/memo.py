"""The client margin review memo as a PDF."""

from __future__ import annotations

from workstation.reports.dossier.memo import memo
from workstation.reports.dossier.pack import Pack
from workstation.reports.pdf.render import pdf_bytes


def memo_bytes(pack: Pack, page: str = "A4") -> bytes:
    """Return the memo; the same pack gives the same bytes."""
    return pdf_bytes(memo(pack), page)
