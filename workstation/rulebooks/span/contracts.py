"""Contracts of a risk-parameter file as columns, found by family, month, right and strike.

Arrays are the profit or loss of one long contract, loss positive, in the family's currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

SCENARIOS = 16
STRIKE_UNITS = 10**9
"""Strikes are whole numbers of one billionth, so that an eighth of a 64th is exact."""
NO_RIGHT, CALL, PUT = 0, 1, 2
RIGHTS = {"": NO_RIGHT, "C": CALL, "P": PUT}
MONTH_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Family:
    """One product family: an exchange's code for a product of one type (FUT, OOF, OOP, ...)."""

    exchange: str
    code: str
    kind: str
    currency: str
    value_factor: Decimal = Decimal(1)
    premium_style: bool = False
    name: str = ""
    settlement: str = ""
    factor_stated: bool = True

    @property
    def label(self) -> str:
        """Name the family as the exchange does."""
        return f"{self.exchange} {self.code} {self.kind}"


@dataclass(frozen=True, slots=True)
class Series:
    """One contract period of a family; `month` carries its day or week code (202607W3).

    `scaling` turns composite deltas into deltas of the combined commodity; `price_scan` is the
    price scan range in money per contract.
    """

    family: int
    month: str
    underlying_month: str = ""
    scaling: Decimal = Decimal(1)
    price_scan: Decimal | None = None
    value_factor: Decimal | None = None
    expiry: date | None = None
    underlying: str = ""
    """Family code of what an option is on, where the file names it."""

    @property
    def delta_month(self) -> str:
        """Return the month its delta counts in: the underlying future's, or its own."""
        return self.underlying_month or self.month


@dataclass(frozen=True, slots=True, eq=False)
class Contracts:
    """Columns of every contract: series, right, strike, price, composite delta, 16 losses."""

    series: NDArray[np.int32]
    right: NDArray[np.uint8]
    strike: NDArray[np.int64]
    price: NDArray[np.float64]
    delta: NDArray[np.float64]
    arrays: NDArray[np.float64]
    order: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Rows sorted by series; empty when they already are."""

    def __len__(self) -> int:
        return len(self.series)

    def find(self, series: int, right: int, strike: int) -> NDArray[np.int64]:
        """Return the rows of one contract: none, one, or several where the file repeats it."""
        order = self.order
        # The same number type as the column, or numpy copies the column for every search.
        bounds = np.array([series, series + 1], self.series.dtype)
        first, last = np.searchsorted(self.series, bounds, sorter=order if len(order) else None)
        rows = order[first:last] if len(order) else np.arange(first, last)
        found: NDArray[np.int64] = rows[(self.right[rows] == right) & (self.strike[rows] == strike)]
        return found


def in_series_order(columns: Contracts) -> Contracts:
    """Return the columns with the index that makes every search quick."""
    if len(columns) and np.any(np.diff(columns.series) < 0):
        order = np.argsort(columns.series, kind="stable")
        return Contracts(columns.series, columns.right, columns.strike, columns.price,
                         columns.delta, columns.arrays, order)
    return columns


def no_contracts() -> Contracts:
    """Return empty columns."""
    return Contracts(
        np.zeros(0, np.int32), np.zeros(0, np.uint8), np.zeros(0, np.int64),
        np.zeros(0, np.float64), np.zeros(0, np.float64), np.zeros((0, SCENARIOS), np.float64))


def strike_key(strike: Decimal | None) -> int:
    """Return a strike as the whole number contracts are found by."""
    return 0 if strike is None else int((strike * STRIKE_UNITS).to_integral_value())
