"""Every JSON document of a result, under one import for the command line and the pack."""

from __future__ import annotations

from workstation.reports.margin_documents import (
    Document,
    Stamp,
    encode,
    envelope,
    explain_body,
    margin_document,
    number,
    problem_body,
)
from workstation.reports.review_documents import (
    cascade_document,
    collateral_document,
    design_margin_document,
    review_document,
)

__all__ = [
    "Document", "Stamp", "cascade_document", "collateral_document", "design_margin_document",
    "encode", "envelope", "explain_body", "margin_document", "number", "problem_body",
    "review_document",
]
