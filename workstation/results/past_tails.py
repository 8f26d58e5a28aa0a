"""Past profits as a distribution: bars of equal width, the tail apart, and the worst windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from workstation.measures.past_tail import PastTail
from workstation.results.formats import money, whole, words
from workstation.results.table import Column, Table

FEWEST_BINS, MOST_BINS = 12, 60
WORST = 50


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counts between `edges` (one more than counts); losses at least `tail` are its tail."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    tail: float


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One past window with the profit it would bring; `counts` where it lies in the tail."""

    rank: int
    end: date
    profit: float
    counts: str


def distribution(tail: PastTail) -> Distribution:
    """Return the histogram of an account's past profits.

    The number of bars follows the square root of the number of windows.
    """
    bins = min(MOST_BINS, max(FEWEST_BINS, round(len(tail.profits) ** 0.5)))
    counts, edges = np.histogram(np.array(tail.profits), bins)
    return Distribution(tuple(edges.tolist()), tuple(counts.tolist()), tail.loss)


def windows_table(tail: PastTail) -> Table:
    """Return the worst windows, the worst first, those of the tail marked."""
    order = sorted(range(len(tail.profits)), key=lambda n: (tail.profits[n], n))[:WORST]
    rows = tuple(WindowRow(rank, tail.ends[n], tail.profits[n],
                           "tail" if tail.loss and tail.profits[n] <= -tail.loss else "")
                 for rank, n in enumerate(order, start=1))
    columns = (whole("Rank", "rank"), Column("Window ends", "end", str, excel="yyyy-mm-dd"),
               money(f"Profit ({tail.currency})", "profit"), words("Counts", "counts"))
    return Table("Worst windows", columns, rows,
                 f"The worst of {len(tail.profits)} overlapping windows of {tail.days} dates.")


def verdict(tail: PastTail) -> str:
    """Return what the tail says, in one sentence."""
    measure = "mean of the tail" if tail.shortfall else "loss"
    return (f"Moves {tail.moves}: the {measure} at {tail.confidence:.1%} is {tail.loss:,.0f} "
            f"{tail.currency}, {tail.beyond} of {len(tail.profits)} windows lose as much; it "
            f"counts {tail.weight:.0%} of the margin.")


def accounts_with_tails(tails: Sequence[PastTail]) -> tuple[str, ...]:
    """Return the accounts that have any, in order."""
    return tuple(dict.fromkeys(tail.account_id for tail in tails))
