"""The client margin review memo: thirteen sections, each of which says what it lacks."""

from __future__ import annotations

from workstation.book.what_if import branch_of
from workstation.reports.dossier import client, dangers, front, margins, record, stress
from workstation.reports.dossier.blocks import Report
from workstation.reports.dossier.pack import Pack, footer

SECTIONS = (
    front.cover, front.decision, client.relationship, client.book, margins.margin_by_regime,
    margins.explained, margins.change, stress.stress, dangers.collateral, dangers.cascade,
    record.exceptions, record.data_quality, record.appendices,
)


def memo(pack: Pack) -> Report:
    """Return the memo of a review."""
    run, template = pack.run, pack.template
    return Report(
        title=run.book.name, subject=f"As of {run.as_of}. {pack.standing.status}. Amounts in "
        f"{run.currency}; requirements are positive, profit is positive for the client.",
        author=template.firm or "Crossmargin", status=str(pack.standing.status),
        sections=tuple(section(pack) for section in SECTIONS),
        footer=footer(run, pack.standing.status), firm=template.firm, logo=template.logo,
        disclaimer=template.disclaimer, currency=run.currency, what_if=branch_of(run.book.name))
