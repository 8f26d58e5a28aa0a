"""What an import understood: the book, and everything the user should know about the reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.positions import Position

Outcome = Literal["imported", "partial", "refused"]


@dataclass(frozen=True, slots=True)
class CashLine:
    """Cash of one account in one currency; a debit is negative."""

    account_id: str
    currency: str
    amount: Decimal
    where: str = ""


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A total the file states (or implies) beside the same total of what was loaded."""

    where: str
    stated: Decimal
    computed: Decimal
    agrees: bool


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file and the field it was read as, with how sure that is and why.

    An empty `field` means the column is kept as an extra of each position. `unit` is the one its
    figures are written in, empty where they are plain.
    """

    where: str
    header: str
    field: str
    confidence: float
    reason: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """One file read: outcome, book, cash, control totals, problems and the mapping chosen.

    `held_back` are positions recognised but not loadable (the contract size is unknown); each has
    its entry in `book.excluded`.
    """

    outcome: Outcome
    kind: str
    path: Path
    sha256: str
    as_of: date | None
    rows_read: int
    book: Book | None
    cash: tuple[CashLine, ...] = ()
    control_totals: tuple[ControlTotal, ...] = ()
    problems: tuple[Problem, ...] = ()
    mapping: tuple[ColumnChoice, ...] = ()
    held_back: tuple[Position, ...] = ()
    editions: tuple[tuple[str, str], ...] = ()
    """Rule editions read (the contract table): name and edition."""
