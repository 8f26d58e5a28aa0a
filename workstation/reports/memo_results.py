"""The front of the memo: who, what is asked today and under each design, and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from workstation.base.money import accounting
from workstation.measures.requirement import Offset
from workstation.reports import ink
from workstation.reports.paper import BODY, SMALL, TITLE, heading, paragraph, table
from workstation.reports.waterfall import waterfall
from workstation.results.formats import percent_text
from workstation.results.margin_tables import SiloRow
from workstation.results.run import DesignOutcome, Run
from workstation.results.silos import Silo, silo_of
from workstation.results.tables import bridge_table, saving_share, silos_table

MOST_OFFSETS = 5
MOST_ACCOUNTS = 16
HASH_SHOWN = 16
BOX_PADDING = 8


def head(*texts: str, right_from: int) -> list[Any]:
    """Return header cells; those from `right_from` on stand over numbers."""
    return [paragraph(text, SMALL, ink.MUTED, bold=True, right=place >= right_from)
            for place, text in enumerate(texts)]


def cell(text: str, colour: str = ink.TEXT, *, bold: bool = False) -> Any:
    """Return a cell of text."""
    return paragraph(text, SMALL, colour, bold=bold)


def figure(value: Decimal | None, *, bold: bool = False) -> Any:
    """Return a cell of money, blank where there is none."""
    return paragraph("" if value is None else accounting(value), SMALL, bold=bold, right=True)


def data_hash(run: Run) -> str:
    """Return one hash over the hashes of all input files, in their order."""
    return hashlib.sha256("".join(i.sha256 for i in run.inputs).encode()).hexdigest()


def proposal(run: Run) -> DesignOutcome | None:
    """Return the design the memo argues: the first proposal, else the first beyond current law."""
    for wanted in ("proposal", "experiment", "programme"):
        for outcome in run.designs:
            if outcome.margin.status == wanted:
                return outcome
    return run.designs[0] if run.designs else None


def title_block(run: Run, width: float, status: str) -> list[Any]:
    """Return client, date, status and what the figures were made from."""
    from reportlab.platypus import Spacer, Table

    kinds = Counter(str(silo_of(account.account_type)) for account in run.book.accounts)
    accounts = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none"
    facts = (
        ("As of", run.as_of.isoformat()), ("Status", status),
        ("Data hash", data_hash(run)[:HASH_SHOWN]),
        ("Made by", f"Crossmargin {run.product_version}"),
    )
    left = [paragraph("Margin review", BODY, ink.MUTED), paragraph(run.book.name, TITLE, bold=True),
            Spacer(0, 3), paragraph(f"Accounts: {accounts}. Amounts in {run.currency}.", SMALL,
                                    ink.MUTED)]
    right = Table([[cell(name, ink.MUTED), cell(value, bold=name == "Status")]
                   for name, value in facts], colWidths=[58, width * 0.34 - 58],
                  style=[("TOPPADDING", (0, 0), (-1, -1), 0),
                         ("BOTTOMPADDING", (0, 0), (-1, -1), 1)])
    block = Table([[left, right]], colWidths=[width * 0.66, width * 0.34],
                  style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0),
                         ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
    return [block, Spacer(0, 6)]


def decision_box(run: Run, width: float) -> list[Any]:
    """Return today's requirement beside every design's, and whether anything is missing."""
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Spacer, Table

    chosen = proposal(run)
    rows = [head("Maintenance requirement", "status", f"requirement ({run.currency})",
                 f"saving ({run.currency})", "saving (%)", right_from=2)]
    rows.append([cell("Today, silos", bold=True), cell("current law"),
                 figure(run.silos.maintenance.amount, bold=True), cell(""), cell("")])
    shown = [outcome for outcome in run.designs if not _is_today(outcome)]
    rows += [_design_line(outcome, bold=outcome is chosen) for outcome in shown]
    widths = [(width - 2 * BOX_PADDING) * share for share in (0.36, 0.20, 0.17, 0.15, 0.12)]
    shaded = [shown.index(chosen) + 2] if chosen in shown else []
    inside: list[Any] = [table(rows, widths, shaded_rows=shaded)]
    if not run.complete:
        inside.append(Spacer(0, 4))
        inside.append(paragraph(
            f"INCOMPLETE: {len(run.excluded)} positions are excluded from every total; they are "
            "listed below.", SMALL, ink.DENIED, bold=True))
    box = Table([[inside]], colWidths=[width], style=[
        ("BOX", (0, 0), (-1, -1), 1, HexColor(ink.ACCENT)),
        ("LEFTPADDING", (0, 0), (-1, -1), BOX_PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), BOX_PADDING),
        ("BOTTOMPADDING", (0, 0), (-1, -1), BOX_PADDING)])
    return [box]


def _is_today(outcome: DesignOutcome) -> bool:
    """Say whether a design only repeats today's law, which has its own line."""
    return outcome.margin.status == "current law" and not outcome.saving


