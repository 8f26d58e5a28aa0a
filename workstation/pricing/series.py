"""Option series as columns, each distinct one valued once, on as many processors as there are.

Cells are cut into chunks of a fixed size, whatever the number of processors, and every cell is
computed on its own: results are the same to the bit on any number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Bools, Floats, ResolvedBook, Valuation
from workstation.kernels import american_values, european_values

Index = NDArray[np.intp]
EUROPEAN_CHUNK = 262_144  # cells, about a millisecond of work
AMERICAN_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Series:
    """Options to value, one entry each; `carry` is rate less yield on spot, 0 on a forward."""

    spot: Floats
    strike: Floats
    years: Floats
    rate: Floats
    carry: Floats
    is_call: Bools
    american: Bools

    @classmethod
    def of(cls, options: ResolvedBook) -> Series:
        """Return the columns of a book whose positions are all options."""
        on_forward = options.valuation == Valuation.OPTION_ON_FORWARD
        carry = np.where(on_forward, 0.0, options.rate - options.dividend_yield)
        return cls(options.spot, options.strike, options.years, options.rate, carry,
                   options.is_call, options.american)

    def __len__(self) -> int:
        return len(self.spot)

    def take(self, rows: Index | slice) -> Series:
        """Return some of the options."""
        return Series(self.spot[rows], self.strike[rows], self.years[rows], self.rate[rows],
                      self.carry[rows], self.is_call[rows], self.american[rows])

    def columns(self) -> Floats:
        """Return what tells one series from another, a row each."""
        return np.column_stack([self.spot, self.strike, self.years, self.rate, self.carry,
                                self.is_call, self.american])

    def values(self, volatility: Floats, price_moves: Floats, factors: Floats) -> Floats:
        """Return the value of one unit of each option in each scenario (n, s).

        American options are valued on the Leisen-Reimer tree; where early exercise cannot pay
        (calls with carry >= rate >= 0, puts with carry <= rate <= 0) by the European formula,
        which is then exact.
        """
        out = np.empty(np.shape(price_moves))
        for price, american, chunk in ((european_values, False, EUROPEAN_CHUNK),
                                       (american_values, True, AMERICAN_CHUNK)):
            rows = np.flatnonzero(self.american == american)
            if not len(rows):
                continue
            every = len(rows) == len(self)
            part = self if every else self.take(rows)
            moves, scales = picked(price_moves, rows), picked(factors, rows)
            found = out if every else np.empty(moves.shape)
            _in_chunks(_Work(part, volatility[rows], moves, scales, found), price, chunk)
            if not every:
                out[rows] = found
        return out


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


def _in_chunks(work: _Work, price: Callable[..., None], chunk_cells: int) -> None:
    rows = max(1, chunk_cells // max(1, work.moves.shape[1]))
    chunks = [slice(start, start + rows) for start in range(0, len(work.series), rows)]

    def value(chunk: slice) -> None:
        part = work.series.take(chunk)
        price(part.spot, part.strike, part.years, part.rate, part.carry,
              work.volatility[chunk], part.is_call, work.moves[chunk], work.factors[chunk],
              work.out[chunk])

    processors = min(os.cpu_count() or 1, len(chunks))
    if processors == 1:
        for chunk in chunks:
            value(chunk)
        return
    with ThreadPoolExecutor(processors) as pool:
        list(pool.map(value, chunks))


def picked(cells: Floats, rows: Index) -> Floats:
    """Return some rows; rows that are one and the same in memory stay so."""
    if len(cells) and cells.strides[0] == 0:
        return np.broadcast_to(cells[0], (len(rows), cells.shape[1]))
    return np.ascontiguousarray(cells[rows])
