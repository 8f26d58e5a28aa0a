"""How much margin rises when markets fall, and the three tools of EMIR RTS 153/2013 Art. 28(1).

Measures hold for a fixed portfolio only, and mean little without the coverage beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HORIZONS = (1, 5, 30)


@dataclass(frozen=True, slots=True)
class Procyclicality:
    """Peak to trough over the window, and the largest rise over n days (a factor)."""

    peak_to_trough: float
    largest_rise: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class ReleaseRule:
    """When the buffer of tool (a) may be used, and how fast it is rebuilt (the CCP's choice).

    Parameters
    ----------
    trigger
        The buffer is released while margin grows faster than this factor over `window` days.
    rebuild_days
        Days over which it is rebuilt in equal steps afterwards.
    """

    trigger: float
    window: int
    rebuild_days: int


def procyclicality(margins: Sequence[float] | Floats,
                   horizons: Sequence[int] = HORIZONS) -> Procyclicality:
    """Measure a series of margins of one fixed portfolio."""
    series = np.asarray(margins, dtype=np.float64)
    rises = {n: float(np.max(series[n:] / series[:-n])) for n in horizons if n < len(series)}
    return Procyclicality(float(series.max() / series.min()), rises)


def buffered(margins: Sequence[float] | Floats, buffer: float) -> Floats:
    """Return tool (a) untouched: (1 + buffer) M."""
    return np.asarray((1.0 + buffer) * np.asarray(margins, dtype=np.float64))


def buffer_used(margins: Sequence[float] | Floats, rule: ReleaseRule,
                buffer: float) -> Floats:
    """Return tool (a) with the buffer given up while margin surges and rebuilt afterwards.

    In a surge: IM_t = max(M_t, min((1 + buffer) M_t, IM_{t-1})); the buffer still held is then
    rebuilt by equal steps.
    """
    series = np.asarray(margins, dtype=np.float64)
    out = buffered(series, buffer)
    held = buffer
    for day in range(1, len(series)):
        before = series[max(0, day - rule.window)]
        if series[day] > rule.trigger * before:
            out[day] = max(series[day], min(out[day], out[day - 1]))
            held = out[day] / series[day] - 1.0
        else:
            held = min(buffer, held + buffer / rule.rebuild_days)
            out[day] = (1.0 + held) * series[day]
    return out


def stress_weighted(margins: Sequence[float] | Floats, stress: float | Floats,
                    weight: float) -> Floats:
    """Return tool (b): (1 - weight) M + weight * margin of the stressed period."""
    series = np.asarray(margins, dtype=np.float64)
    return np.asarray((1.0 - weight) * series + weight * stress)


def floored(margins: Sequence[float] | Floats, floor: float | Floats) -> Floats:
    """Return tool (c): at least the margin of the long-run (ten-year) volatility."""
    return np.asarray(np.maximum(np.asarray(margins, dtype=np.float64), floor))


def cost_ratio(with_tool: Sequence[float] | Floats, margins: Sequence[float] | Floats) -> float:
    """Return the mean margin with a tool over the mean without."""
    return float(np.mean(np.asarray(with_tool)) / np.mean(np.asarray(margins)))
