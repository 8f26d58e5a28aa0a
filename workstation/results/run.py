"""One review: everything that was computed, from which inputs, under which editions.

A run is immutable and made of plain values only, so it is stored in the project file and read
back identically. Views never compute and reports never recompute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.book.book import Book, Exclusion
from workstation.cascade.result import CascadeResult, Trigger
from workstation.collateral.report import CollateralReport
from workstation.collateral.tokens import LocalDepeg, TokenEligibility
from workstation.harmonised.result import DesignMargin
from workstation.measures.account_status import AccountStatus
from workstation.measures.factor_amount import FactorAmount
from workstation.measures.past_tail import PastTail
from workstation.measures.requirement import Margin, Offset
from workstation.measures.venue_detail import NO_VENUES, VenueDetail
from workstation.offsets.bridge import Bridge
from workstation.offsets.exposure import Exposure
from workstation.results.scans import ScanProfile
from workstation.results.spreads import SpreadRow


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file the run read, by name and SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EditionUsed:
    """A rule edition the run read, with where it comes from."""

    rule: str
    edition: str
    effective: date
    source: str
    unverified: tuple[str, ...] = ()
    """Names of its parameters that are still to confirm."""


@dataclass(frozen=True, slots=True)
class StandAlone:
    """The maintenance requirement of one position on its own, under its account's rulebook.

    `amount` is None where no rulebook margins the position (it is then among the exclusions).
    """

    where: str
    account_id: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class DesignOutcome:
    """One design's requirement with its bridge from today and the ledger that reconciles it."""

    margin: DesignMargin
    bridge: Bridge
    ledger: tuple[Offset, ...]

    @property
    def saving(self) -> Decimal:
        """Return what the design frees against today's silos; negative where it asks for more."""
        return self.bridge.silos - self.bridge.end


@dataclass(frozen=True, slots=True)
class Run:
    """The whole review. `silos` is today's law on the maintenance and the initial basis."""

    product_version: str
    kernel: str
    as_of: date
    currency: str
    inputs: tuple[InputFile, ...]
    editions: tuple[EditionUsed, ...]
    book: Book
    stand_alone: tuple[StandAlone, ...]
    silos: Margin
    designs: tuple[DesignOutcome, ...]
    collateral: CollateralReport
    cascade: CascadeResult | None
    problems: tuple[Problem, ...]
    statuses: tuple[AccountStatus, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    venues: VenueDetail = NO_VENUES
    scans: tuple[ScanProfile, ...] = ()
    sensitivities: tuple[FactorAmount, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    """The nearest move of each factor alone to each event, nearest first."""
    tokens: tuple[TokenEligibility, ...] = ()
    depegs: tuple[LocalDepeg, ...] = ()
    spreads: tuple[SpreadRow, ...] = ()
    """Spreads formed and denied between futures margined from risk-parameter files."""
    tails: tuple[PastTail, ...] = ()
    """Past profits behind the margin of cleared swaps accounts."""

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        """Return every position or row left out of the totals."""
        return self.silos.excluded

    @property
    def complete(self) -> bool:
        """Say whether every position was margined."""
        return not self.excluded

    @property
    def whole(self) -> bool:
        """Say whether every position was margined and no part of the book or claim is in error."""
        return self.complete and not any(
            problem.severity == "error" for problem in (*self.problems, *self.collateral.problems))

    def design(self, name: str) -> DesignOutcome | None:
        """Return the outcome of one design by name."""
        return next((d for d in self.designs if d.margin.name == name), None)

    def status(self, account_id: str) -> AccountStatus | None:
        """Return the standing of one account."""
        return next((s for s in self.statuses if s.account_id == account_id), None)

    @property
    def without_cash(self) -> tuple[str, ...]:
        """Return the accounts whose cash the file does not state: nothing is called of them."""
        return tuple(s.account_id for s in self.statuses if not s.cash_stated)
