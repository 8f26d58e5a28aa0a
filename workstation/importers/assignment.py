"""The best one-to-one assignment of columns to fields, all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence


def best_assignment(scores: Sequence[Sequence[float]]) -> list[int | None]:
    """Return for each row the column it takes, or None; the sum of scores is the largest possible.

    Shortest augmenting paths (the Hungarian method) on cost = -score; a row may stay free at
    score 0, and a pair with a score of 0 or less is never made.
    """
    rows = len(scores)
    if not rows or not scores[0]:
        return [None] * rows
    width = len(scores[0])
    costs = [[-max(score, 0.0) for score in row] + [0.0] * rows for row in scores]
    taken = _match(costs, rows, width + rows)
    return [
        column if column < width and scores[row][column] > 0 else None
        for row, column in enumerate(taken)
    ]


def _match(costs: list[list[float]], rows: int, width: int) -> list[int]:
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (width + 1)
    owner, before = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        column = _augment(costs, row_price, column_price, owner, before, width)
        while column:
            owner[column], column = owner[before[column]], before[column]
    taken = [0] * rows
    for column in range(1, width + 1):
        if owner[column]:
            taken[owner[column] - 1] = column - 1
    return taken


def _augment(costs: list[list[float]], row_price: list[float], column_price: list[float],
             owner: list[int], before: list[int], width: int) -> int:
    """Grow one shortest path from column 0 until it ends at a free column, and return that."""
    slack, seen = [math.inf] * (width + 1), [False] * (width + 1)
    column = 0
    while True:
        seen[column] = True
        row, step, following = owner[column], math.inf, 0
        line, price = costs[row - 1], row_price[row]
        for other in range(1, width + 1):
            if seen[other]:
                continue
            reduced = line[other - 1] - price - column_price[other]
            if reduced < slack[other]:
                slack[other], before[other] = reduced, column
            if slack[other] < step:
                step, following = slack[other], other
        _shift(row_price, column_price, owner, seen, slack, step)
        column = following
        if not owner[column]:
            return column


def _shift(row_price: list[float], column_price: list[float], owner: list[int], seen: list[bool],
           slack: list[float], step: float) -> None:
    for column, visited in enumerate(seen):
        if visited:
            row_price[owner[column]] += step
            column_price[column] -= step
        else:
            slack[column] -= step
