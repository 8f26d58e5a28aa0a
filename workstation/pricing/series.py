"""Option series as columns, each distinct one valued once, on as many processors as there are.

Cells are cut into chunks of a fixed size, whatever the number of processors, and every cell is
computed on its own: results are the same to the bit on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.threads import in_order
from workstation.book.resolve import Bools, Floats, ResolvedBook, Valuation
from workstation.kernels import american_values, european_pnl, european_values, tree_values
from workstation.pricing.dividends import NONE, Schedule, columns, escrowed, schedules

Index = NDArray[np.intp]
EUROPEAN_CHUNK = 262_144  # cells, about a millisecond of work
AMERICAN_CHUNK = 16_384
TREE_CHUNK = 1024
LEAST_SPOT = 1e-9  # of spot: what is left of it net of greater dividends


@dataclass(frozen=True, slots=True)
class Series:
    """Options to value, one entry each; `carry` is rate less yield on spot, 0 on a forward.

    `paying` is the place of each option's cash dividends among `dividends`; where there are any
    they stand for the yield.
    """

    spot: Floats
    strike: Floats
    years: Floats
    rate: Floats
    carry: Floats
    is_call: Bools
    american: Bools
    paying: Index
    dividends: tuple[Schedule, ...] = (NONE,)

    @classmethod
    def of(cls, options: ResolvedBook) -> Series:
        """Return the columns of a book whose positions are all options."""
        on_forward = options.valuation == Valuation.OPTION_ON_FORWARD
        paying, dividends = schedules(options)
        drift = options.rate - np.where(paying > 0, 0.0, options.dividend_yield)
        return cls(options.spot, options.strike, options.years, options.rate,
                   np.where(on_forward, 0.0, drift), options.is_call, options.american, paying,
                   dividends)

    def __len__(self) -> int:
        return len(self.spot)

    def take(self, rows: Index | slice) -> Series:
        """Return some of the options."""
        return Series(self.spot[rows], self.strike[rows], self.years[rows], self.rate[rows],
                      self.carry[rows], self.is_call[rows], self.american[rows],
                      self.paying[rows], self.dividends)

    def columns(self) -> Floats:
        """Return what tells one series from another, a row each."""
        schedule = self.paying
        if schedule.any():
            # A schedule's place depends on its neighbours; what it pays does not.
            widest = max(len(paid) for paid in self.dividends)
            padded = np.full((len(self.dividends), widest, 2), -1.0)
            for place, paid in enumerate(self.dividends):
                padded[place, :len(paid)] = np.array(paid).reshape(-1, 2)
            schedule = padded.reshape(len(self.dividends), -1)[schedule]
        return np.column_stack([self.spot, self.strike, self.years, self.rate, self.carry,
                                self.is_call, self.american, schedule])

    def values(self, volatility: Floats, price_moves: Floats, factors: Floats) -> Floats:
        """Return the value of one unit of each option in each scenario (n, s).

        European options by formula, American ones by their exercise boundary; with cash dividends
        before expiry on the spot net of them, American ones by a Leisen-Reimer tree.
        """
        out = np.empty(np.shape(price_moves))
        kind = self.american + 2 * (self.paying > 0)
        for number, (price, chunk) in enumerate(_PRICERS):
            rows = np.flatnonzero(kind == number)
            if not len(rows):
                continue
            every = len(rows) == len(self)
            part = self if every else self.take(rows)
            moves, scales = picked(price_moves, rows), picked(factors, rows)
            found = out if every else np.empty(moves.shape)
            _in_chunks(_Work(part, volatility[rows], moves, scales, found), price, chunk())
            if not every:
                out[rows] = found
        return out

    @property
    def by_formula(self) -> Bools:
        """Say which options are European and on a spot without cash dividends."""
        return np.asarray(~self.american & (self.paying == 0), dtype=np.bool_)

    def formula_gains(self, volatility: Floats, price_moves: Floats, factors: Floats,
                      size: Floats) -> Floats:
        """Return size times the gain of each unit (n, s); all options are `by_formula`."""
        out = np.empty(np.shape(price_moves))
        _in_chunks(_Work(self, volatility, price_moves, factors, out, size), _european_gains,
                   EUROPEAN_CHUNK)
        return out


def _european_gains(part: Series, volatility: Floats, moves: Floats, factors: Floats, out: Floats,
                    size: Floats) -> None:
    european_pnl(part.spot, part.strike, part.years, part.rate, part.carry, volatility,
                 part.is_call, size, moves, factors, out)


def _european(part: Series, volatility: Floats, moves: Floats, factors: Floats,
              out: Floats) -> None:
    european_values(part.spot, part.strike, part.years, part.rate, part.carry, volatility,
                    part.is_call, moves, factors, out)


def _american(part: Series, volatility: Floats, moves: Floats, factors: Floats,
              out: Floats) -> None:
    american_values(part.spot, part.strike, part.years, part.rate, part.carry, volatility,
                    part.is_call, moves, factors, out)


def _european_paying(part: Series, volatility: Floats, moves: Floats, factors: Floats,
                     out: Floats) -> None:
    kept = np.array([escrowed(part.dividends[place], rate)
                     for place, rate in zip(part.paying, part.rate, strict=True)])
    net = np.maximum(part.spot - kept, LEAST_SPOT * part.spot)
    moved = (part.spot[:, None] * (1.0 + moves) - kept[:, None]) / net[:, None] - 1.0
    european_values(net, part.strike, part.years, part.rate, part.carry, volatility,
                    part.is_call, moved, factors, out)


def _american_paying(part: Series, volatility: Floats, moves: Floats, factors: Floats,
                     out: Floats) -> None:
    paid = columns([part.dividends[place] for place in part.paying])
    tree_values(part.spot, part.strike, part.years, part.rate, part.carry, volatility,
                part.is_call, moves, factors, *paid, out)


# By American + 2 paying: the pricer, and the cells of one chunk.
_PRICERS: tuple[tuple[Callable[..., None], Callable[[], int]], ...] = (
    (_european, lambda: EUROPEAN_CHUNK), (_american, lambda: AMERICAN_CHUNK),
    (_european_paying, lambda: EUROPEAN_CHUNK), (_american_paying, lambda: TREE_CHUNK))


def distinct(columns: Floats) -> tuple[Index, Index]:
    """Return the first row of each distinct kind, in order, and every row's kind."""
    kinds: dict[bytes, int] = {}
    first: list[int] = []
    kind_of = np.empty(len(columns), dtype=np.intp)
    for i, row in enumerate(np.ascontiguousarray(columns)):
        kind = kinds.setdefault(row.tobytes(), len(first))
        if kind == len(first):
            first.append(i)
        kind_of[i] = kind
    return np.array(first, dtype=np.intp), kind_of


@dataclass(frozen=True, slots=True)
class _Work:
    series: Series
    volatility: Floats
    moves: Floats
    factors: Floats
    out: Floats
    size: Floats | None = None


def _in_chunks(work: _Work, price: Callable[..., None], chunk_cells: int) -> None:
    rows = max(1, chunk_cells // max(1, work.moves.shape[1]))
    chunks = [slice(start, start + rows) for start in range(0, len(work.series), rows)]

    def value(chunk: slice) -> None:
        sizes = () if work.size is None else (work.size[chunk],)
        price(work.series.take(chunk), work.volatility[chunk], work.moves[chunk],
              work.factors[chunk], work.out[chunk], *sizes)

    in_order(value, chunks)


def picked(cells: Floats, rows: Index) -> Floats:
    """Return some rows; rows that are one and the same in memory stay so."""
    if len(cells) and cells.strides[0] == 0:
        return np.broadcast_to(np.ascontiguousarray(cells[0]), (len(rows), cells.shape[1]))
    return np.ascontiguousarray(cells[rows])
