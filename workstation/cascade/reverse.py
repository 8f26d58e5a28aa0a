"""Reverse stress: the smallest multiple of a shock at which something happens."""

from __future__ import annotations

from collections.abc import Callable

HALVINGS = 60


def tipping_multiple(happens: Callable[[float], bool], low: float, high: float,
                     halvings: int = HALVINGS) -> float | None:
    """Bisect for the multiple from which `happens` holds; None where it does not at `high`.

    Exact for events that stay once they happen; otherwise one of the multiples where they start.
    """
    if not happens(high):
        return None
    if happens(low):
        return low
    for _ in range(halvings):
        middle = 0.5 * (low + high)
        if happens(middle):
            high = middle
        else:
            low = middle
    return high
