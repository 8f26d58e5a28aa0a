"""The early-exercise boundary of American options by collocation: readable twin of `exercise.h`.

Andersen, Lake and Offengenden's fixed point for a put of strike 1 on a spot with yield; calls by
C(S, K, r, q) = P(K, S, q, r). With G(tau) = ln(X / B(tau)), X = min(1, r/q), the boundary B solves

    B(tau) = e^(-(r-q) tau) N / D
    N = phi(d-(tau, B)) / (s sqrt tau) + r int_0^tau e^(ru) phi(d-) / (s sqrt(tau-u)) du
    D = phi(d+(tau, B)) / (s sqrt tau) + N(d+(tau, B))
        + q int_0^tau e^(qu) (N(d+) + phi(d+) / (s sqrt(tau-u))) du

with d+-(tau - u, B(tau)/B(u)) inside the integrals. The substitution u = tau cos^2 t takes the
square roots out of both ends, so few Gauss-Legendre points suffice. The boundary does not depend
on spot: one solution serves a whole row of prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.kernels.normal import quick_cdf, quick_density

Floats: TypeAlias = NDArray[np.float64]

GREATEST_GAP = 60.0  # ln(X/B) held below it: e^-60 of strike is never reached
TINY = 1e-300
RUNGS = (7, 15)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Where the fixed point is collocated and how its integrals are summed.

    `node` are the n Chebyshev-Lobatto points xi = sqrt(tau/T) in (0, 1]; `inner_matrix[i, j]` takes
    gaps at the nodes to the point j of the integral of node i, `outer_matrix[k]` to the point k of
    the price integral. `*_root` is sqrt(t/tau) (t the time from now), `*_weight` belongs to dt/tau.
    `rungs` are the Chebyshev points in (-1, 1) at which long rows are solved over ln volatility, of
    a narrow range and of a wide one; `rung_matrices` carry values there to coefficients of rising
    powers.
    """

    iterations: int
    node: Floats
    inner_root: Floats
    inner_weight: Floats
    inner_matrix: Floats
    outer_root: Floats
    outer_weight: Floats
    outer_matrix: Floats
    rungs: tuple[Floats, Floats]
    rung_matrices: tuple[Floats, Floats]


@cache
def scheme(audit: bool) -> Scheme:
    """Return the tables: 6e-6 of strike at most by default, 5e-7 for an audit."""
    return _scheme(10, 12, 20, 9) if audit else _scheme(8, 6, 10, 4)


def _scheme(nodes: int, inner: int, outer: int, iterations: int) -> Scheme:
    points = 0.5 * (1.0 - np.cos(np.pi * np.arange(nodes + 1) / nodes))
    inner_root, inner_left, inner_weight = _quarter(inner)
    outer_root, outer_left, outer_weight = _quarter(outer)
    matrix = np.array([_interpolation(points, x * inner_left) for x in points[1:]])
    narrow, wide = (np.cos(np.pi * (np.arange(n) + 0.5) / n) for n in RUNGS)
    return Scheme(iterations, points[1:].copy(), inner_root, inner_weight,
                  np.ascontiguousarray(matrix[:, :, 1:]), outer_root, outer_weight,
                  np.ascontiguousarray(_interpolation(points, outer_left)[:, 1:]),
                  (narrow, wide), (_to_powers(narrow), _to_powers(wide)))


def _to_powers(points: Floats) -> Floats:
    return np.ascontiguousarray(np.linalg.inv(np.vander(points, increasing=True)))


def _quarter(count: int) -> tuple[Floats, Floats, Floats]:
    """Return sin, cos and weights 2 sin cos dt of Gauss-Legendre points t on (0, pi/2)."""
    y, w = np.polynomial.legendre.leggauss(count)
    angle = 0.25 * np.pi * (1.0 + y)
    return np.sin(angle), np.cos(angle), 0.25 * np.pi * w * np.sin(2.0 * angle)


