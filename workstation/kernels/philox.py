"""Counter-based random numbers: readable twin of `philox.h`.

Philox 4x32 with ten rounds (Salmon, Moraes, Dror, Shaw, SC11): a number depends on its key and
counter alone, so any part of a run can be drawn by itself. Normals by inversion (Wichura, AS 241).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Words: TypeAlias = NDArray[np.uint64]
ROUNDS = 10
FACTORS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
STRIDES = (0x9E3779B9, 0xBB67AE85)
WORD, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
CENTRE_TO, FAR_FROM = 0.425, 5.0
DROPPED_BITS, STEP = np.uint64(12), 2.0**-52
CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0))
TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
     4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
     2.05319162663775882187, 1.0))
FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
     5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0))


def philox(counter: Words, key: int) -> Words:
    """Return four random words of every counter (..., 4), each below 2^32, under a 64-bit key."""
    first, second, third, fourth = (counter[..., n].astype(np.uint64) for n in range(4))
    low, high = key & 0xFFFFFFFF, (key >> 32) & 0xFFFFFFFF
    for _ in range(ROUNDS):
        a, b = FACTORS[0] * first, FACTORS[1] * third
        first, second, third, fourth = (
            (b >> HALF) ^ second ^ np.uint64(low), b & WORD,
            (a >> HALF) ^ fourth ^ np.uint64(high), a & WORD)
        low, high = (low + STRIDES[0]) & 0xFFFFFFFF, (high + STRIDES[1]) & 0xFFFFFFFF
    return np.stack([first, second, third, fourth], axis=-1)


def uniforms(count: int, key: int, paths: NDArray[np.int64], step: int, stream: int) -> Floats:
    """Return numbers in (0, 1), never 0 or 1, a row a path: two of 52 bits from every block."""
    blocks = (count + 1) // 2
    counter = np.empty((len(paths), blocks, 4), dtype=np.uint64)
    counter[..., 0] = np.arange(blocks, dtype=np.uint64)
    counter[..., 1], counter[..., 3] = step, stream
    counter[..., 2] = paths[:, None].astype(np.uint64)
    words = philox(counter, key).reshape(len(paths), blocks, 2, 2)
    bits = ((words[..., 0] << HALF) | words[..., 1]) >> DROPPED_BITS
    return np.asarray(((bits.astype(np.float64) + 0.5) * STEP).reshape(len(paths), -1)[:, :count])


def normal_quantile(u: Floats) -> Floats:
    """Return the normal quantile of numbers in (0, 1), to a relative 1e-16."""
    q = u - 0.5
    r = np.sqrt(-np.log(np.where(q < 0.0, u, 1.0 - u)))
    tail = np.where(r <= FAR_FROM, _rational(r - 1.6, TAIL), _rational(r - FAR_FROM, FAR))
    centre = q * _rational(0.180625 - q * q, CENTRE)
    return np.where(np.abs(q) <= CENTRE_TO, centre, np.copysign(tail, q))


def _rational(x: Floats, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> Floats:
    above, below = coefficients
    return np.asarray(np.polyval(above, x) / np.polyval(below, x))
