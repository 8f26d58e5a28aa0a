"""The lab's findings as a JSON document, as text, and as rows of evidence.

Every figure stands beside the topic of the joint request for comment S7-2026-23 (91 FR 39579) that
it speaks to, its data window and its seed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from workstation.lab.result import (
    BookFindings,
    Coverage,
    Cyclicality,
    DesignFindings,
    Dynamics,
    Findings,
)
from workstation.lab.tables import taken_up
from workstation.reports.csv_export import harmless
from workstation.reports.margin_documents import Document, number, problem_body, unique_names
from workstation.results.margin_history_tables import published_figures
from workstation.rulebooks.span.margin_history import MarginReplay

TOPICS = {
    "requirement": "existing models and practice",
    "saving": "cross-product offsets",
    "coverage": "methodology and calibration",
    "cyclicality": "liquidity and competition",
    "stressed": "methodology and calibration",
    "dynamics": "liquidity and competition",
    "protection": "account type and location",
    "recovery": "customer protection, SIPA vs subchapter IV",
    "collateral": "capital, segregation, collateral",
    "programmes": "clearing agencies and DCOs",
}
PRESS_BAND = (Decimal("0.15"), Decimal("0.20"))
"""Saving that the press quotes for diversified institutions; printed for comparison only."""
NOT_KNOWN = "-"
JOINT_METHODS = ("programmes", "two_model")
ASSUMED = "recoveries by account class are house assumptions of the insolvency edition"


def lab_document(findings: Findings, inputs: Mapping[str, str] | None = None) -> Document:
    """Return the findings (`crossmargin.lab/1`); `inputs` is SHA-256 by file name.

    `as_of` is the latest review date of the books; each book states its own.
    """
    latest = max((book.as_of for book in findings.books), default=None)
    return {
        "schema": "crossmargin.lab/1",
        "as_of": latest.isoformat() if latest else None,
        "product_version": findings.product_version,
        "inputs": dict(inputs or {}),
        "parameters": _parameters(findings),
        "stress": findings.stress,
        "topics": TOPICS,
        "books": [_book(book) for book in findings.books],
    }


def _parameters(findings: Findings) -> dict[str, str]:
    """Return the edition of every rule; books of different dates may have read several."""
    read: dict[str, dict[str, None]] = {}
    for book in findings.books:
        for rule, edition in book.editions:
            read.setdefault(rule, {})[edition] = None
    return {rule: ", ".join(editions) for rule, editions in read.items()}


def _book(book: BookFindings) -> Document:
    return {
        "book": book.book, "as_of": book.as_of.isoformat(), "currency": book.currency,
        "stand_alone": number(book.stand_alone), "silos": number(book.silos),
        "history": book.history,
        "published_margin": [_published(replay) for replay in book.published],
        "designs": [_design(found) for found in book.designs],
        "frontier": [_point(found) for found in book.designs],
        "problems": [problem_body(problem) for problem in book.problems],
    }


def _published(found: MarginReplay) -> Document:
    """Return one contract's published maintenance over the window, in its own currency."""
    return {
        "contract": found.symbol, "from": found.first.isoformat(), "to": found.last.isoformat(),
        "start": number(found.start), "end": number(found.end), "trough": number(found.trough),
        "peak": number(found.peak), "peak_to_trough": number(found.peak_to_trough),
        "changes": [{"on": jump.on.isoformat(), "before": number(jump.before),
                     "after": number(jump.after)} for jump in found.jumps]}


def _design(found: DesignFindings) -> Document:
    return {
        "design": found.design, "title": found.title, "version": found.version,
        "status": found.status, "method": found.method, "complete": found.complete,
        "refusal": found.refusal, "requirement": number(found.requirement),
        "saving": number(found.saving), "saving_share": number(found.saving_share),
        "against_press_band": band(found), "method_told": unique_names(found.told),
        "coverage": None if found.coverage is None else _coverage(found.coverage),
        "cyclicality": None if found.cyclicality is None else _cyclicality(found.cyclicality),
        "stressed": [
            {"stress": s.stress, "requirement": number(s.requirement), "rise": number(s.rise),
             "equity": number(s.equity), "short": number(s.short)} for s in found.stressed],
        "dynamics": [_dynamics(item) for item in found.dynamics],
        "protection": {
            "locations": dict(found.protection.locations),
            "joined_locations": list(found.protection.joined),
            "recovery": _recovery(found),
            "free_collateral": number(found.protection.free_collateral),
            "excess_equity": number(found.protection.excess_equity),
        },
    }


def _recovery(found: DesignFindings) -> Document | None:
    back = found.protection.recoveries
    if back is None:
        return None
    return {
        "recovered_low": number(back.low), "recovered_high": number(back.high),
        "accounts": [{"account": a.account_id, "firm": a.firm, "location": a.location,
                      "claim": a.claim, "joined": a.joined, "margin": number(a.margin),
                      "recovery": number(a.recovery), "recovered": number(a.recovered),
                      "lost": number(a.lost)} for a in back.accounts]}


def band(found: DesignFindings) -> str:
    """Say where a saving lies against the share the press quotes."""
    low, high = PRESS_BAND
    share = found.saving_share
    if share is None or found.refusal:
        return ""
    return "below" if share < low else "above" if share > high else "inside"


def _coverage(coverage: Coverage) -> Document:
    told = asdict(replace(coverage, replayed=()))
    del told["replayed"]  # every date is in the evidence
    return {**told, "worst_day": coverage.worst_day.isoformat(),
            "left_out": list(coverage.left_out)}