def _interpolation(points: Floats, at: Floats) -> Floats:
    """Return the matrix from values at Chebyshev-Lobatto points to values at `at` in (0, 1)."""
    signs = np.where(np.arange(len(points)) % 2, -1.0, 1.0)
    signs[[0, -1]] *= 0.5
    away = at[:, None] - points
    terms = signs / np.where(away == 0, TINY, away)
    return np.asarray(terms / terms.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Boundary:
    """Exercise boundaries, a column each: ln X, and the gap ln(X/B) at the nodes."""

    top: Floats
    gap: Floats


def boundary(rate: Floats, dividend: Floats, years: Floats, sigma: Floats,
             table: Scheme) -> Boundary:
    """Solve one boundary a column, r > 0, by a fixed number of fixed-point steps."""
    top = np.log(np.minimum(1.0, rate / np.maximum(dividend, rate)))
    gap = np.array([_first_guess(rate, dividend, years * x * x, sigma, top) for x in table.node])
    for _ in range(table.iterations):
        gap = np.array([_next_gap(i, gap, (rate, dividend, years, sigma, top), table)
                        for i in range(len(table.node))])
    return Boundary(top, gap)


def _first_guess(rate: Floats, dividend: Floats, tau: Floats, sigma: Floats,
                 top: Floats) -> Floats:
    """Return the gap of Bjerksund and Stensland's boundary."""
    carry, square, highest = rate - dividend, sigma * sigma, np.exp(top)
    half = 0.5 - carry / square
    beta = half - np.sqrt(half * half + 2.0 * rate / square)
    lowest = beta / (beta - 1.0)
    room = np.maximum(highest - lowest, 1e-12)
    decay = np.exp(np.maximum(
        (carry * tau - 2.0 * sigma * np.sqrt(tau)) * highest / room, -700.0))
    start = lowest + room * np.minimum(decay, 1.0)
    return np.asarray(np.clip(top - np.log(np.maximum(start, TINY)), 0.0, GREATEST_GAP))


def _next_gap(i: int, gap: Floats, terms: tuple[Floats, ...], table: Scheme) -> Floats:
    rate, dividend, years, sigma, top = terms
    carry, root = rate - dividend, np.sqrt(years) * table.node[i]
    tau, sv = root * root, sigma * root
    above = (top - gap[i] + carry * tau) / sv + 0.5 * sv
    numerator = quick_density(above - sv) / sv
    denominator = quick_density(above) / sv + quick_cdf(above)
    for j, (at, weight) in enumerate(zip(table.inner_root, table.inner_weight, strict=True)):
        later = table.inner_matrix[i, j] @ gap
        part, past = sv * at, tau * (1.0 - at * at)
        d = (later - gap[i] + carry * tau * at * at) / part + 0.5 * part
        numerator += rate * weight * tau * np.exp(rate * past) * quick_density(d - part) / part
        denominator += dividend * weight * tau * np.exp(dividend * past) * (
            quick_cdf(d) + quick_density(d) / part)
    new = np.log(np.maximum(numerator, TINY)) - np.log(np.maximum(denominator, TINY))
    return np.asarray(np.clip(top - new + carry * tau, 0.0, GREATEST_GAP))


def premium(ratio: Floats, rate: float, dividend: float, years: float, sigma: Floats,
            log_boundary: Floats, table: Scheme) -> Floats:
    """Return what early exercise adds to a put of strike 1 at spot `ratio` below the boundary.

    int_0^T r e^(-rt) N(-d-(t, S/B(T-t))) - q S e^(-qt) N(-d+(t, S/B(T-t))) dt;
    `log_boundary[k]` is ln B at the points of the integral.
    """
    total = np.zeros_like(ratio)
    log_ratio, carry = np.log(np.maximum(ratio, TINY)), rate - dividend
    for at, weight, level in zip(table.outer_root, table.outer_weight, log_boundary, strict=True):
        past = years * at * at
        sv = sigma * np.sqrt(years) * at
        above = (log_ratio - level + carry * past) / sv + 0.5 * sv
        total += weight * years * (
            rate * np.exp(-rate * past) * quick_cdf(sv - above)
            - dividend * np.exp(-dividend * past) * ratio * quick_cdf(-above))
    return total
