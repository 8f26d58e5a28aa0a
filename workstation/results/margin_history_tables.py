"""Published margin over time: contracts compared by their rises, and one contract's changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.results.formats import percent, price, ratio, whole, words
from workstation.results.table import Column, Table
from workstation.rulebooks.span.margin_history import MarginReplay


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One contract over a window: how far its margin moved, and its largest single rise."""

    symbol: str
    first: date
    last: date
    start: Decimal
    end: Decimal
    trough: Decimal
    peak: Decimal
    peak_to_trough: Decimal
    changes: int
    largest_rise: Decimal | None
    on: date | None


@dataclass(frozen=True, slots=True)
class JumpRow:
    """One published change: the day it holds from, margin before and after."""

    on: date
    before: Decimal
    after: Decimal
    change: Decimal
    ratio: Decimal


def replay_row(found: MarginReplay) -> ReplayRow:
    """Return a replay as a row."""
    largest = found.largest_jump
    return ReplayRow(
        found.symbol, found.first, found.last, found.start, found.end, found.trough, found.peak,
        found.peak_to_trough, len(found.jumps),
        None if largest is None else largest.ratio - 1, None if largest is None else largest.on)


def published_figures(found: MarginReplay) -> Iterator[tuple[str, Decimal | int | date]]:
    """Yield every figure of a replay by name; amounts are maintenance of one contract."""
    yield "maintenance at the start", found.start
    yield "maintenance at the end", found.end
    yield "lowest maintenance", found.trough
    yield "highest maintenance", found.peak
    yield "peak to trough", found.peak_to_trough
    yield "changes", len(found.jumps)
    if found.largest_jump is not None:
        yield "largest rise of one change", found.largest_jump.ratio - 1
        yield "largest rise on", found.largest_jump.on
    for jump in found.jumps:
        yield f"maintenance from {jump.on} on", jump.after


def replays_table(replays: Iterable[MarginReplay]) -> Table:
    """Return one row a contract; amounts are a contract's maintenance in its own currency."""
    return Table("Published margin", (
        words("Contract", "symbol"), _day("From", "first"), _day("To", "last"),
        price("At start", "start"), price("At end", "end"), price("Trough", "trough"),
        price("Peak", "peak"), ratio("Peak to trough", "peak_to_trough"),
        whole("Changes", "changes"), percent("Largest rise", "largest_rise", "of one change"),
        _day("On", "on")), tuple(map(replay_row, replays)),
        "Published maintenance of one contract, in its own currency.")


def jumps_table(found: MarginReplay) -> Table:
    """Return the changes of one contract, by date."""
    rows = tuple(JumpRow(jump.on, jump.before, jump.after, jump.after - jump.before,
                         jump.ratio - 1) for jump in found.jumps)
    return Table(f"Margin changes, {found.symbol}", (
        _day("Holds from", "on"), price("Before", "before"), price("After", "after"),
        price("Change", "change"), percent("Change, share", "ratio")), rows,
        "Published maintenance of one contract, in its own currency.")


def _day(heading: str, field: str) -> Column:
    return Column(heading, field, str, excel="yyyy-mm-dd")
