"""What the lab found: plain figures of every design on every book, each with window and seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.lab.recovery import Recoveries
from workstation.rulebooks.span.margin_history import MarginReplay


@dataclass(frozen=True, slots=True)
class ReplayDay:
    """One date replayed: what was asked for, what was lost from then on, and if it is tested."""

    date: date
    requirement: float
    loss: float
    counted: bool

    @property
    def exceeded(self) -> bool:
        """Say whether the loss was above the requirement."""
        return self.loss > self.requirement


@dataclass(frozen=True, slots=True)
class Coverage:
    """Was the requirement enough over history? Counts, tests and the worst day.

    `days` do not overlap; `exceedances` are days on which the loss was larger than the
    requirement of that day. P-values are of Kupiec's and Christoffersen's tests.
    """

    window: str
    days: int
    exceedances: int
    probability: float
    kupiec: float
    christoffersen: float
    zone: str
    worst_loss: float
    worst_day: date
    worst_uncovered: float
    left_out: tuple[str, ...]
    marks: str = ""
    """What the replay held and what it rolled, in words."""
    replayed: tuple[ReplayDay, ...] = ()
    """Every date replayed, so that the counts can be checked by hand."""


@dataclass(frozen=True, slots=True)
class Cyclicality:
    """How much the requirement moved: peak over trough, and largest rise over n replayed days."""

    peak_to_trough: float
    largest_rise: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Dynamics:
    """One liquidation cascade of the client: what a stress costs after forced sales.

    `released` says whether equity was withdrawn beforehand until it stood to the requirement as it
    does today; `equity` is what was left. `tipping` is the multiple of the stress from which the
    client must sell; None where it does not up to `searched`.
    """

    stress: str
    released: bool
    equity: Decimal
    loss: Decimal
    amplification: Decimal | None
    sold_share: float
    uncovered: Decimal
    defaults: tuple[str, ...]
    tipping: float | None
    searched: float


@dataclass(frozen=True, slots=True)
class AfterStress:
    """What a design asks for when it is computed again on the book after a shock."""

    stress: str
    requirement: Decimal
    equity: Decimal
    rise: Decimal

    @property
    def short(self) -> Decimal:
        """Return what would be called: requirement above equity."""
        return max(Decimal(0), self.requirement - self.equity)


@dataclass(frozen=True, slots=True)
class Protection:
    """Where the client's margin lies: accounts by location, and locations a design joins."""

    locations: tuple[tuple[str, str], ...]
    joined: tuple[str, ...]
    free_collateral: Decimal
    excess_equity: Decimal
    recoveries: Recoveries | None = None
    """What would come back if the carrying firms failed; None without an insolvency edition."""


@dataclass(frozen=True, slots=True)
class DesignFindings:
    """Everything the lab says of one design on one book; None where there was no data for it."""

    design: str
    title: str
    version: str
    status: str
    method: str
    complete: bool
    refusal: str
    requirement: Decimal
    saving: Decimal
    saving_share: Decimal | None
    told: tuple[tuple[str, str], ...]
    coverage: Coverage | None
    cyclicality: Cyclicality | None
    dynamics: tuple[Dynamics, ...]
    stressed: tuple[AfterStress, ...]
    protection: Protection


@dataclass(frozen=True, slots=True)
class BookFindings:
    """Every design on one book."""

    book: str
    as_of: date
    currency: str
    stand_alone: Decimal
    silos: Decimal
    history: str
    designs: tuple[DesignFindings, ...]
    problems: tuple[Problem, ...] = ()
    editions: tuple[tuple[str, str], ...] = ()
    """Rule and edition of everything read for this book."""
    published: tuple[MarginReplay, ...] = ()
    """The published margin of each contract held, over the dates replayed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A run of the lab over one or many books."""

    product_version: str
    stress: str
    books: tuple[BookFindings, ...]
