"""Cash dividends of the underlying before an option expires, and the model that counts them.

Escrowed: the spot less the present value of the dividends is what diffuses, and volatility belongs
to that. Dividends listed before expiry take the place of the market row's dividend yield, which
would count them twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.book.positions import Position
from workstation.book.resolve import Floats, ResolvedBook, Valuation
from workstation.kernels.tree import DIVIDEND_STEPS
from workstation.market.market import Dividend, Market

DAYS_A_YEAR = 365.0
Schedule: TypeAlias = tuple[tuple[float, float], ...]
"""Years from the review date and amount a share, in order of time."""
NONE: Schedule = ()


def schedules(options: ResolvedBook) -> tuple[NDArray[np.intp], tuple[Schedule, ...]]:
    """Return each option's place among the distinct schedules; place 0 pays nothing."""
    places: dict[Schedule, int] = {NONE: 0}
    place_of = np.zeros(len(options), dtype=np.intp)
    if options.market.dividends:
        for i, position in enumerate(options.positions):
            if options.valuation[i] == Valuation.OPTION_ON_SPOT:
                paid = _schedule(before_expiry(position, options.market, options.as_of),
                                 options.as_of)
                place_of[i] = places.setdefault(paid, len(places))
    return place_of, tuple(places)


def before_expiry(position: Position, market: Market, on: date) -> tuple[Dividend, ...]:
    """Return the underlying's dividends that go ex after the review date, up to expiry."""
    instrument = position.instrument
    expiry = instrument.expiry
    if instrument.option is None or expiry is None:
        return ()
    paid = (item for item in market.dividends
            if item.symbol == instrument.underlying and on < item.ex_date <= expiry)
    return tuple(sorted(paid, key=lambda item: (item.ex_date, item.amount)))


def escrowed(schedule: Schedule, rate: float) -> float:
    """Return the present value of a schedule: sum of amount e^(-rate years)."""
    return float(sum(amount * np.exp(-rate * years) for years, amount in schedule))


def columns(paid: Sequence[Schedule]) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Return where each option's dividends begin, when they are paid, and how much."""
    first = np.concatenate([[0], np.cumsum([len(schedule) for schedule in paid])])
    flat = np.array([item for schedule in paid for item in schedule]).reshape(-1, 2)
    return first.astype(np.intp), flat[:, 0].copy(), flat[:, 1].copy()


def model_of(position: Position, market: Market, on: date) -> str:
    """Name how dividends enter an option's price, for the inputs of an explanation."""
    paid = before_expiry(position, market, on)
    if position.instrument.option is None:
        return ""
    if not paid:
        return "yield"
    listed = ", ".join(f"{item.amount.normalize():f} on {item.ex_date}" for item in paid)
    american = position.instrument.option.style == "american"
    how = f"Leisen-Reimer tree, {DIVIDEND_STEPS} steps" if american else "Black-Scholes"
    return f"escrowed cash dividends ({how}): {listed}"


def inputs_of(position: Position, market: Market, on: date) -> list[tuple[str, str]]:
    """Return the input line an explanation shows where cash dividends enter a price."""
    paid = before_expiry(position, market, on)
    return [("dividend model", model_of(position, market, on))] if paid else []


def _schedule(paid: Sequence[Dividend], on: date) -> Schedule:
    return tuple(((item.ex_date - on).days / DAYS_A_YEAR, float(item.amount)) for item in paid)
