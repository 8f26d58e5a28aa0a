"""Contract sizes from loaded risk-parameter files, for futures that no contract table sizes.

A file states each contract's value factor, currency, expiry and, of an option, what it is on: all
that a position read from the client's file may lack. Sizes come and go with the files loaded;
what the analyst changed of a position stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.market.market import Market, Underlying
from workstation.rulebooks.span.book_positions import SIZE_FROM, span_position
from workstation.rulebooks.span.holdings import Held, locator_of
from workstation.rulebooks.span.parameters import Organisation, RiskParameters
from workstation.rulebooks.span.portfolio import SpanPosition

PRICE_FROM = "settlement price from the file"
"""Extra by which a position says what price a file gave it."""
IN_FILE = " in risk-parameter file "
"""Stands in the place of a market row that a file gave."""
ONE = Decimal(1)
Sources = Mapping[Organisation, str]
IN_FILES = frozenset({AssetClass.FUTURE, AssetClass.FUTURE_OPTION})


def sized(book: Book, files: Iterable[object]) -> Book:
    """Return a book whose futures of unknown size are positions where a file sizes them.

    Futures and options on them without a price take the file's settlement price.
    """
    waiting = {item.position.where for item in book.unsized}
    if not waiting and not any(map(_may_be_priced, book.positions)):
        return book
    sources = sources_of(files)
    edited = {p.where: p for p in book.positions if p.where in waiting}
    known = [_priced(p, sources) for p in book.positions if p.where not in waiting]
    kept, positions, excluded = [], [], [e for e in book.excluded if e.where not in waiting]
    prices = _Prices(sources, {p.instrument.terms.product: p.instrument.underlying for p in known
                               if isinstance(p.instrument.terms, FutureTerms)})
    for item in book.unsized:
        current = replace(item, position=_as_edited(item.position, edited.get(item.position.where)))
        held = held_in(current.position, sources)
        kept.append(current)
        if held is None:
            excluded.append(current.why)
        else:
            found = _sized(current.position, held, source_of(held, sources), prices.names)
            positions.append((item.place, found))
            prices.note(found, held)
    return replace(book, positions=_in_order(known, positions), excluded=tuple(excluded),
                   unsized=tuple(kept), market=prices.added(book.market))


def sources_of(files: Iterable[object]) -> Sources:
    """Return the organisations of the files, each with the words that name it."""
    return {item: f"{file.name} ({item.snapshot})" for file in files
            if isinstance(file, RiskParameters) for item in file.organisations}


def _may_be_priced(position: Position) -> bool:
    """Say whether a file could price a position, or an earlier one did."""
    return position.instrument.asset_class in IN_FILES and (
        position.price is None or PRICE_FROM in dict(position.extras))


def _priced(position: Position, sources: Sources) -> Position:
    """Return a position of known size with the file's price where the client stated none."""
    if not _may_be_priced(position):
        return position
    bare = _without_price(position)
    held = held_in(bare, sources) if bare.price is None else None
    if held is None or held.price is None:
        return bare
    return replace(bare, price=held.price, extras=(*bare.extras, (PRICE_FROM, str(held.price))))


def _without_price(position: Position) -> Position:
    """Take an earlier file's price away; a price typed over it stays."""
    given = dict(position.extras).get(PRICE_FROM)
    extras = tuple(pair for pair in position.extras if pair[0] != PRICE_FROM)
    price = None if given is not None and given == str(position.price) else position.price
    return replace(position, price=price, extras=extras)


def _as_edited(read: Position, edited: Position | None) -> Position:
    """Return a position as read, with what the analyst made of it while a file sized it."""
    if edited is None:
        return read
    return replace(read, account_id=edited.account_id, quantity=edited.quantity,
                   price=_without_price(edited).price)


def _in_order(known: Sequence[Position], found: Sequence[tuple[int, Position]]
              ) -> tuple[Position, ...]:
    """Put sized positions back between those of known size, where the file had them."""
    ordered = [*((place, 1, p) for place, p in enumerate(known)),
               *((place, 0, p) for place, p in found)]
    return tuple(p for _, _, p in sorted(ordered, key=lambda item: item[:2]))


def held_in(position: Position, sources: Sources) -> Held | None:
    """Return the contract of a position where a file has it and states its size."""
    wanted = span_position(position)
    held = locator_of(tuple(sources)).held(wanted) if isinstance(wanted, SpanPosition) else None
    if held is None or not (held.series.value_factor or held.family.factor_stated):
        return None
    return held if isinstance(position.instrument.terms, FutureTerms | OptionTerms) else None


def source_of(held: Held, sources: Sources) -> str:
    """Return the words for the file a contract is from."""
    return next(text for item, text in sources.items() if item.code == held.commodity.organisation)


def _sized(position: Position, held: Held, source: str, names: Mapping[str, str]) -> Position:
    """Return a position with the size, currency, expiry and underlying its file states."""
    instrument: Instrument = position.instrument
    terms: Any = instrument.terms
    return replace(
        position, price=held.price if position.price is None else position.price,
        extras=(*position.extras, *_given(position, held, source)),
        instrument=replace(
            instrument, underlying=_underlying(position, held, names),
            currency=held.family.currency or instrument.currency,
            multiplier=held.series.value_factor or held.family.value_factor,
            terms=replace(terms, expiry=held.series.expiry or terms.expiry)))


def _given(position: Position, held: Held, source: str) -> Iterator[tuple[str, str]]:
    """Yield what the file gave, and the option's own code where its underlying takes its place."""
    if "pfcode" not in {name.casefold() for name, _ in position.extras}:
        yield "pfCode", held.family.code
    yield SIZE_FROM, source
    if position.price is None and held.price is not None:
        yield PRICE_FROM, str(held.price)


def _underlying(position: Position, held: Held, names: Mapping[str, str]) -> str:
    """Return what prices it: an option named by its own code is on the future the file names."""
    stated, on = position.instrument.underlying, held.series.underlying
    return names.get(on, on) if on and stated in ("", held.family.code) else stated


@dataclass(slots=True)
class _Prices:
    """What the files say of underlyings: the nearest future of each, priced above nought."""

    sources: Sources
    names: Mapping[str, str]
    """Underlyings by product code, of futures whose size is known."""
    found: dict[str, tuple[str, Underlying]] = field(default_factory=dict)

    def note(self, position: Position, held: Held) -> None:
        """Keep the future a position is, or is on, if it is the nearest one met."""
        future = held
        if held.is_option:
            on = SpanPosition(held.series.underlying, held.month, ONE, "FUT",
                              organisation=held.commodity.organisation)
            future = locator_of(tuple(self.sources)).held(on) or held
        symbol, price = position.instrument.underlying, future.price
        if future.is_option or price is None or price <= 0:
            return
        row = Underlying(symbol, price, future.family.currency or position.instrument.currency,
                         where=f"{future.family.code} {future.series.month}{IN_FILE}"
                         f"{source_of(future, self.sources)}")
        known = self.found.get(symbol)
        if known is None or future.series.month < known[0]:
            self.found[symbol] = future.series.month, row

    def added(self, market: Market) -> Market:
        """Return a market with rows for underlyings it lacks, and none that other files gave."""
        rows = {symbol: row for symbol, row in market.underlyings.items()
                if IN_FILE not in row.where}
        given = {symbol: row for symbol, (_, row) in self.found.items()}
        return replace(market, underlyings={**given, **rows})
