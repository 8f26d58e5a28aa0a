"""FX: one bucket, groups of currencies by volatility, pairs for volatility."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.block import Block, Crowds, Outer, Pairs
from workstation.rulebooks.simm.calibration import (
    FX_HIGH,
    FX_PAIR_CATEGORIES,
    FX_REGULAR,
    USD_MILLION,
    Calibration,
)
from workstation.rulebooks.simm.curvature import scaling, volatility_of_weight
from workstation.rulebooks.simm.netting import Netted, grouped
from workstation.rulebooks.simm.vocabulary import (
    CURVATURE,
    DELTA,
    FX,
    FX_SPOT,
    FX_VOL,
    VEGA,
    Mpor,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_CODE = 3


def blocks(netted: Netted, calibration: Calibration, mpor: Mpor, currency: str) -> Iterator[Block]:
    """Yield delta, vega and curvature; the calculation currency has no delta factor."""
    own = netted.names.index(currency) if currency in netted.names else -1
    spot = np.flatnonzero((netted.kind == FX_SPOT) & (netted.name != own))
    if len(spot):
        yield _delta(netted, spot, calibration, mpor, currency)
    volatility = np.flatnonzero(netted.kind == FX_VOL)
    if len(volatility):
        yield _volatility(netted, volatility, calibration, mpor, VEGA)
        yield _volatility(netted, volatility, calibration, mpor, CURVATURE)


def _delta(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor,
           currency: str) -> Block:
    group = calibration.group_of(FX, "rw_currency_groups")
    own = group(currency)
    weights = calibration.of_mpor(FX, "delta_rw", mpor)
    weight = _of_names(netted, rows, lambda c: float(weights[f"{group(c)}|{own}"]))
    first, bucket = grouped([netted.cell[rows]])
    high = _of_names(netted, rows, lambda c: float(group(c) == FX_HIGH)).astype(np.int64)
    group_first, member = grouped([bucket, high])
    rho = calibration.table(FX, "intra_corr")
    across = float(rho[f"calc={own}|{FX_HIGH}|{FX_REGULAR}"])
    within = np.array([float(rho[f"calc={own}|{g}|{g}"]) for g in (FX_REGULAR, FX_HIGH)])
    category = calibration.group_of(FX, "threshold_currency_groups")
    table = calibration.table(FX, "delta_threshold_usd_mm")
    thresholds = _of_names(netted, rows, lambda c: float(table[category(c)]) * USD_MILLION)
    inner = Pairs(np.full(len(first), across), member, within[high[group_first]] - across)
    crowds = Crowds(np.arange(len(rows)), thresholds) if mpor == "10d" else None
    return Block(FX, DELTA, rows, np.ones(len(rows)), np.arange(len(rows)), weight, bucket, inner,
                 _outer(netted, rows[first]), crowds, cells=netted.cells)


def _volatility(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor,
                measure: int) -> Block:
    group = calibration.group_of(FX, "rw_currency_groups")
    weights = calibration.of_mpor(FX, "delta_rw", mpor)
    sigma = _of_names(netted, rows, lambda p: float(
        weights[f"{group(p[:_CODE])}|{group(p[_CODE:])}"])) * volatility_of_weight(mpor)
    first, factor = grouped([netted.cell[rows], netted.name[rows]])
    bucket_first, bucket = grouped([netted.cell[rows[first]]])
    power = 2 if measure == CURVATURE else 1
    rho = np.full(len(bucket_first), calibration.number(FX, "corr_volatility") ** power)
    inner = Pairs(rho, bucket, np.zeros(0))
    outer = _outer(netted, rows[first][bucket_first])
    if measure == CURVATURE:
        scale = sigma * scaling(netted.label[rows], mpor)
        return Block(FX, CURVATURE, rows, scale, factor, np.ones(len(first)), bucket, inner,
                     outer, cells=netted.cells)
    scale = sigma * float(calibration.of_mpor(FX, "hvr", mpor))
    weight = np.full(len(first), float(calibration.of_mpor(FX, "vega_rw", mpor)))
    crowds = None
    if mpor == "10d":
        limit = _pair_threshold(calibration)
        crowds = Crowds(np.arange(len(first)), _of_names(netted, rows[first], limit))
    return Block(FX, VEGA, rows, scale, factor, weight, bucket, inner, outer, crowds,
                 cells=netted.cells)


def _pair_threshold(calibration: Calibration) -> Callable[[str], float]:
    category = calibration.group_of(FX, "threshold_currency_groups")
    table = calibration.table(FX, "vega_threshold_usd_mm")

    def threshold(pair: str) -> float:
        one, other = sorted((category(pair[:_CODE]), category(pair[_CODE:])))
        return float(table[FX_PAIR_CATEGORIES[one, other]]) * USD_MILLION

    return threshold


def _of_names(netted: Netted, rows: Ints, figure: Callable[[str], float]) -> Floats:
    """Return a figure of each row's qualifier, asked once a qualifier."""
    held, inverse = np.unique(netted.name[rows], return_inverse=True)
    values = np.array([figure(netted.names[code]) for code in held], dtype=np.float64)
    return values[inverse]


def _outer(netted: Netted, rows: Ints) -> Outer:
    return Outer(netted.cell[rows], np.zeros(len(rows), dtype=np.int64),
                 np.zeros(len(rows), dtype=np.bool_), np.zeros((1, 1)))
