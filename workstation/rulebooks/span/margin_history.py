"""Published margin changes replayed: when margin jumped, and how far from trough to peak.

Amounts are per contract in the contract's currency; the latest change on or before a date holds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from workstation.base.problem import Problem
from workstation.book.positions import Position
from workstation.instruments.terms import FutureTerms

SUSPECT_FACTOR = Decimal(5)
"""No single published change multiplied or divided a margin by this much; such rows are errors."""
DATE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class MarginChange:
    """One published change of a contract's margin."""

    symbol: str
    effective: date
    initial: Decimal
    maintenance: Decimal


@dataclass(frozen=True, slots=True)
class MarginJump:
    """One change within a window: margin before and after, and their ratio."""

    on: date
    before: Decimal
    after: Decimal

    @property
    def ratio(self) -> Decimal:
        """Return after / before."""
        return self.after / self.before


@dataclass(frozen=True, slots=True)
class MarginReplay:
    """Maintenance margin of one contract over a window."""

    symbol: str
    first: date
    last: date
    start: Decimal
    end: Decimal
    peak: Decimal
    trough: Decimal
    jumps: tuple[MarginJump, ...]
    source: str = ""
    """Name of the file of changes."""

    @property
    def ratio(self) -> Decimal:
        """Return margin at the end / margin at the start."""
        return self.end / self.start

    @property
    def peak_to_trough(self) -> Decimal:
        """Return the highest / the lowest margin of the window."""
        return self.peak / self.trough

    @property
    def largest_jump(self) -> MarginJump | None:
        """Return the largest single rise, None where margin never rose."""
        rises = [jump for jump in self.jumps if jump.after > jump.before]
        return max(rises, key=lambda jump: jump.ratio, default=None)


@dataclass(frozen=True, slots=True)
class MarginHistories:
    """The published changes of many contracts, each in the order of its dates."""

    name: str
    contracts: tuple[tuple[MarginChange, ...], ...]
    problems: tuple[Problem, ...] = ()

    @property
    def symbols(self) -> tuple[str, ...]:
        """Return the contracts, in the order kept."""
        return tuple(changes[0].symbol for changes in self.contracts)

    def of(self, symbol: str) -> tuple[MarginChange, ...]:
        """Return the changes of a contract, none where it is not in the file."""
        return next((c for c in self.contracts if c[0].symbol == symbol), ())

    def replay(self, symbol: str, first: date | None = None, last: date | None = None
               ) -> MarginReplay | None:
        """Replay a contract between two dates, or as far as its history reaches.

        None where it has no change on or before `last`.
        """
        changes = self.of(symbol)
        if not changes:
            return None
        begin = max(changes[0].effective, first or changes[0].effective)
        end = last or changes[-1].effective
        found = replayed(changes, begin, end) if begin <= end else None
        return None if found is None else replace(found, source=self.name)


def read_margin_history(lines: Iterable[str]
                        ) -> tuple[dict[str, tuple[MarginChange, ...]], list[Problem]]:
    """Read rows of symbol, date (yyyymmdd), initial, maintenance; name what cannot be read."""
    found: dict[str, list[MarginChange]] = {}
    problems: list[Problem] = []
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            change = _change(row)
        except (KeyError, ValueError, InvalidOperation, TypeError):
            problems.append(Problem(f"margin history line {number}", "the row cannot be read",
                                    "write symbol, date (yyyymmdd), initial, maintenance"))
            continue
        found.setdefault(change.symbol, []).append(change)
    ordered = {symbol: tuple(sorted(changes, key=lambda item: item.effective))
               for symbol, changes in found.items()}
    return ordered, problems


def _change(row: dict[str, str]) -> MarginChange:
    text = row["date"].strip()
    if len(text) != DATE_DIGITS:
        raise ValueError(text)
    return MarginChange(row["symbol"].strip(), date(int(text[:4]), int(text[4:6]), int(text[6:])),
                        Decimal(row["initial"]), Decimal(row["maintenance"]))


def without_suspects(changes: Sequence[MarginChange]
                     ) -> tuple[tuple[MarginChange, ...], list[Problem]]:
    """Leave out rows that no margin change explains, each with a note."""
    kept: list[MarginChange] = []
    problems = []
    for change in changes:
        last = kept[-1].maintenance if kept else change.maintenance
        factor = change.maintenance / last if last else Decimal(0)
        if factor and 1 / SUSPECT_FACTOR < factor < SUSPECT_FACTOR:
            kept.append(change)
        else:
            problems.append(Problem(
                f"{change.symbol} {change.effective}",
                f"margin {change.maintenance} follows {last}: taken for an error in the source",
                "check the exchange's notice of that day", "info"))
    return tuple(kept), problems


def margin_on(changes: Sequence[MarginChange], on: date) -> MarginChange | None:
    """Return the change in force on a date, None before the first."""
    earlier = [change for change in changes if change.effective <= on]
    return earlier[-1] if earlier else None


def replayed(changes: Sequence[MarginChange], first: date, last: date) -> MarginReplay | None:
    """Replay maintenance margin between two dates; None where no margin is known at the start."""
    start = margin_on(changes, first)
    if start is None or not start.maintenance:
        return None
    levels = [start.maintenance]
    jumps = []
    for change in changes:
        if first < change.effective <= last:
            if change.maintenance != levels[-1]:
                jumps.append(MarginJump(change.effective, levels[-1], change.maintenance))
            levels.append(change.maintenance)
    return MarginReplay(start.symbol, first, last, levels[0], levels[-1], max(levels),
                        min(levels), tuple(jumps))


def products_of(positions: Iterable[Position]) -> tuple[str, ...]:
    """Return the product codes of the futures held, each once."""
    return tuple(dict.fromkeys(
        terms.product for held in positions
        if isinstance(terms := held.instrument.terms, FutureTerms) and held.quantity))
