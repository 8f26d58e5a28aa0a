"""Implied volatilities of a book's options, solved from their own prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workstation.base.problem import Problem
from workstation.book.resolve import Bools, Floats, ResolvedBook
from workstation.pricing.grid import option_rows
from workstation.pricing.roots import bracketed_roots
from workstation.pricing.series import Index, Series, distinct

LOWEST, HIGHEST = 1e-4, 50.0  # annual volatilities searched, decimals
RELATIVE = 1e-12  # of spot and strike: closer prices than this are the same price

KEPT = "implied volatilities"
REMEMBERED = 200_000
# Series and price -> volatility and outcome: an edit solves again only what it changed. A root does
# not depend on what is solved beside it, so remembering one changes no figure.
_KNOWN: dict[bytes, tuple[float, int]] = {}

SOLVED = 0
EXPIRED = 1
NO_PRICE = 2
BELOW = 3
ABOVE = 4
AT = 5
_WHY = {
    EXPIRED: "expires today",
    NO_PRICE: "has no price",
    BELOW: "is priced below its value without volatility",
    AT: "is priced at its value without volatility",
    ABOVE: "is priced above what any volatility gives",
}


@dataclass(frozen=True, slots=True)
class Volatilities:
    """One volatility a position (0 for what is not an option) and why one is missing or assumed.

    `problems[i]` is None where the volatility was solved from the price; a problem of severity
    `warning` where the market row's volatility was used instead (the price is missing, below
    intrinsic value or without solution) or none is needed (expiry today, or a price that is what
    the option is worth without any: an American put deep in the money); of severity `error`
    where there is none at all.
    """

    volatility: Floats
    problems: tuple[Problem | None, ...]


def implied_volatilities(holdings: ResolvedBook) -> Volatilities:
    """Solve each option's volatility from its price; fall back on the Market sheet, never NaN.

    Solved once for the same columns, and for rows taken from them.
    """
    return holdings.kept(KEPT, lambda book: _picked(book) or _solved(book))


def _picked(holdings: ResolvedBook) -> Volatilities | None:
    """Return the rows of what is known of the book these rows were taken from."""
    for reference, rows in holdings.taken:
        source = reference()
        known = None if source is None else source.derived.get(KEPT) or _picked(source)
        if known is not None:
            return Volatilities(known.volatility[rows],
                                tuple([known.problems[i] for i in rows.tolist()]))
    return None


def _solved(holdings: ResolvedBook) -> Volatilities:
    volatility = np.zeros(len(holdings))
    problems: list[Problem | None] = [None] * len(holdings)
    rows = option_rows(holdings)
    if len(rows):
        options = holdings.take(rows)
        solved, outcome = _solve_distinct(options)
        volatility[rows] = solved
        for place in np.flatnonzero(outcome != SOLVED):
            row = int(rows[place])
            volatility[row], problems[row] = _fallback(holdings, row, int(outcome[place]))
    return Volatilities(volatility, tuple(problems))


def _solve_distinct(options: ResolvedBook) -> tuple[Floats, Index]:
    """Solve each distinct series and price once, and none that was solved before."""
    series = Series.of(options)
    priced = np.array([position.price is not None for position in options.positions])
    columns = np.column_stack([series.columns(), options.price, priced])
    first, kind = distinct(columns)
    keys = [row.tobytes() for row in columns[first]]
    answers = [_KNOWN.get(key) for key in keys]
    missing = np.array([answer is None for answer in answers])
    if missing.any():
        new = first[missing]
        solved, outcome = _solve(series.take(new), options.price[new], priced[new])
        for place, answer in zip(np.flatnonzero(missing),
                                 zip(solved.tolist(), outcome.tolist(), strict=True), strict=True):
            answers[place] = answer
        _remember({keys[place]: answers[place] for place in np.flatnonzero(missing)})
    found = np.array(answers, dtype=np.float64)[kind]
    return found[:, 0], found[:, 1].astype(np.intp)


def _remember(answers: dict[bytes, tuple[float, int] | None]) -> None:
    if len(_KNOWN) + len(answers) > REMEMBERED:
        _KNOWN.clear()
    _KNOWN.update((key, answer) for key, answer in answers.items() if answer is not None)


def _solve(series: Series, price: Floats, priced: Bools) -> tuple[Floats, Index]:
    every = np.arange(len(series))
    floor, low = _at(series, every, 0.0) - price, _at(series, every, LOWEST) - price
    high = _at(series, every, HIGHEST) - price
    slack = RELATIVE * (series.spot + series.strike)
    outcome = np.select(
        [series.years <= 0, ~priced, np.maximum(floor, low) > slack,
         np.maximum(floor, low) >= -slack, high <= slack],
        [EXPIRED, NO_PRICE, BELOW, AT, ABOVE], SOLVED)
    open_rows = np.flatnonzero(outcome == SOLVED)
    chosen = series.take(open_rows)

    def excess(rows: Index, logarithm: Floats) -> Floats:
        return _at(chosen, rows, np.exp(logarithm)) - price[open_rows[rows]]

    bounds = np.full((2, len(open_rows)), np.log([[LOWEST], [HIGHEST]]))
    roots = bracketed_roots(excess, bounds[0], bounds[1], low[open_rows], high[open_rows])
    volatility = np.zeros(len(series))
    volatility[open_rows] = np.exp(roots)
    return volatility, outcome


def _at(series: Series, rows: Index, volatility: Floats | float) -> Floats:
    """Return unmoved values of some series at these volatilities."""
    part, count = series.take(rows), len(rows)
    still, unscaled = np.zeros((1, 1)), np.ones((1, 1))
    values = part.values(np.broadcast_to(volatility, count).copy(),
                         np.broadcast_to(still, (count, 1)),
                         np.broadcast_to(unscaled, (count, 1)))
    return values[:, 0]


def _fallback(holdings: ResolvedBook, row: int, outcome: int) -> tuple[float, Problem]:
    position, symbol = holdings.positions[row], holdings.positions[row].instrument.symbol
    market = holdings.market.underlying(holdings.underlyings[row])
    listed = market.iv if market is not None else None
    if outcome == EXPIRED:
        return float(listed or 0), Problem(
            position.where, f"{symbol} expires today and is valued at what exercise pays")
    if outcome == AT and not listed:
        return LOWEST, Problem(
            position.where, f"{symbol} {_WHY[outcome]}; it is revalued at what exercise pays",
            "check the price, or fill in iv on the Market sheet")
    if listed is None or listed <= 0:
        return 0.0, Problem(
            position.where,
            f"{symbol} {_WHY[outcome]}, and the Market sheet has no volatility of "
            f"{holdings.underlyings[row]}",
            "correct the price or fill in iv on the Market sheet", "error")
    return float(listed), Problem(
        position.where,
        f"{symbol} {_WHY[outcome]}; the volatility of {holdings.underlyings[row]} on the Market "
        f"sheet, {float(listed):.1%}, is used",
        "check the price")
