"""Many bracketed roots at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Floats

ITERATIONS = 100
TOLERANCE = 1e-13  # of one plus the argument


def bracketed_roots(function: Callable[[NDArray[np.intp], Floats], Floats], low: Floats,
                    high: Floats, at_low: Floats, at_high: Floats) -> Floats:
    """Return x between low and high where function(i, x) changes sign, for every i.

    Chandrupatla's method: inverse quadratic steps while they are safe, halving otherwise.

    Parameters
    ----------
    function
        Called with the places still open and one argument for each.
    low, high, at_low, at_high
        Brackets and the function there, of opposite signs.
    """
    best = np.where(np.abs(at_low) < np.abs(at_high), low, high)
    open_rows = np.flatnonzero((at_low != 0) & (at_high != 0))
    a, b = high[open_rows], low[open_rows]
    fa, fb = at_high[open_rows], at_low[open_rows]
    c, fc, step = a.copy(), fa.copy(), np.full(len(open_rows), 0.5)
    for _ in range(ITERATIONS):
        if not len(open_rows):
            break
        x = a + step * (b - a)
        fx = function(open_rows, x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        closer = np.where(np.abs(fa) < np.abs(fb), a, b)
        best[open_rows] = closer
        width, room = np.abs(b - a), TOLERANCE * (1.0 + np.abs(closer))
        left = (width > room) & (fa != 0)
        open_rows, margin = open_rows[left], 0.5 * room[left] / width[left]
        a, b, c, fa, fb, fc = (column[left] for column in (a, b, c, fa, fb, fc))
        step = np.clip(_safe_step(a, b, c, fa, fb, fc), margin, 1.0 - margin)
    return best


def _safe_step(a: Floats, b: Floats, c: Floats, fa: Floats, fb: Floats, fc: Floats) -> Floats:
    """Return the fraction of the way from a to b: inverse quadratic where it is safe, else half."""
    with np.errstate(divide="ignore", invalid="ignore"):
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        safe = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        quadratic = (fa / (fb - fa) * fc / (fb - fc)
                     + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb))
    return np.where(safe & np.isfinite(quadratic), quadratic, 0.5)
