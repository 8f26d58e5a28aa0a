"""Tables a reader audits the lab by: every date replayed, and every account's recovery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.lab.result import Findings
from workstation.lab.tables import BOOK, each, unit_of
from workstation.results.formats import money, percent, words, yes_no
from workstation.results.table import Table


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """One account under one design, if its firm failed."""

    book: str
    design: str
    account: str
    firm: str
    location: str
    claim: str
    joined: str
    margin: Decimal
    recovery: Decimal
    recovered: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One date replayed under one design."""

    book: str
    design: str
    date: date
    requirement: float
    loss: float
    exceeded: str
    counted: str


def recovery_table(findings: Findings) -> Table:
    """Return every account's margin and what would come back of it."""
    rows = tuple(
        RecoveryRow(book.book, found.design, a.account_id, a.firm, a.location, a.claim,
                    yes_no(a.joined), a.margin, a.recovery, a.recovered, a.lost)
        for book, found in each(findings) if found.protection.recoveries is not None
        for a in found.protection.recoveries.accounts)
    unit = unit_of(findings)
    return Table("Recovery", (
        *BOOK, words("Account", "account"), words("Firm", "firm"), words("Location", "location"),
        words("Claim", "claim"), words("Joined", "joined"),
        money(f"Margin there {unit}", "margin", "the requirement, spread as today's is"),
        percent("Recovery assumed (%)", "recovery"), money(f"Recovered {unit}", "recovered"),
        money(f"Lost {unit}", "lost")), rows,
        "What each account would get back of its margin if the firm that carries it failed.")


def replay_table(findings: Findings) -> Table:
    """Return every date replayed, so that counts can be checked by hand."""
    rows = tuple(
        ReplayRow(book.book, found.design, day.date, day.requirement, day.loss,
                  yes_no(day.exceeded), yes_no(day.counted))
        for book, found in each(findings) if found.coverage is not None
        for day in found.coverage.replayed)
    unit = unit_of(findings)
    return Table("Replay", (
        *BOOK, words("Date", "date"), money(f"Requirement {unit}", "requirement"),
        money(f"Loss from then on {unit}", "loss", "over the closing time; negative is a gain"),
        words("Exceeded", "exceeded"),
        words("Counted", "counted", "dates the tests take, none overlapping")), rows,
        "Every date replayed.")
