"""Every strategy the rule recognises among the legs of one underlying, each for one contract.

A form names its legs by position: options by their place, long stock and short stock after them.
`saving` is what one contract of it saves against its legs margined alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np

from workstation.base.explain import Explained
from workstation.measures.pairing import Column
from workstation.rulebooks.finra_4210 import f_hedges, f_options
from workstation.rulebooks.finra_4210.e_exempted_and_debt import e_1_same_security
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.securities import Option, Stock
from workstation.rulebooks.finra_4210.spread_search import (
    CLOSE,
    Series,
    doubles,
    kept,
    pair_losses,
    pairs,
    spreads_of,
    straddles,
)

SPREAD, STRADDLE, SAME_SECURITY = "spread", "short straddle or strangle", "same security"
MOST_SPREAD_PAIRS = 70
MOST_TRIPLES = 400
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

    def column(self) -> Column:
        """Return the form as the pairing reads it."""
        uses: dict[int, int] = {}
        for leg in self.legs:
            uses[leg] = uses.get(leg, 0) + 1
        return Column(tuple(uses.items()), self.saving)


def recognised(legs: Legs, basis: Basis, *, with_straddles: bool = True) -> list[Form]:
    """Return every form that saves something, in a stable order."""
    found = _spreads(legs, basis)
    if with_straddles:
        found += _straddles(legs)
    found += _with_stock(legs, basis)
    return [form for form in found if form.saving > 0]


def all_together(legs: Legs) -> bool:
    """Say whether the class is small enough to weigh every pair of spreads as one."""
    return len(pairs(legs.series)[0]) <= MOST_SPREAD_PAIRS


def refusal(long: Option, short: Option) -> str:
    """Say why a long option gives a short one of the same right no spread; empty if it does."""
    if long.terms.style != short.terms.style:
        return f"{long.symbol} is {long.terms.style}, {short.symbol} is {short.terms.style}"
    if long.terms.expiry < short.terms.expiry:
        return (f"{long.symbol} expires {long.terms.expiry}, before {short.symbol} "
                f"({short.terms.expiry})")
    return ""


def _spreads(legs: Legs, basis: Basis) -> list[Form]:
    """Return two-leg spreads, then butterflies, condors and irons: two spreads joined."""
    series = legs.series
    i, j = pairs(series)
    single = spreads_of(series, i, j)
    savings = single.apart - single.charged(pair_losses(series, i, j))
    found = [Form(SPREAD, (int(i[s]), int(j[s])), float(savings[s]))
             for s in kept(series, i, j, savings - CLOSE * single.apart)]
    if not basis.rule["spread_any_legs"].value or len(i) > MOST_SPREAD_PAIRS:
        return found
    equal_wings = bool(basis.rule["house_equal_wings_only"].value)
    a, b, savings = doubles(series, i, j, equal_wings=equal_wings)
    places = np.column_stack([i[a], j[a], i[b], j[b]]).tolist()
    return found + [Form(SPREAD, tuple(legs_of), saving)
                    for legs_of, saving in zip(places, savings.tolist(), strict=True)]


def _straddles(legs: Legs) -> list[Form]:
    i, j, savings = straddles(legs.series)
    return [Form(STRADDLE, (int(i[s]), int(j[s])), float(savings[s]))
            for s in kept(legs.series, i, j, savings)]


def _with_stock(legs: Legs, basis: Basis) -> Iterator[Form]:
    if legs.long_stock is not None:
        yield from _with_long(legs, legs.long_stock, basis)
    if legs.short_stock is not None:
        yield from _with_short(legs, legs.short_stock, basis)
    if legs.long_stock is not None and legs.short_stock is not None:
        yield _form(legs, SAME_SECURITY, (legs.long_at, legs.short_at), basis)


def _with_long(legs: Legs, stock: Stock, basis: Basis) -> Iterator[Form]:
    for i in legs.places(short=True, right="C"):
        yield _form(legs, "covered call", (i, legs.long_at), basis)
    if not (basis.hedge_relief and stock.marginable):
        return
    puts, calls = legs.places(short=False, right="P"), legs.places(short=True, right="C")
    for i in puts:
        yield _form(legs, "protective put", (i, legs.long_at), basis)
    for i, j in _triples(legs, puts, calls):
        put, call = legs.options[i], legs.options[j]
        if put.strike == call.strike:
            yield _form(legs, "conversion", (i, j, legs.long_at), basis)
        elif put.strike < call.strike:
            yield _form(legs, "collar", (i, j, legs.long_at), basis)


def _with_short(legs: Legs, stock: Stock, basis: Basis) -> Iterator[Form]:
    for i in legs.places(short=True, right="P"):
        yield _form(legs, "covered put", (i, legs.short_at), basis)
    if not basis.hedge_relief:
        return
    calls, puts = legs.places(short=False, right="C"), legs.places(short=True, right="P")
    for i in calls:
        yield _form(legs, "long call against short stock", (i, legs.short_at), basis)
    for i, j in _triples(legs, calls, puts):
        if legs.options[i].strike == legs.options[j].strike:
            yield _form(legs, "reverse conversion", (i, j, legs.short_at), basis)


def _triples(legs: Legs, longs: list[int], shorts: list[int]) -> list[tuple[int, int]]:
    """Return long-short option pairs of one expiry and style; none where they are too many."""
    found = [(i, j) for i, j in product(longs, shorts)
             if legs.options[i].terms.expiry == legs.options[j].terms.expiry
             and legs.options[i].terms.style == legs.options[j].terms.style]
    return found if len(found) <= MOST_TRIPLES else []


def _form(legs: Legs, kind: str, places: tuple[int, ...], basis: Basis) -> Form:
    charged = explained(legs, kind, places, _ONE, basis).amount
    alone = sum((legs.alone[i] for i in places), Decimal(0))
    return Form(kind, places, float(alone - charged))


def explained(legs: Legs, kind: str, places: tuple[int, ...], contracts: Decimal,
              basis: Basis) -> Explained:
    """Return what `contracts` units of a straddle or stock form require, by their paragraph."""
    options = [legs.options[i].resized(contracts) for i in places if i < legs.long_at]
    stock = _stock(legs, places, contracts)
    if kind == STRADDLE:
        return f_options.f_2_g_short_straddle(options[0], options[1], basis.rule)
    if stock is None:
        raise ValueError(f"{kind} without stock")
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
