"""The change report: two reviews beside each other, as a report of its own."""

from __future__ import annotations

from workstation import __version__
from workstation.base.money import accounting
from workstation.book.what_if import branch_of
from workstation.reports.charts.waterfall import waterfall
from workstation.reports.dossier.blocks import PAGE_WIDTH, Chart, Figure, Figures, Report, Section
from workstation.reports.dossier.margins import change_blocks
from workstation.reports.template import Template
from workstation.results.changes import ChangeLine, Changes
from workstation.results.margin_tables import BridgeRow


def change_report(changes: Changes, template: Template) -> Report:
    """Return the report of a comparison."""
    lines = _told(changes)
    figures = tuple(Figure(line.name, accounting(line.change), f"{accounting(line.before)} to "
                           f"{accounting(line.after)}", "denied" if line.change > 0 else "granted")
                    for line in lines[:4])
    charts = tuple(Chart(f"{line.name}, {changes.before_as_of} to {changes.after_as_of} "
                         f"({changes.currency})", waterfall(bridge_rows(line), {}, PAGE_WIDTH,
                                                            f"Change of {line.name}"))
                   for line in lines[:3])
    return Report(
        title=changes.client, kind="Change report", subject=f"From {changes.before_as_of} to "
        f"{changes.after_as_of}. Amounts in {changes.currency}.",
        author=template.firm or "Crossmargin", status="Approved",
        sections=(Section("Change", (Figures(figures), *charts)),
                  Section("Cause by cause", change_blocks(changes))),
        footer=(f"{changes.client} · {changes.before_as_of} to {changes.after_as_of} · earlier "
                f"inputs {changes.before_sha256[:16]} · Crossmargin {__version__}",),
        firm=template.firm, logo=template.logo, disclaimer=template.disclaimer,
        currency=changes.currency, what_if=branch_of(changes.client))


def _told(changes: Changes) -> tuple[ChangeLine, ...]:
    """Return the lines of the book without a design that repeats one before it."""
    seen: dict[tuple[object, ...], ChangeLine] = {}
    for line in changes.of_book:
        seen.setdefault((line.before, line.after, *(step.amount for step in line.steps)), line)
    return tuple(seen.values())


def bridge_rows(line: ChangeLine) -> tuple[BridgeRow, ...]:
    """Return a bridge as the bars of a waterfall."""
    rows = [BridgeRow("Before", "level", line.before, line.before, "")]
    reached = line.before
    for step in line.steps:
        reached += step.amount
        rows.append(BridgeRow(step.cause, "step", step.amount, reached, ""))
    return (*rows, BridgeRow("After", "level", line.after, line.after, ""))
