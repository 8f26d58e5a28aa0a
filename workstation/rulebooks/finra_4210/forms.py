"""Every strategy the rule recognises among the legs of one underlying, each for one contract.

A form names its legs by position: options by their place, long stock and short stock after them.
`saving` is what one contract of it saves against its legs margined alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product

import numpy as np

from workstation.base.explain import Explained
from workstation.book.resolve import Bools, Floats
from workstation.measures.pairing import NONE, Columns, Index
from workstation.rulebooks.finra_4210 import f_hedges, f_options
from workstation.rulebooks.finra_4210.e_exempted_and_debt import e_1_same_security
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.securities import Option, Stock
from workstation.rulebooks.finra_4210.spread_search import (
    CLOSE,
    Series,
    doubles,
    kept,
    pair_count,
    pair_losses,
    pairs,
    spreads_of,
    straddles,
)

SPREAD, STRADDLE, SAME_SECURITY = "spread", "short straddle or strangle", "same security"
LONG_BOX, COVERED_BY_CALL = "long box", "short sale covered by a call"
WITHOUT_STOCK = frozenset({SPREAD, STRADDLE, LONG_BOX})
MOST_SPREAD_PAIRS = 70
MOST_TRIPLES = 400
MOST_LEGS = 4
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Legs:
    """The legs of one underlying and one multiplier; everything sized to one contract.

    `supply` holds the contracts (or lots of shares) of each leg, `alone` what a contract of each
    costs without any offset: options first, then long stock, then short stock.
    """

    options: tuple[Option, ...]
    long_stock: Stock | None
    short_stock: Stock | None
    supply: tuple[Decimal, ...]
    alone: tuple[Decimal, ...]
    series: Series

    @property
    def long_at(self) -> int:
        """Return the place of the long stock."""
        return len(self.options)

    @property
    def short_at(self) -> int:
        """Return the place of the short stock."""
        return len(self.options) + 1

    @property
    def first_side(self) -> Bools:
        """Say which legs pair only with the others.

        Short calls, long puts and short stock meet long calls, short puts and long stock, in
        every form of two legs; never each other.
        """
        options = [option.short == option.is_call for option in self.options]
        return np.array([*options, False, True])

    def places(self, *, short: bool, right: str = "") -> list[int]:
        """Return the places of the options of one side, and of one right if given."""
        return [i for i, option in enumerate(self.options)
                if option.short == short and right in ("", option.terms.right)]


@dataclass(frozen=True, slots=True)
class Form:
    """A recognised strategy: its kind, its legs by place (repeated where used twice), saving."""

    kind: str
    legs: tuple[int, ...]
    saving: float


@dataclass(frozen=True, slots=True)
class Forms:
    """Recognised strategies as columns, by kind in blocks that end at `ends`."""

    columns: Columns
    kinds: tuple[str, ...]
    ends: tuple[int, ...]

    def without(self, kind: str) -> Forms:
        """Return the forms of every other kind."""
        return self._where([name != kind for name in self.kinds])

    def only(self, kind: str) -> Forms:
        """Return the forms of one kind."""
        return self._where([name == kind for name in self.kinds])

    def _where(self, stays: list[bool]) -> Forms:
        sizes = np.diff(self.ends, prepend=0)
        rows = np.repeat(np.array(stays, dtype=np.bool_), sizes)
        return Forms(
            Columns(self.columns.legs[rows], self.columns.saving[rows]),
            tuple(name for name, stay in zip(self.kinds, stays, strict=True) if stay),
            tuple(np.cumsum(sizes[np.array(stays, dtype=np.bool_)]).tolist()))

    def form(self, place: int) -> Form:
        """Return one form."""
        kind = self.kinds[bisect_right(self.ends, place)]
        legs = tuple(leg for leg in self.columns.legs[place].tolist() if leg != NONE)
        return Form(kind, legs, float(self.columns.saving[place]))


Block = tuple[str, Index, Floats]


def recognised(legs: Legs, basis: Basis) -> Forms:
    """Return every form that saves something, in a stable order."""
    key = "forms", id(legs.series)
    if key not in basis.memo:
        basis.memo[key] = _saving(
            [*_spreads(legs, basis), _straddles(legs), *map(_block, _boxes(legs, basis))])
    blocks = [*basis.memo[key], *_saving(list(map(_block, _with_stock(legs, basis))))]
    return Forms(
        Columns(np.concatenate([places for _, places, _ in blocks]),
                np.concatenate([saving for *_, saving in blocks])),
        tuple(kind for kind, *_ in blocks),
        tuple(np.cumsum([len(saving) for *_, saving in blocks]).tolist()))


def _block(form: Form) -> Block:
    return form.kind, np.array([form.legs], dtype=np.intp), np.array([form.saving])


def _saving(blocks: list[Block]) -> list[Block]:
    """Return the forms that save something."""
    return [(kind, _padded(places)[saving > 0], saving[saving > 0])
            for kind, places, saving in blocks]


def _padded(places: Index) -> Index:
    empty = np.full((len(places), MOST_LEGS - places.shape[1]), NONE, dtype=np.intp)
    return np.hstack([places, empty])


def all_together(legs: Legs) -> bool:
    """Say whether the class is small enough to weigh every pair of spreads as one."""
    return pair_count(legs.series) <= MOST_SPREAD_PAIRS


def refusal(long: Option, short: Option) -> str:
    """Say why a long option gives a short one of the same right no spread; empty if it does."""
    if long.terms.style != short.terms.style:
        return f"{long.symbol} is {long.terms.style}, {short.symbol} is {short.terms.style}"
    if long.otc != short.otc:
        return f"one of {long.symbol} and {short.symbol} is listed, the other is not"
    if long.terms.expiry < short.terms.expiry:
        return (f"{long.symbol} expires {long.terms.expiry}, before {short.symbol} "
                f"({short.terms.expiry})")
    return ""


def _spreads(legs: Legs, basis: Basis) -> list[Block]:
    """Return two-leg spreads, then butterflies, condors and irons: two spreads joined."""
    series = legs.series
    i, j = pairs(series)
    single = spreads_of(series, i, j)
    savings = single.apart - single.charged(pair_losses(series, i, j))
    rows = kept(series, i, j, savings - CLOSE * single.apart)
    found = [(SPREAD, np.column_stack([i[rows], j[rows]]), savings[rows])]
    if not basis.rule["spread_any_legs"].value or len(i) > MOST_SPREAD_PAIRS:
        return found
    equal_wings = bool(basis.rule["house_equal_wings_only"].value)
    a, b, savings = doubles(series, i, j, equal_wings=equal_wings)
    return [*found, (SPREAD, np.column_stack([i[a], j[a], i[b], j[b]]), savings)]


def _straddles(legs: Legs) -> Block:
    i, j, savings = straddles(legs.series)
    rows = kept(legs.series, i, j, savings)
    return STRADDLE, np.column_stack([i[rows], j[rows]]), savings[rows]


def _boxes(legs: Legs, basis: Basis) -> Iterator[Form]:
    """Return long boxes: long call and short put below, short call and long put above."""
    held: dict[date, dict[tuple[str, bool], dict[Decimal, int]]] = {}
    for i, option in enumerate(legs.options):
        if option.terms.style == "european" and option.terms.settlement == "cash":
            sides = held.setdefault(option.terms.expiry, {})
            sides.setdefault((option.terms.right, option.short), {})[option.strike] = i
    for sides in held.values():
        low, high = (
            {strike: (first, sides[other][strike])
             for strike, first in sorted(sides.get(one, {}).items())
             if strike in sides.get(other, {})}
            for one, other in ((("C", False), ("P", True)), (("C", True), ("P", False))))
        for (below, (call, short_put)), (above, (short_call, put)) in product(
                low.items(), high.items()):
            if below < above:
                yield _form(legs, LONG_BOX, (call, short_call, put, short_put), basis, {})


def _with_stock(legs: Legs, basis: Basis) -> Iterator[Form]:
    costs: Costs = {}
    if legs.long_stock is not None:
        yield from _with_long(legs, legs.long_stock, basis, costs)
    if legs.short_stock is not None:
        yield from _with_short(legs, legs.short_stock, basis, costs)
    if legs.long_stock is not None and legs.short_stock is not None and (
            legs.long_stock.marginable):
        yield _form(legs, SAME_SECURITY, (legs.long_at, legs.short_at), basis, costs)


def _with_long(legs: Legs, stock: Stock, basis: Basis, costs: Costs) -> Iterator[Form]:
    for i in legs.places(short=True, right="C"):
        yield _form(legs, "covered call", (i, legs.long_at), basis, costs)
    if not (basis.hedge_relief and stock.marginable):
        return
    puts, calls = legs.places(short=False, right="P"), legs.places(short=True, right="C")
    for i in puts:
        yield _form(legs, "protective put", (i, legs.long_at), basis, costs)
    for i, j in _triples(legs, puts, calls):
        put, call = legs.options[i], legs.options[j]
        if put.strike == call.strike:
            yield _form(legs, "conversion", (i, j, legs.long_at), basis, costs)
        elif put.strike < call.strike:
            yield _form(legs, "collar", (i, j, legs.long_at), basis, costs)


def _with_short(legs: Legs, stock: Stock, basis: Basis, costs: Costs) -> Iterator[Form]:
    for i in legs.places(short=True, right="P"):
        yield _form(legs, "covered put", (i, legs.short_at), basis, costs)
    for i in legs.places(short=False, right="C"):
        if basis.covered_by_call is not None and covers_sale(legs.options[i], stock):
            yield _form(legs, COVERED_BY_CALL, (i, legs.short_at), basis, costs)
    if basis.hedge_relief:
        yield from _hedged_short(legs, basis, costs)


def _hedged_short(legs: Legs, basis: Basis, costs: Costs) -> Iterator[Form]:
    calls, puts = legs.places(short=False, right="C"), legs.places(short=True, right="P")
    for i in calls:
        yield _form(legs, "long call against short stock", (i, legs.short_at), basis, costs)
    for i, j in _triples(legs, calls, puts):
        if legs.options[i].strike == legs.options[j].strike:
            yield _form(legs, "reverse conversion", (i, j, legs.short_at), basis, costs)


def covers_sale(call: Option, stock: Stock) -> bool:
    """Say whether a long call covers a short sale: listed, American, at its price or below."""
    return (not call.otc and call.terms.style == "american" and stock.sold_at is not None
            and call.strike <= stock.sold_at)


def _triples(legs: Legs, longs: list[int], shorts: list[int]) -> list[tuple[int, int]]:
    """Return long-short option pairs of one expiry and style; none where they are too many."""
    found = [(i, j) for i, j in product(longs, shorts)
             if legs.options[i].terms.expiry == legs.options[j].terms.expiry
             and legs.options[i].terms.style == legs.options[j].terms.style]
    return found if len(found) <= MOST_TRIPLES else []


Costs = dict[tuple[int, Decimal], Decimal]
"""What a lot of stock costs, by its place and the price it is valued at."""


def _charged(legs: Legs, kind: str, places: tuple[int, ...], basis: Basis, costs: Costs
             ) -> Decimal:
    """Return what one unit of a stock form costs, as its paragraph charges it."""
    stock = _stock(legs, places, _ONE)
    if stock is None or kind in (SAME_SECURITY, LONG_BOX, COVERED_BY_CALL):
        return explained(legs, kind, places, _ONE, basis).amount

    def cost(price: Decimal) -> Decimal:
        key = (places[-1], price)
        if key not in costs:
            costs[key] = basis.stock(replace(stock, price=price)).amount
        return costs[key]

    options = [legs.options[i] for i in places if i < legs.long_at]
    return f_hedges.charged(kind, options, stock, basis, cost)


def _form(legs: Legs, kind: str, places: tuple[int, ...], basis: Basis, costs: Costs) -> Form:
    charged = _charged(legs, kind, places, basis, costs)
    alone = sum((legs.alone[i] for i in places), Decimal(0))
    return Form(kind, places, float(alone - charged))


def explained(legs: Legs, kind: str, places: tuple[int, ...], contracts: Decimal,
              basis: Basis) -> Explained:
    """Return what `contracts` units of a straddle or stock form require, by their paragraph."""
    options = [legs.options[i].resized(contracts) for i in places if i < legs.long_at]
    stock = _stock(legs, places, contracts)
    if kind == LONG_BOX:
        return f_options.f_2_h_long_box(options, basis.rule)
    if kind == STRADDLE:
        return f_options.f_2_g_short_straddle(options[0], options[1], basis.rule)
    if stock is None:
        raise ValueError(f"{kind} without stock")
    if kind == COVERED_BY_CALL and basis.covered_by_call is not None:
        return basis.covered_by_call(options[0], stock)
    if kind == SAME_SECURITY:
        return e_1_same_security(stock, basis.rule)
    return _STOCK_FORMS[kind](*options, stock, basis)


_STOCK_FORMS: dict[str, Callable[..., Explained]] = {
    "covered call": f_hedges.f_2_h_covered_call,
    "covered put": f_hedges.f_2_h_covered_put,
    "protective put": f_hedges.f_2_h_protective_put,
    "long call against short stock": f_hedges.f_2_h_long_call_short_stock,
    "conversion": f_hedges.f_2_h_conversion,
    "collar": f_hedges.f_2_h_collar,
    "reverse conversion": f_hedges.f_2_h_reverse_conversion,
}


def _stock(legs: Legs, places: tuple[int, ...], contracts: Decimal) -> Stock | None:
    side = legs.long_stock if legs.long_at in places else legs.short_stock
    return None if side is None else side.resized(side.shares * contracts)
