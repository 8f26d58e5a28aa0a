"""Pairs margined together: one settlement currency, or all of them in dollars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workstation.book.resolve import Floats
from workstation.rulebooks.crypto.deribit_matrix import Pair, PairMatrix, pair_matrix
from workstation.rulebooks.crypto.pack import VolatilityMove

DECIMALS = 9
SAME = 1e-12  # relative: totals closer than this are equal


def worst_bucket(matrices: Sequence[PairMatrix], rates: Sequence[float]) -> tuple[int, Floats]:
    """Return the worst bucket of several pairs and every bucket's total.

    `rates` turn each pair's settlement currency into the common one. Of equals the one that
    leaves volatility alone binds, then the first.
    """
    totals = np.sum([m.counted * rate for m, rate in zip(matrices, rates, strict=True)], axis=0)
    least, buckets = float(np.min(totals)), matrices[0].pair.pack.buckets
    equal = np.flatnonzero(totals <= least + SAME * max(1.0, abs(least)))
    worst = min(equal, key=lambda k: (buckets[k].volatility is not VolatilityMove.SAME, k))
    return int(worst), np.asarray(totals)


def rounded(loss: float) -> float:
    """Return the worst case as the venue states it, to nine decimals."""
    return round(loss, DECIMALS)


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """Pairs margined together: one settlement currency, or all of them in dollars.

    `rates` turn each pair's settlement currency into the group's, `unit` the group's currency
    into the reporting currency.
    """

    currency: str
    matrices: tuple[PairMatrix, ...]
    rates: tuple[float, ...]
    unit: float

    @property
    def totals(self) -> Floats:
        """Return what is counted in every bucket, all pairs together."""
        return worst_bucket(self.matrices, self.rates)[1]

    @property
    def worst(self) -> int:
        """Return the place of the worst bucket."""
        return worst_bucket(self.matrices, self.rates)[0]

    @property
    def loss(self) -> float:
        """Return the worst case as the venue rounds it."""
        return rounded(max(0.0, -float(self.totals[self.worst])))

    @property
    def shocks(self) -> float:
        """Return roll and delta shocks of all pairs."""
        return sum((sum(amount for _, amount in m.roll_shock) + m.delta_shock) * rate
                   for m, rate in zip(self.matrices, self.rates, strict=True))

    @property
    def margin(self) -> float:
        """Return worst case plus shocks, in the group's currency."""
        return self.loss + self.shocks


def grouped(pairs: Sequence[Pair], dollar: float, *, cross: bool) -> tuple[MatrixGroup, ...]:
    """Return one group per settlement currency, or one of all pairs in dollars.

    `dollar` is the reporting currency per dollar.
    """
    matrices = [pair_matrix(pair) for pair in pairs]
    if cross:
        rates = tuple(1.0 / pair.in_settlement for pair in pairs)
        return (MatrixGroup("USD", tuple(matrices), rates, dollar),) if matrices else ()
    found = []
    for currency in sorted({pair.settlement for pair in pairs}):
        members = tuple(m for m in matrices if m.pair.settlement == currency)
        unit = dollar / members[0].pair.in_settlement
        found.append(MatrixGroup(currency, members, (1.0,) * len(members), unit))
    return tuple(found)
