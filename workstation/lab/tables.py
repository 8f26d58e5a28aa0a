"""The lab's findings as tables: frontier, coverage, stress, dynamics, protection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.lab.result import BookFindings, DesignFindings, Dynamics, Findings
from workstation.results.formats import money, percent, ratio, whole, words
from workstation.results.margin_history_tables import replays_table
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class FrontierRow:
    """One design on one book: what it saves and what that costs; empty where it was refused."""

    book: str
    design: str
    note: str
    requirement: Decimal | None = None
    saving: Decimal | None = None
    saving_share: Decimal | None = None
    exceedances: int | None = None
    worst_uncovered: float | None = None
    peak_to_trough: float | None = None
    amplification: Decimal | None = None
    sold_share: float | None = None
    tipping: float | None = None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Exceedances of one design with their tests."""

    book: str
    design: str
    days: int
    exceedances: int
    kupiec: float
    christoffersen: float
    zone: str
    worst_loss: float
    worst_day: date
    worst_uncovered: float
    window: str


@dataclass(frozen=True, slots=True)
class StressedRow:
    """One design computed again after one stress."""

    book: str
    design: str
    stress: str
    requirement: Decimal
    rise: Decimal
    equity: Decimal
    short: Decimal


@dataclass(frozen=True, slots=True)
class DynamicsRow:
    """One cascade under one design."""

    book: str
    design: str
    stress: str
    freed_margin: str
    equity: Decimal
    loss: Decimal
    amplification: Decimal | None
    sold_share: float
    uncovered: Decimal
    tipping: float | None
    defaults: str


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """Where margin would lie under one design, and what would stay free."""

    book: str
    design: str
    joined: str
    excess_equity: Decimal
    free_collateral: Decimal
    recovered_low: Decimal | None
    recovered_high: Decimal | None


BOOK: tuple[Column, ...] = (words("Book", "book"), words("Design", "design"))


def lab_tables(findings: Findings) -> tuple[Table, ...]:
    """Return every table of the lab."""
    return (frontier_table(findings), coverage_table(findings), stressed_table(findings),
            dynamics_table(findings), protection_table(findings),
            replays_table(r for book in findings.books for r in book.published))


def taken_up(found: DesignFindings) -> Dynamics | None:
    """Return the first stress with freed margin in use, as kept where nothing was freed."""
    stress = [d for d in found.dynamics if d.stress == found.dynamics[0].stress]
    return stress[-1] if stress else None


def frontier_table(findings: Findings) -> Table:
    """Return saving against amplification, one row a design and book."""
    return Table("Frontier", (
        *BOOK, money("Requirement", "requirement"), money("Saving", "saving"),
        percent("Saving, share", "saving_share"),
        whole("Exceeded", "exceedances", "days on which the loss was above the requirement"),
        money("Worst uncovered", "worst_uncovered"),
        ratio("Peak to trough", "peak_to_trough", "of the requirement, over the replay"),
        ratio("Amplification", "amplification", "total over direct loss, freed margin used"),
        percent("Sold", "sold_share", "share of its holdings the client must sell"),
        ratio("Tips at", "tipping", "multiple of the stress from which it must sell"),
        words("Note", "note")),
        tuple(_frontier(book, found) for book, found in each(findings)),
        f"Stress: {findings.stress}. Freed margin is withdrawn until equity stands to the "
        "requirement as it does today.")


def each(findings: Findings) -> Iterator[tuple[BookFindings, DesignFindings]]:
    """Yield every design with its book."""
    for book in findings.books:
        for found in book.designs:
            yield book, found


def _frontier(book: BookFindings, found: DesignFindings) -> FrontierRow:
    if found.refusal:
        return FrontierRow(book.book, found.design, found.refusal)
    used, coverage = taken_up(found), found.coverage
    return FrontierRow(
        book.book, found.design, "" if found.complete else "incomplete", found.requirement,
        found.saving, found.saving_share, coverage.exceedances if coverage else None,
        coverage.worst_uncovered if coverage else None,
        found.cyclicality.peak_to_trough if found.cyclicality else None,
        used.amplification if used else None, used.sold_share if used else None,
        used.tipping if used else None)


def coverage_table(findings: Findings) -> Table:
    """Return the coverage tests; designs without a history are not in it."""
    rows = tuple(
        CoverageRow(book.book, found.design, c.days, c.exceedances, c.kupiec, c.christoffersen,
                    c.zone, c.worst_loss, c.worst_day, c.worst_uncovered, c.window)
        for book, found in each(findings) if (c := found.coverage) is not None)
    return Table("Coverage", (
        *BOOK, whole("Days", "days"), whole("Exceeded", "exceedances"),
        ratio("Kupiec p", "kupiec"), ratio("Christoffersen p", "christoffersen"),
        words("Zone", "zone"), money("Worst loss", "worst_loss"), words("On", "worst_day"),
        money("Worst uncovered", "worst_uncovered"), words("Window", "window")), rows,
        f"{_marks(findings)}; at 99 %.")


def _marks(findings: Findings) -> str:
    told = dict.fromkeys(c.marks for _, found in each(findings)
                         if (c := found.coverage) is not None)
    return "; ".join(told).capitalize() or "No history"


def stressed_table(findings: Findings) -> Table:
    """Return requirements computed again after each stress."""
    rows = tuple(StressedRow(book.book, found.design, s.stress, s.requirement, s.rise, s.equity,
                             s.short) for book, found in each(findings) for s in found.stressed)
    return Table("Margin under stress", (
        *BOOK, words("Stress", "stress"), money("Requirement", "requirement"),
        money("Rise", "rise"), money("Equity", "equity"), money("Short", "short")), rows,
        "Prices and volatilities moved, gains settled, every requirement computed again.")


def dynamics_table(findings: Findings) -> Table:
    """Return every cascade run."""
    rows = tuple(
        DynamicsRow(book.book, found.design, d.stress, "used" if d.released else "kept", d.equity,
                    d.loss, d.amplification, d.sold_share, d.uncovered, d.tipping,
                    ", ".join(d.defaults))
        for book, found in each(findings) for d in found.dynamics)
    return Table("Liquidation dynamics", (
        *BOOK, words("Stress", "stress"), words("Freed margin", "freed_margin"),
        money("Equity", "equity"), money("Loss", "loss"),
        ratio("Amplification", "amplification"), percent("Sold", "sold_share"),
        money("Uncovered", "uncovered"), ratio("Tips at", "tipping"),
        words("Defaults", "defaults")), rows)


def protection_table(findings: Findings) -> Table:
    """Return the legal locations each design would join."""
    rows = tuple(
        ProtectionRow(book.book, found.design, "; ".join(found.protection.joined) or "none",
                      found.protection.excess_equity, found.protection.free_collateral,
                      None if found.protection.recoveries is None
                      else found.protection.recoveries.low,
                      None if found.protection.recoveries is None
                      else found.protection.recoveries.high)
        for book, found in each(findings))
    return Table("Protection", (
        *BOOK, words("Locations joined", "joined", "where the joined accounts' margin lies today"),
        money("Equity above the requirement", "excess_equity"),
        money("Free collateral", "free_collateral"),
        money("Recovered, worst class", "recovered_low", "joint margin in the worst class joined"),
        money("Recovered, best class", "recovered_high", "joint margin in the best class joined")),
        rows, "If the carrying firms failed; recoveries by class are house assumptions.")

