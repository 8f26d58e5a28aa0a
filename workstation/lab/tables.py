"""The lab's findings as tables: frontier, coverage, stress, dynamics, protection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.lab.result import BookFindings, DesignFindings, Dynamics, Findings
from workstation.results.cascade_measures import times
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


def unit_of(findings: Findings) -> str:
    """Return the currency of every amount, in brackets; that of each book where they differ."""
    currencies = {book.currency for book in findings.books}
    return f"({currencies.pop()})" if len(currencies) == 1 else "(currency of the book)"


def taken_up(found: DesignFindings) -> Dynamics | None:
    """Return the first stress with freed margin in use, as kept where nothing was freed."""
    stress = [d for d in found.dynamics if d.stress == found.dynamics[0].stress]
    return stress[-1] if stress else None


def frontier_table(findings: Findings) -> Table:
    """Return saving against amplification, one row a design and book."""
    unit = unit_of(findings)
    return Table("Frontier", (
        *BOOK, money(f"Requirement {unit}", "requirement"),
        money(f"Saving {unit}", "saving", "against today's silos"),
        percent("Saving (%)", "saving_share", "of today's silos"),
        whole("Exceedances", "exceedances", "periods whose loss was above the requirement"),
        money(f"Worst uncovered loss {unit}", "worst_uncovered"),
        times("Peak to trough", "peak_to_trough", "of the requirement, over the replay"),
        times("Amplification", "amplification", "total over direct loss, freed margin used"),
        percent("Forced sales (%)", "sold_share", "share of its holdings the client must sell"),
        times("First forced sale", "tipping",
              "multiple of the stress from which it must sell; empty: not in the search"),
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
    unit = unit_of(findings)
    rows = tuple(
        CoverageRow(book.book, found.design, c.days, c.exceedances, c.kupiec, c.christoffersen,
                    c.zone, c.worst_loss, c.worst_day, c.worst_uncovered, c.window)
        for book, found in each(findings) if (c := found.coverage) is not None)
    return Table("Coverage", (
        *BOOK, whole("Periods", "days", "that do not overlap"),
        whole("Exceedances", "exceedances"),
        ratio("Kupiec p-value", "kupiec", "unconditional coverage"),
        ratio("Christoffersen p-value", "christoffersen", "independence of exceedances"),
        words("Traffic light", "zone"), money(f"Worst loss {unit}", "worst_loss"),
        words("From", "worst_day"), money(f"Worst uncovered loss {unit}", "worst_uncovered"),
        words("Window", "window")), rows,
        f"{_marks(findings)}; at 99 %.")


def _marks(findings: Findings) -> str:
    told = dict.fromkeys(c.marks for _, found in each(findings)
                         if (c := found.coverage) is not None)
    return "; ".join(told).capitalize() or "No history"


def stressed_table(findings: Findings) -> Table:
    """Return requirements computed again after each stress."""
    unit = unit_of(findings)
    rows = tuple(StressedRow(book.book, found.design, s.stress, s.requirement, s.rise, s.equity,
                             s.short) for book, found in each(findings) for s in found.stressed)
    return Table("Margin under stress", (
        *BOOK, words("Stress", "stress"), money(f"Requirement after {unit}", "requirement"),
        money(f"Rise {unit}", "rise"), money(f"Equity after {unit}", "equity"),
        money(f"Shortfall {unit}", "short", "requirement above equity")), rows,
        "Prices and volatilities moved, gains settled, every requirement computed again.")


def dynamics_table(findings: Findings) -> Table:
    """Return every cascade run."""
    unit = unit_of(findings)
    rows = tuple(
        DynamicsRow(book.book, found.design, d.stress, "used" if d.released else "kept", d.equity,
                    d.loss, d.amplification, d.sold_share, d.uncovered, d.tipping,
                    ", ".join(d.defaults))
        for book, found in each(findings) for d in found.dynamics)
    return Table("Liquidation dynamics", (
        *BOOK, words("Stress", "stress"), words("Freed margin", "freed_margin"),
        money(f"Equity {unit}", "equity", "before the shock"), money(f"Loss {unit}", "loss"),
        times("Amplification", "amplification", "total over direct loss"),
        percent("Forced sales (%)", "sold_share", "share of its holdings the client must sell"),
        money(f"Uncovered loss {unit}", "uncovered"),
        times("First forced sale", "tipping",
              "multiple of the stress from which it must sell; empty: not in the search"),
        words("Defaults", "defaults")), rows)


def protection_table(findings: Findings) -> Table:
    """Return the legal locations each design would join."""
    unit = unit_of(findings)
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
        money(f"Equity above the requirement {unit}", "excess_equity"),
        money(f"Free collateral {unit}", "free_collateral"),
        money(f"Recovered, worst class {unit}", "recovered_low",
              "joint margin in the worst class joined"),
        money(f"Recovered, best class {unit}", "recovered_high",
              "joint margin in the best class joined")),
        rows, "If the carrying firms failed; recoveries by class are house assumptions.")

