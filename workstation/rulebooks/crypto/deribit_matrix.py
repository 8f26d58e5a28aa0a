"""The risk matrix of a venue that settles in coin: standard and extended moves, then shocks.

All amounts are in the settlement currency of the pair (coin for inverse contracts, dollars for
linear ones); profit is positive for the client.

margin = worst loss over the buckets + roll shock + delta shock + correlation contingency
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Floats
from workstation.kernels import european_pnl, inverse_pnl
from workstation.rulebooks.crypto.holdings import DAYS_A_YEAR
from workstation.rulebooks.crypto.pack import VolatilityMove
from workstation.rulebooks.crypto.shocks import VolatilityShock

LEAST_VOLATILITY = 1e-12  # of an option marked at none: shocks may still give it some


@dataclass(frozen=True, slots=True)
class MatrixPack:
    """The venue's constants for one currency pair."""

    price_range: float
    steps: int
    volatility: VolatilityShock
    extended_moves: tuple[float, ...]
    extended_factor: float
    dampener_usd: float
    least_annual_move: float
    annual_move_risk: float
    most_delta_shock: float
    delta_threshold_usd: float
    delta_slope: float
    offset_share: float
    most_offset_usd: float

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """Return the standard moves, lowest first, by volatility state, then the extended ones."""
        moves = [self.price_range * step / self.steps
                 for step in range(-self.steps, self.steps + 1)]
        states = (VolatilityMove.DOWN, VolatilityMove.SAME, VolatilityMove.UP)
        standard = tuple(Bucket(move, state, False) for state in states for move in moves)
        return (*standard, *(Bucket(move, VolatilityMove.UP, True)
                             for move in self.extended_moves))


@dataclass(frozen=True, slots=True)
class Bucket:
    """One cell of the matrix."""

    move: float
    volatility: VolatilityMove
    extended: bool

    @property
    def name(self) -> str:
        """Return the cell as the desk says it."""
        kind = "extended move" if self.extended else "price"
        return f"{kind} {self.move * 100:+.4g} %, {self.volatility}"


@dataclass(frozen=True, slots=True)
class MatrixFuture:
    """A perpetual (`years` 0) or dated future: signed size in coin."""

    name: str
    coins: float
    mark: float
    years: float = 0.0


@dataclass(frozen=True, slots=True)
class MatrixOption:
    """A European option of signed quantity on the future of its expiry."""

    name: str
    quantity: float
    strike: float
    is_call: bool
    years: float
    volatility: float
    forward: float


@dataclass(frozen=True, slots=True)
class Pair:
    """What is held of one coin in one settlement currency; `index` in dollars."""

    coin: str
    settlement: str
    index: float
    pack: MatrixPack
    futures: tuple[MatrixFuture, ...] = ()
    options: tuple[MatrixOption, ...] = ()

    @property
    def inverse(self) -> bool:
        """Say whether profits come in the coin itself."""
        return self.settlement == self.coin

    @property
    def names(self) -> tuple[str, ...]:
        """Return the instruments, futures first, in the order of the matrix's rows."""
        return (*(f.name for f in self.futures), *(o.name for o in self.options))

    @property
    def in_settlement(self) -> float:
        """Return settlement currency per dollar: 1 / index for coin, 1 for dollars."""
        return 1.0 / self.index if self.inverse else 1.0


@dataclass(frozen=True, slots=True)
class PairMatrix:
    """One pair's matrix: a row per instrument, a column per bucket, and what is counted of it."""

    pair: Pair
    profits: Floats
    totals: Floats
    counted: Floats
    roll_shock: tuple[tuple[str, float], ...]
    delta: float
    delta_shock: float


def pair_matrix(pair: Pair) -> PairMatrix:
    """Value every instrument in every bucket and count the totals as the venue does."""
    buckets = pair.pack.buckets
    moves = np.array([bucket.move for bucket in buckets])
    extended = np.array([bucket.extended for bucket in buckets])
    profits = np.vstack([_future_profits(pair, moves), _option_profits(pair, buckets)])
    profits[:, extended] *= extended_share(moves[extended], pair.pack, inverse=pair.inverse)
    totals = profits.sum(axis=0)
    counted = _counted(totals, pair, moves, extended)
    deltas = _deltas(pair)
    net = sum(deltas.values())
    return PairMatrix(pair, profits, totals, counted, _roll_shock(pair, deltas), net,
                      delta_shock(net, pair))


def extended_share(moves: Floats, pack: MatrixPack, *, inverse: bool) -> Floats:
    """Return the share of an extended profit that counts.

    factor x range / |m|, times (1 + m) / (1 + sgn(m) range) where profits come in coin, so that
    a future loses in an extended move what it loses at the end of the range.
    """
    share = pack.extended_factor * pack.price_range / np.abs(moves)
    if inverse:
        share = share * (1.0 + moves) / (1.0 + np.sign(moves) * pack.price_range)
    return np.asarray(share)


