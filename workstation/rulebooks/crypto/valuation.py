"""Options of one underlying revalued over a pack's scenarios, Black-76 on each forward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Floats
from workstation.kernels import european_values
from workstation.rulebooks.crypto.holdings import DAYS_A_YEAR, SECONDS_A_DAY, Holdings
from workstation.rulebooks.crypto.pack import Discounts, Pack, Scenario, VolatilityMove


@dataclass(frozen=True, slots=True)
class Revaluation:
    """Signed option values (quantity times unit value): at the mark, in scenarios, in basis moves.

    `expiry[i]` is the place of option i's expiry in `years` and `rates`, nearest first.
    """

    mark: Floats
    shocked: Floats
    basis: Floats
    expiry: NDArray[np.intp]
    years: Floats
    rates: Floats

    def by_expiry(self, values: Floats) -> Floats:
        """Add option rows up by expiry."""
        summed = np.zeros((len(self.years), *values.shape[1:]))
        np.add.at(summed, self.expiry, values)
        return summed


@dataclass(frozen=True, slots=True)
class _Columns:
    forward: Floats
    strike: Floats
    years: Floats
    rate: Floats
    volatility: Floats
    is_call: NDArray[np.bool_]
    quantity: Floats
    move_share: Floats


def revalue(holdings: Holdings, pack: Pack) -> Revaluation:
    """Return every option's value in every scenario and both basis moves."""
    expiries, options = holdings.expiries, holdings.options
    columns = _columns(holdings, pack)
    same = tuple(Scenario(1.0 + move, VolatilityMove.SAME)
                 for move in (0.0, *pack.charges.basis_moves))
    values = _values(columns, pack, (*same, *pack.scenarios))
    return Revaluation(
        mark=values[:, 0], basis=values[:, 1:3], shocked=values[:, 3:],
        expiry=np.array([expiries.index(o.seconds) for o in options], dtype=np.intp),
        years=np.array(expiries) / SECONDS_A_DAY / DAYS_A_YEAR,
        rates=np.array([max(holdings.feed(seconds).rate, 0.0) for seconds in expiries]))


def discounted(value: Floats, years: Floats, rates: Floats, discounts: Discounts) -> Floats:
    """Return the factor on each expiry's value: D+ on positive values, D- on negative ones.

    D+ = s+ e^(-T (r a+ + b+)),  D- = min(e^(rT), s- e^(T (r a- + b-)))
    """
    d = discounts
    shrunk = d.positive * np.exp(
        -years * (rates * d.rate_multiplier_positive + d.rate_add_positive))
    grown = np.minimum(np.exp(rates * years), d.negative * np.exp(
        years * (rates * d.rate_multiplier_negative + d.rate_add_negative)))
    return np.where(value >= 0, shrunk[:, None], grown[:, None])


def _columns(holdings: Holdings, pack: Pack) -> _Columns:
    options = holdings.options
    feeds = [holdings.feed(option.seconds) for option in options]

    def floats(figures: Iterable[float]) -> Floats:
        return np.fromiter(figures, dtype=np.float64, count=len(options))

    seconds = floats(option.seconds for option in options)
    return _Columns(
        forward=floats(feed.forward for feed in feeds),
        strike=floats(option.strike for option in options),
        years=floats(option.years for option in options),
        rate=floats(max(feed.rate, 0.0) for feed in feeds),
        volatility=floats(option.volatility for option in options),
        is_call=np.array([option.is_call for option in options], dtype=np.bool_),
        quantity=floats(option.quantity for option in options),
        # In the settlement window part of the average is fixed and moves no more.
        move_share=np.clip(seconds / pack.settlement_seconds, 0.0, 1.0))


def _values(columns: _Columns, pack: Pack, scenarios: tuple[Scenario, ...]) -> Floats:
    spot = np.array([scenario.spot_factor - 1.0 for scenario in scenarios])
    moves = columns.move_share[:, None] * spot
    shocked = np.column_stack([
        _volatility(columns, pack, scenario, columns.forward * (1.0 + moves[:, place]))
        for place, scenario in enumerate(scenarios)
    ]) if scenarios else np.empty(moves.shape)
    out, count = np.empty(moves.shape), len(columns.forward)
    european_values(columns.forward, columns.strike, columns.years, columns.rate,
                    np.zeros(count), np.ones(count), columns.is_call,
                    np.ascontiguousarray(moves), np.ascontiguousarray(shocked), out)
    return out * columns.quantity[:, None]


def _volatility(columns: _Columns, pack: Pack, scenario: Scenario, forward: Floats) -> Floats:
    days = columns.years * DAYS_A_YEAR
    match scenario.volatility:
        case VolatilityMove.UP:
            return pack.volatility.shocked_up(columns.volatility, days)
        case VolatilityMove.DOWN:
            return pack.volatility.shocked_down(columns.volatility, days)
        case VolatilityMove.SAME:
            return columns.volatility
        case skew:
            return pack.skew.skewed(
                columns.volatility, _log_ratio(columns.strike, forward), columns.years,
                absolute=skew is VolatilityMove.ABSOLUTE)


def _log_ratio(strike: Floats, forward: Floats) -> Floats:
    """Return ln(K/F), finite even for a worthless forward."""
    least = np.finfo(np.float64).tiny
    return np.asarray(np.log(np.maximum(strike, least)) - np.log(np.maximum(forward, least)))
