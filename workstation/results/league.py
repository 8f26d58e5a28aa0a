"""The league table of a batch: what each book posts today, and what a design would save it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from workstation.base.money import accounting
from workstation.results.formats import percent_text
from workstation.results.run import Run
from workstation.results.table import Column, Table
from workstation.results.tables import saving_share

Status = Literal["complete", "incomplete", "failed"]


@dataclass(frozen=True, slots=True)
class DesignFigures:
    """What one design asks of a book, what it saves, and the saving as a share of the silos."""

    name: str
    requirement: Decimal
    saving: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """One book of a batch; of a failed one only its file and the sentence why.

    `call` is the sum of the calls the accounts are in, None where none can be told.
    """

    file: str
    status: Status
    book: str = ""
    sha256: str = ""
    as_of: str = ""
    currency: str = ""
    positions: int = 0
    accounts: int = 0
    excluded: int = 0
    silos: Decimal | None = None
    designs: tuple[DesignFigures, ...] = ()
    call: Decimal | None = None
    free_collateral: Decimal | None = None
    editions: tuple[tuple[str, str], ...] = ()
    error: str = ""
    written: tuple[str, ...] = ()
    seconds: float = 0.0

    def design(self, name: str) -> DesignFigures | None:
        """Return the figures of one design."""
        return next((each for each in self.designs if each.name == name), None)


@dataclass(frozen=True, slots=True)
class League:
    """The outcomes of a batch, the largest saving first, failures last, under one design."""

    design: str
    books: tuple[BookOutcome, ...] = ()
    skipped: tuple[str, ...] = field(default=())
    """Files of the folder that are not books by their ending."""


def outcome_of(file: str, run: Run, written: Sequence[str] = ()) -> BookOutcome:
    """Return the league's figures of one finished review."""
    calls = [call.call.amount for status in run.statuses if (call := status.first_call) is not None]
    return BookOutcome(
        file, "complete" if run.whole else "incomplete", run.book.name,
        run.inputs[0].sha256 if run.inputs else "", run.as_of.isoformat(), run.currency,
        len(run.book.positions), len(run.book.accounts), len(run.excluded),
        run.silos.maintenance.amount,
        tuple(DesignFigures(each.margin.name, each.margin.requirement.amount, each.saving,
                            saving_share(each)) for each in run.designs),
        sum(calls, Decimal(0)) if run.statuses else None, run.collateral.free_value,
        tuple((edition.rule, edition.edition) for edition in run.editions),
        written=tuple(written))


def ranked(design: str, outcomes: Sequence[BookOutcome], skipped: Sequence[str] = ()) -> League:
    """Return the league with the largest saving under a design first."""

    def place(outcome: BookOutcome) -> tuple[bool, Decimal, str]:
        figures = outcome.design(design)
        return (outcome.status == "failed", -(figures.saving if figures else Decimal(0)),
                outcome.file)

    return League(design, tuple(sorted(outcomes, key=place)), tuple(skipped))


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One book as a row of the league table."""

    rank: int
    file: str
    book: str
    status: str
    silos: Decimal | None
    requirement: Decimal | None
    saving: Decimal | None
    share: Decimal | None
    call: Decimal | None
    free_collateral: Decimal | None
    excluded: int
    currency: str
    as_of: str
    error: str


MONEY = "#,##0;(#,##0)"


def league_table(league: League) -> Table:
    """Return the league as a table, one row a book."""
    rows = tuple(_row(rank, league.design, outcome)
                 for rank, outcome in enumerate(league.books, start=1))
    money = [("Today, silos", "silos"), (f"Design: {league.design}", "requirement"),
             ("Saving", "saving"), ("In call", "call"), ("Free collateral", "free_collateral")]
    amounts = {name: Column(heading, name, accounting, numeric=True, excel=MONEY)
               for heading, name in money}
    return Table("League table", (
        Column("Rank", "rank", numeric=True), Column("Book", "book"), Column("File", "file"),
        Column("Status", "status"), amounts["silos"], amounts["requirement"], amounts["saving"],
        Column("Saving, share", "share", percent_text, numeric=True, excel="0.0%"),
        amounts["call"], amounts["free_collateral"],
        Column("Left out", "excluded", numeric=True), Column("Currency", "currency"),
        Column("As of", "as_of"), Column("Why not", "error")), rows)


def _row(rank: int, design: str, outcome: BookOutcome) -> LeagueRow:
    figures = outcome.design(design)
    return LeagueRow(
        rank, outcome.file, outcome.book, outcome.status, outcome.silos,
        figures.requirement if figures else None, figures.saving if figures else None,
        figures.share if figures else None, outcome.call, outcome.free_collateral,
        outcome.excluded, outcome.currency, outcome.as_of, outcome.error)