def delta_shock(delta: float, pair: Pair) -> float:
    """Return min(max(|delta| - threshold / index, 0) x slope, most) x |delta|."""
    pack = pair.pack
    beyond = max(abs(delta) - pack.delta_threshold_usd / pair.index, 0.0)
    shock = min(beyond * pack.delta_slope, pack.most_delta_shock) * abs(delta)
    return shock if pair.inverse else shock * pair.index


def _future_profits(pair: Pair, moves: Floats) -> Floats:
    coins = np.array([f.coins for f in pair.futures])[:, None]
    if pair.inverse:
        return np.asarray(coins * (moves / (1.0 + moves)))
    marks = np.array([f.mark for f in pair.futures])[:, None]
    return np.asarray(coins * marks * moves)


def _option_profits(pair: Pair, buckets: Sequence[Bucket]) -> Floats:
    """Return options revalued on the shocked future, in coin at the shocked price."""
    if not pair.options:
        return np.empty((0, len(buckets)))
    moves = np.array([bucket.move for bucket in buckets])
    columns = _columns(pair)
    shocked = np.column_stack([
        _shocked(columns.volatility, columns.years, pair.pack.volatility, bucket.volatility)
        for bucket in buckets])
    unmoved = np.maximum(columns.volatility, LEAST_VOLATILITY)
    factors = shocked / unmoved[:, None]
    profits, count = np.empty(shocked.shape), len(pair.options)
    gain = inverse_pnl if pair.inverse else european_pnl
    gain(columns.forward, columns.strike, columns.years, np.zeros(count), np.zeros(count),
         unmoved, columns.is_call, columns.quantity,
         np.broadcast_to(moves, profits.shape), factors, profits)
    return profits


@dataclass(frozen=True, slots=True)
class _Columns:
    forward: Floats
    strike: Floats
    years: Floats
    volatility: Floats
    quantity: Floats
    is_call: NDArray[np.bool_]


def _columns(pair: Pair) -> _Columns:
    options = pair.options
    return _Columns(
        np.array([o.forward for o in options]), np.array([o.strike for o in options]),
        np.array([o.years for o in options]), np.array([o.volatility for o in options]),
        np.array([o.quantity for o in options]),
        np.array([o.is_call for o in options], dtype=np.bool_))


def _shocked(volatility: Floats, years: Floats, shock: VolatilityShock, state: VolatilityMove
             ) -> Floats:
    days = years * DAYS_A_YEAR
    match state:
        case VolatilityMove.UP:
            return shock.shocked_up(volatility, days)
        case VolatilityMove.DOWN:
            return shock.shocked_down(volatility, days)
        case _:
            return volatility


def _counted(totals: Floats, pair: Pair, moves: Floats, extended: NDArray[np.bool_]) -> Floats:
    """Return totals as aggregated: gains at their share and cap, extended ones dampened."""
    pack = pair.pack
    most = pack.most_offset_usd * pair.in_settlement
    counted = np.where(totals > 0, np.minimum(totals * pack.offset_share, most), totals)
    beyond = np.maximum(np.abs(moves) / pack.price_range, 1.0) - 1.0
    relief = beyond * pack.dampener_usd * pair.in_settlement
    if pair.inverse:
        relief = relief / (1.0 + np.sign(moves) * pack.price_range)
    relief = np.minimum(relief, np.abs(counted))
    return np.asarray(np.where(extended, counted - np.sign(counted) * relief, counted))


def _deltas(pair: Pair) -> dict[float, float]:
    """Return the net delta in coin of each expiry, perpetuals (0 years) being their own."""
    deltas: dict[float, float] = {}
    for future in pair.futures:
        deltas[future.years] = deltas.get(future.years, 0.0) + future.coins
    for option in pair.options:
        deltas[option.years] = deltas.get(option.years, 0.0) + option.quantity * _delta(option)
    return dict(sorted(deltas.items()))


def _delta(option: MatrixOption) -> float:
    """Return the Black delta of one option on its future: N(d1), or N(d1) - 1 for a put."""
    deviation = option.volatility * math.sqrt(option.years)
    ratio = math.log(option.forward / option.strike)
    d1 = ratio / deviation + deviation / 2 if deviation > 0 else math.copysign(math.inf, ratio)
    called = 0.5 * math.erfc(-d1 / math.sqrt(2))
    return called if option.is_call else called - 1.0


def _roll_shock(pair: Pair, deltas: dict[float, float]) -> tuple[tuple[str, float], ...]:
    """Return each expiry's |delta| x max(least move, e^(risk T) - 1), gross over expiries."""
    pack, unit = pair.pack, 1.0 if pair.inverse else pair.index
    return tuple(
        (f"{years * DAYS_A_YEAR:.0f} days" if years else "perpetual",
         abs(delta) * unit * max(pack.least_annual_move,
                                 math.expm1(pack.annual_move_risk * years)))
        for years, delta in deltas.items())