def _design_line(outcome: DesignOutcome, *, bold: bool) -> list[Any]:
    margin, share = outcome.margin, saving_share(outcome)
    title = margin.title if margin.complete else f"{margin.title} (incomplete)"
    return [cell(title or margin.name, bold=bold), cell(margin.status),
            figure(margin.requirement.amount, bold=bold), figure(outcome.saving, bold=bold),
            paragraph("" if share is None else percent_text(share), SMALL, bold=bold, right=True)]


def silos(run: Run, width: float) -> list[Any]:
    """Return the requirement of every account under its own rulebook."""
    rows = [head("Account", "type", "regime", "status", f"initial ({run.currency})",
                 f"maintenance ({run.currency})", right_from=4)]
    accounts = sorted(silos_table(run).rows, key=lambda row: -(row.maintenance or Decimal(0)))
    rows += [_silo_line(row) for row in accounts[:MOST_ACCOUNTS]]
    others = accounts[MOST_ACCOUNTS:]
    if others:
        rows.append([cell(f"and {len(others)} more, in the workbook"), *(cell("") for _ in "123"),
                     figure(_sum(row.initial for row in others)),
                     figure(_sum(row.maintenance for row in others))])
    rows.append([cell("Total", bold=True), cell(""), cell(""), cell(""),
                 figure(run.silos.initial.amount, bold=True),
                 figure(run.silos.maintenance.amount, bold=True)])
    widths = [width * share for share in (0.24, 0.16, 0.17, 0.14, 0.13, 0.16)]
    return [*heading("Today, silo by silo"), table(rows, widths, bold_rows=[len(rows) - 1])]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _silo_line(row: SiloRow) -> list[Any]:
    return [
        cell(f"{row.account} {row.name}".strip()),
        paragraph(row.account_type.replace("_", " "), SMALL, swatch=ink.SILOS[Silo(row.silo)]),
        cell(row.regime), cell(row.status, ink.of_status(row.status) or ink.TEXT),
        figure(row.initial), figure(row.maintenance)]


def bridge(run: Run, width: float) -> list[Any]:
    """Return the waterfall from stand-alone requirements to the design argued for."""
    from reportlab.platypus import KeepTogether

    outcome = proposal(run)
    if outcome is None:
        return []
    by_silo: dict[Silo, Decimal] = {}
    for account in run.book.accounts:
        margin = run.silos.of_account(account.account_id)
        if margin is not None and margin.maintenance.amount > 0:
            silo = silo_of(account.account_type)
            by_silo[silo] = by_silo.get(silo, Decimal(0)) + margin.maintenance.amount
    title = outcome.margin.title or outcome.margin.name
    return [KeepTogether([
        heading(f"From stand-alone requirements to {title} ({run.currency})")[-1],
        waterfall(bridge_table(outcome).rows, by_silo, width),
        paragraph(f"Design {outcome.margin.name} {outcome.margin.version}, "
                  f"{outcome.margin.status}. {outcome.margin.citation}", SMALL, ink.MUTED)])]


def offsets(run: Run, width: float) -> list[Any]:
    """Return the largest offsets granted and denied, with their reasons."""
    outcome = proposal(run)
    if outcome is None or not outcome.ledger:
        return []
    granted = sorted((o for o in outcome.ledger if o.status != "denied"), key=lambda o: o.amount)
    denied = sorted((o for o in outcome.ledger if o.status == "denied"),
                    key=lambda o: -o.would_save)
    shown = (*granted[:MOST_OFFSETS], *denied[:MOST_OFFSETS])
    rows = [head("Between", "decision", "reason", f"effect ({run.currency})",
                 f"would save ({run.currency})", right_from=3)]
    rows += [_offset_line(offset) for offset in shown]
    widths = [width * share for share in (0.25, 0.09, 0.38, 0.14, 0.14)]
    parts = [*heading(f"Offsets of {outcome.margin.title or outcome.margin.name}"),
             table(rows, widths)]
    left = len(outcome.ledger) - len(shown)
    if left:
        parts.append(paragraph(f"{left} smaller offsets are in the workbook, sheet Ledger "
                               f"{outcome.margin.name}.", SMALL, ink.MUTED))
    return parts


def _offset_line(offset: Offset) -> list[Any]:
    return [cell(" / ".join(offset.between)),
            cell(offset.status, ink.of_status(offset.status) or ink.TEXT, bold=True),
            cell(offset.reason), figure(offset.amount),
            figure(offset.would_save if offset.would_save else None)]
