"""The normal distribution, in numpy alone."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

FURTHEST = 36.0  # standard deviations beyond which N(x) is 0 or 1 in double precision
SMALLEST = 1e-300
# N(-x) e^(x^2/2) = P(x)/Q(x) for x >= 0, rising powers; absolute error in N below 3e-17.
TAIL_P = (0.50000000000000002287, 0.50231360203629307506, 0.25451114765293789437,
          0.077013383666861423158, 0.014475493992480349241, 0.0015906901155400008491,
          0.00008009301027146989706)
TAIL_Q = (1.0, 1.8025117648754621651, 1.4472186031651113134, 0.67344578474219701765,
          0.19707244982103609213, 0.036482346481433807455, 0.0039874211725600566202,
          0.00020075972287771817663)
# The same for what early exercise adds, which is interest on part of the strike: e^(-u/2) on
# |u| <= ln 2 to 3e-9, N to 1e-9; e^0 = 1 and P(0) = 1/2, so that N has no step at 0. The kernel
# has the same coefficients.
QUICK_BELL = (1.0, -0.5000000160826601, 0.1249999855225375, -0.020833039076628777,
              0.0026042501273813266, -0.00026169235709103133, 2.1630708954845433e-05)
QUICK_P = (0.5, 0.2973112280214639, 0.08624660439091592, 0.009893171234639134)
QUICK_Q = (1.0, 1.3925069784694692, 0.7835538265735904, 0.21467427840689002, 0.02488093094209176)
_ROOT_TWO_PI = 2.5066282746310005024


def density(x: Floats) -> Floats:
    """Return the standard normal density."""
    far = np.minimum(np.abs(x), FURTHEST)
    return np.asarray(np.exp(-0.5 * far * far) / _ROOT_TWO_PI)


def normal_cdf(x: Floats) -> Floats:
    """Return the standard normal distribution function."""
    far = np.minimum(np.abs(x), FURTHEST)
    tail = np.exp(-0.5 * far * far) * _polynomial(TAIL_P, far) / _polynomial(TAIL_Q, far)
    return np.asarray(np.where(x > 0, 1.0 - tail, tail))


def quick_bell(x: Floats) -> Floats:
    """Return e^(-x^2/2), relative error below 3e-9."""
    far = np.minimum(np.abs(x), FURTHEST)
    square = far * far
    halvings = np.rint(square / (2.0 * np.log(2.0)))
    rest = square - halvings * (2.0 * np.log(2.0))
    return np.asarray(np.ldexp(_polynomial(QUICK_BELL, rest), -halvings.astype(np.intp)))


def quick_density(x: Floats) -> Floats:
    """Return the standard normal density, relative error below 3e-9."""
    return np.asarray(quick_bell(x) / _ROOT_TWO_PI)


def quick_cdf(x: Floats) -> Floats:
    """Return the standard normal distribution function, absolute error below 1e-9."""
    far = np.minimum(np.abs(x), FURTHEST)
    tail = quick_bell(x) * _polynomial(QUICK_P, far) / _polynomial(QUICK_Q, far)
    return np.asarray(np.where(x > 0, 1.0 - tail, tail))


def probability(x: Floats) -> Floats:
    """Return N(x), exactly 0 or 1 beyond every distance that matters."""
    return np.where(x >= FURTHEST, 1.0, np.where(x <= -FURTHEST, 0.0, normal_cdf(x)))


def log_of(x: Floats | float) -> Floats:
    """Return ln x, of the smallest number where x is none."""
    return np.asarray(np.log(np.maximum(x, SMALLEST)))


def _polynomial(rising: tuple[float, ...], x: Floats) -> Floats:
    total = np.zeros_like(x)
    for coefficient in reversed(rising):
        total = total * x + coefficient
    return total
