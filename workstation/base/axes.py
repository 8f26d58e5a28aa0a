"""Round amounts beside an axis, on screen and on paper alike."""

from __future__ import annotations

import math

ROUND_STEPS = (1, 2, 2.5, 5, 10)
NEARLY = 1e-9
"""Of a step: what rounding may have taken from an amount that stands on a multiple of it."""


def round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5 or 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in ROUND_STEPS if factor * power >= least * (1 - NEARLY))


def multiples(low: float, high: float, step: float) -> list[float]:
    """Return the multiples of a step from low to high, both included where they are such."""
    first, last = math.ceil(low / step - NEARLY), math.floor(high / step + NEARLY)
    return [number * step for number in range(first, last + 1)]