def _cyclicality(cyclicality: Cyclicality) -> Document:
    return {"peak_to_trough": number(cyclicality.peak_to_trough),
            "largest_rise": {str(n): number(rise) for n, rise in cyclicality.largest_rise}}


def _dynamics(item: Dynamics) -> Document:
    return {
        "stress": item.stress, "freed_margin_used": item.released, "equity": number(item.equity),
        "loss": number(item.loss), "amplification": number(item.amplification),
        "sold_share": number(item.sold_share), "uncovered": number(item.uncovered),
        "defaults": list(item.defaults), "tipping": number(item.tipping),
        "tipping_searched_to": number(item.searched),
    }


def _point(found: DesignFindings) -> Document:
    """Return one point of the frontier: saving, amplification, size."""
    used = taken_up(found)
    return {"design": found.design, "saving_share": number(found.saving_share),
            "amplification": number(None if used is None else used.amplification),
            "uncovered": number(None if used is None else used.uncovered),
            "refused": bool(found.refusal)}


PUBLISHED = "published margin"
"""Stands in place of a design where a figure is the exchange's."""
EVIDENCE = ("book", "as_of", "design", "version", "topic", "figure", "value", "basis")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One figure: whose it is, the topic it speaks to, and what it rests on."""

    book: str
    as_of: date
    design: str
    version: str
    topic: str
    figure: str
    value: Any
    basis: str


def evidence(findings: Findings) -> Iterator[EvidenceRow]:
    """Yield every figure of every design and book, and of the published margin of what it holds."""
    for book in findings.books:
        for found in book.designs:
            for topic, figure, value, basis in _figures(found):
                yield EvidenceRow(book.book, book.as_of, found.design, found.version,
                                  TOPICS[topic], figure, value, basis)
        for replay in book.published:
            for figure, value in published_figures(replay):
                yield EvidenceRow(book.book, book.as_of, PUBLISHED, "", TOPICS["cyclicality"],
                                  f"{replay.symbol}: {figure}", value,
                                  f"{replay.source}, {replay.first} to {replay.last}")


def evidence_csv(findings: Findings) -> str:
    """Return the evidence as CSV; texts that a spreadsheet would run are made harmless."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EVIDENCE)
    for row in evidence(findings):
        writer.writerow([_text(getattr(row, name)) for name in EVIDENCE])
    return out.getvalue()


Figure = tuple[str, str, Any, str]
"""Topic, figure, value, and what it rests on."""


def _figures(found: DesignFindings) -> Iterator[Figure]:
    told = "; ".join(f"{name}: {value}" for name, value in found.told)
    yield "requirement", "requirement", found.requirement, found.refusal or told
    yield "saving", "saving against today's silos", found.saving, told
    yield "saving", "saving, share", found.saving_share, told
    yield from _of_history(found)
    yield from _of_stress(found)
    for account, location in found.protection.locations:
        yield "protection", f"location of {account}", location, "account types of the book"
    yield "protection", "locations joined", "; ".join(found.protection.joined), "design"
    yield "collateral", "excess equity", found.protection.excess_equity, "equity - requirement"
    yield "collateral", "free collateral", found.protection.free_collateral, "after haircut"
    yield from _of_recovery(found)
    if found.status == "programme" or found.method in JOINT_METHODS:
        yield "programmes", "saving against today's silos", found.saving, told


def _of_recovery(found: DesignFindings) -> Iterator[Figure]:
    back = found.protection.recoveries
    if back is None:
        return
    for a in back.accounts:
        basis = f"{a.location}; {a.claim}; recovery assumed {a.recovery:.0%}"
        yield "recovery", f"margin of {a.account_id}", a.margin, basis
        yield "recovery", f"recovered of {a.account_id}", a.recovered, basis
    yield "recovery", "recovered in all, joint margin in the worst class", back.low, ASSUMED
    yield "recovery", "recovered in all, joint margin in the best class", back.high, ASSUMED


def _of_history(found: DesignFindings) -> Iterator[Figure]:
    coverage, cycle = found.coverage, found.cyclicality
    if coverage is None or cycle is None:
        return
    for figure in ("days", "exceedances", "kupiec", "christoffersen", "zone", "worst_loss",
                   "worst_day", "worst_uncovered"):
        yield "coverage", figure, getattr(coverage, figure), coverage.window
    for day in coverage.replayed:
        mark = "" if day.counted else ", not counted: it overlaps"
        basis = f"{coverage.marks}{mark}"
        yield "coverage", f"requirement on {day.date}", day.requirement, basis
        yield "coverage", f"loss from {day.date} on", day.loss, basis
    yield "cyclicality", "peak to trough", cycle.peak_to_trough, coverage.window
    for days, rise in cycle.largest_rise:
        yield "cyclicality", f"largest rise over {days} dates, as a multiple", rise, coverage.window


def _of_stress(found: DesignFindings) -> Iterator[Figure]:
    for after in found.stressed:
        yield "stressed", "requirement computed again", after.requirement, after.stress
        yield "stressed", "short of equity", after.short, after.stress
    for item in found.dynamics:
        basis = f"{item.stress}, freed margin {'used' if item.released else 'kept'}"
        for figure in ("loss", "amplification", "sold_share", "uncovered", "tipping"):
            yield "dynamics", figure, getattr(item, figure), basis


def _text(value: object) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else str(value)
