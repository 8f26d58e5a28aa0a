"""What a reader must know of a book and its risk-parameter files: dates, sizes, prices given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.rulebooks.span.book_positions import SIZE_FROM, span_position
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.rulebooks.span.portfolio import SpanPosition
from workstation.rulebooks.span.sizing import (
    IN_FILE,
    IN_FILES,
    Sources,
    held_in,
    source_of,
    sources_of,
)

NO_PRICES = "no column was read as a price"
"""Begins the problem of a table without prices, which a file's prices mend."""
MOST_LOOKED_UP = 5
"""Months of one product that are looked for in the files, to compare sizes."""
CHECK = "check it against the contract's specification"


def standing_problems(problems: Iterable[Problem], book: Book) -> tuple[Problem, ...]:
    """Return what is still wrong with a book's files: not what risk-parameter files mended."""
    out = {(item.where, item.what) for item in book.excluded}
    mended = {(item.why.where, item.why.what) for item in book.unsized} - out
    priced = bool(book.positions) and all(p.price is not None for p in book.positions)
    return tuple(p for p in problems if (p.where, p.what) not in mended
                 and not (priced and p.what.startswith(NO_PRICES)))


def said_of_files(book: Book, files: Iterable[object]) -> tuple[Problem, ...]:
    """Return what a reader must know of the loaded files: dates, sizes, prices given."""
    return (*_snapshots(files), *_other_dates(book, files),
            *_other_sizes(book, sources_of(files)), *_sizes_said(book), *_prices_said(book))


def _snapshots(files: Iterable[object]) -> Iterator[Problem]:
    """Name date, cycle and time of every file, as figures of another snapshot differ."""
    for file in files:
        if isinstance(file, RiskParameters):
            points = "; ".join(item.snapshot for item in file.organisations)
            yield Problem(file.name, f"futures it holds are margined as of {points}", "", "info")


def _other_dates(book: Book, files: Iterable[object]) -> Iterator[Problem]:
    """Name files of another day than the review; futures are margined from them all the same."""
    for file in files:
        days = {item.business_date for item in file.organisations if item.business_date} if (
            isinstance(file, RiskParameters)) else set()
        for day in sorted(days - {book.as_of}):
            yield Problem(
                getattr(file, "name", ""), f"the risk parameters are of {day}, the review is as of "
                f"{book.as_of}", "load the file of the review date, or review the book as of the "
                "file's")


def _other_sizes(book: Book, sources: Sources) -> Iterator[Problem]:
    """Name products whose size in the book is not the file's: perhaps another product's code."""
    looked_up: Counter[tuple[object, ...]] = Counter()
    for position in book.positions if sources else ():
        instrument = position.instrument
        key = instrument.asset_class, instrument.underlying, instrument.multiplier
        if instrument.asset_class not in IN_FILES or looked_up[key] >= MOST_LOOKED_UP:
            continue
        held = held_in(position, sources)
        looked_up[key] += 1 if held is None else MOST_LOOKED_UP
        if held is None:
            continue
        size = held.series.value_factor or held.family.value_factor
        if size != instrument.multiplier:
            yield Problem(
                position.where, f"{instrument.symbol}: the book's contract size is "
                f"{instrument.multiplier.normalize():f}, that of {held.family.label} in "
                f"{source_of(held, sources)} is {size.normalize():f}",
                "check that the file is that of the product's exchange")


def _sizes_said(book: Book) -> Iterator[Problem]:
    """Name each product once with its size and the file it is from."""
    groups: dict[tuple[str, ...], list[Position]] = {}
    waiting = {item.position.where for item in book.unsized}
    for position in book.positions if waiting else ():
        source = dict(position.extras).get(SIZE_FROM)
        if position.where in waiting and source is not None:
            found = span_position(position)
            name = found.family if isinstance(found, SpanPosition) else position.instrument.symbol
            size = f"{position.instrument.multiplier.normalize():f} {position.instrument.currency}"
            groups.setdefault((name, size, source), []).append(position)
    for (name, size, source), positions in groups.items():
        many = "1 position" if len(positions) == 1 else f"{len(positions):,} positions"
        yield Problem(positions[0].where, f"{name}: contract size {size}, expiry and underlying of "
                      f"{many} from {source}", CHECK, "info")


def _prices_said(book: Book) -> Iterator[Problem]:
    """Name underlyings that a file prices, and the class nobody stated."""
    for row in book.market.underlyings.values() if book.unsized else ():
        if IN_FILE in row.where:
            yield Problem(
                row.symbol, f"{row.symbol} is priced by {row.where}; its class is taken as "
                f"{row.underlying_class}", f"add {row.symbol} to the Market sheet with its "
                "underlying_class", "warning")
