"""Evenly spread draws: the same bytes on every machine, for a seed.

Halton points with the digits of every base permuted; permutations come from a 64-bit mixing
function written out here, so no library's generator is relied on.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
MIX_ONE, MIX_TWO = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
LEAST_DIGITS = 1e-17

CENTRE = (-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
          1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00)
CENTRE_BELOW = (-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                6.680131188771972e+01, -1.328068155288572e+01, 1.0)
EDGE = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
        -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00)
EDGE_BELOW = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
              3.754408661907416e+00, 1.0)
BREAK = 0.02425
"""Coefficients of Acklam's rational approximation, relative error below 1.2e-9."""


class Mixer:
    """A counter turned into well-mixed 64-bit numbers (splitmix64)."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * GOLDEN) & MASK

    def below(self, bound: int) -> int:
        """Return the next number from 0 up to `bound`, exclusive."""
        self._state = (self._state + GOLDEN) & MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * MIX_ONE) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * MIX_TWO) & MASK
        return (mixed ^ (mixed >> 31)) % bound


def halton(count: int, dimensions: int, seed: int) -> Floats:
    """Return (count, dimensions) points strictly between 0 and 1."""
    out = np.zeros((count, dimensions))
    mixer = Mixer(seed)
    for d, base in enumerate(_primes(dimensions)):
        order = _digits(base, mixer)
        left = np.arange(1, count + 1)
        scale = 1.0 / base
        while left.any() and scale > LEAST_DIGITS:
            out[:, d] += order[left % base] * scale
            left //= base
            scale /= base
    return out


def normal_quantile(probability: Floats) -> Floats:
    """Return the standard normal quantile of probabilities strictly between 0 and 1."""
    p = np.asarray(probability, dtype=np.float64)
    middle = p - 0.5
    square = middle * middle
    out = middle * np.polyval(CENTRE, square) / np.polyval(CENTRE_BELOW, square)
    for below, sign in ((p < BREAK, 1.0), (p > 1.0 - BREAK, -1.0)):
        tail = p[below] if sign > 0 else 1.0 - p[below]
        q = np.sqrt(-2.0 * np.log(tail))
        out[below] = sign * np.polyval(EDGE, q) / np.polyval(EDGE_BELOW, q)
    return np.asarray(out, dtype=np.float64)


def chi_square_quantile(probability: Floats, degrees: int) -> Floats:
    """Return the chi-square quantile, read off its density summed on a fine grid."""
    top = degrees + 20.0 * math.sqrt(2.0 * degrees) + 40.0
    root = np.linspace(0.0, math.sqrt(top), 40_001)
    middle = 0.5 * (root[1:] + root[:-1])
    scale = math.log(2.0) * (1.0 - degrees / 2.0) - math.lgamma(degrees / 2.0)
    density = np.exp((degrees - 1.0) * np.log(middle) - middle * middle / 2.0 + scale)
    below = np.concatenate(([0.0], np.cumsum(density * np.diff(root))))
    return np.asarray(np.interp(probability, below / below[-1], root) ** 2, dtype=np.float64)


def _digits(base: int, mixer: Mixer) -> Floats:
    """Return the digits 1 to base - 1 shuffled; 0 stays, so that leading zeros add nothing."""
    order = list(range(base))
    for i in range(base - 1, 1, -1):
        j = 1 + mixer.below(i)
        order[i], order[j] = order[j], order[i]
    return np.array(order, dtype=np.float64)


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % p for p in found if p * p <= candidate):
            found.append(candidate)
        candidate += 1
    return found
