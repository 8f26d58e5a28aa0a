"""Interest rate: bucket = currency, factors on a fixed grid of vertices and sub-curves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.block import Block, Crowds, Outer, Slots
from workstation.rulebooks.simm.calibration import USD_MILLION, Calibration
from workstation.rulebooks.simm.curvature import scaling
from workstation.rulebooks.simm.netting import Netted, grouped, sub_curve_of
from workstation.rulebooks.simm.vocabulary import (
    CURVATURE,
    DELTA,
    INFLATION,
    INFLATION_VOL,
    IR,
    IR_CURVE,
    IR_VOL,
    SUB_CURVES,
    TENORS,
    VEGA,
    XCCY_BASIS,
    Mpor,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_CURVES = len(SUB_CURVES)
_INFLATION_SLOT = len(TENORS) * _CURVES
_BASIS_SLOT = _INFLATION_SLOT + 1
_INFLATION_VOL_SLOT = len(TENORS)


def blocks(netted: Netted, calibration: Calibration, mpor: Mpor) -> Iterator[Block]:
    """Yield delta, vega and curvature of interest rates where there are any."""
    curve = np.isin(netted.kind, (IR_CURVE, INFLATION, XCCY_BASIS))
    if curve.any():
        yield _delta(netted, np.flatnonzero(curve), calibration, mpor)
    volatility = np.isin(netted.kind, (IR_VOL, INFLATION_VOL))
    if volatility.any():
        rows = np.flatnonzero(volatility)
        yield _vega(netted, rows, calibration, mpor)
        yield _curvature(netted, rows, calibration, mpor)


def curve_correlations(calibration: Calibration) -> Floats:
    """Return the correlations of all slots: vertex and sub-curve, inflation, basis."""
    tenor = np.array(calibration.table(IR, "tenor_corr"), dtype=np.float64)
    sub = np.full((_CURVES, _CURVES), calibration.number(IR, "corr_subcurves"))
    np.fill_diagonal(sub, 1.0)
    out = np.ones((_BASIS_SLOT + 1, _BASIS_SLOT + 1))
    out[:_INFLATION_SLOT, :_INFLATION_SLOT] = np.kron(tenor, sub)
    out[_INFLATION_SLOT, :_INFLATION_SLOT] = calibration.number(IR, "corr_inflation")
    out[:_INFLATION_SLOT, _INFLATION_SLOT] = calibration.number(IR, "corr_inflation")
    out[_BASIS_SLOT, :_BASIS_SLOT] = calibration.number(IR, "corr_xccy_basis")
    out[:_BASIS_SLOT, _BASIS_SLOT] = calibration.number(IR, "corr_xccy_basis")
    return out


def volatility_correlations(calibration: Calibration) -> Floats:
    """Return the correlations of expiries and the flat inflation volatility."""
    out = np.full((_INFLATION_VOL_SLOT + 1,) * 2, calibration.number(IR, "corr_inflation"))
    out[:-1, :-1] = np.array(calibration.table(IR, "tenor_corr"), dtype=np.float64)
    out[-1, -1] = 1.0
    return out


def _delta(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor) -> Block:
    kind = netted.kind[rows]
    first, bucket = grouped([netted.cell[rows], netted.name[rows]])
    slot = netted.label[rows] * _CURVES + sub_curve_of(netted.subs)[netted.sub[rows]]
    slot = np.where(kind == INFLATION, _INFLATION_SLOT, slot)
    slot = np.where(kind == XCCY_BASIS, _BASIS_SLOT, slot)
    weight = np.full(len(rows), float(calibration.of_mpor(IR, "inflation_rw", mpor)))
    weight[kind == XCCY_BASIS] = float(calibration.of_mpor(IR, "xccy_basis_rw", mpor))
    yields = kind == IR_CURVE
    by_group = calibration.of_mpor(IR, "delta_rw", mpor)
    table = {group: np.array([float(row[tenor]) for tenor in TENORS])
             for group, row in by_group.items()}
    groups = _group_codes(netted, calibration, rows, "rw_currency_groups", list(table))
    stacked = np.array(list(table.values()))
    weight[yields] = stacked[groups[yields], netted.label[rows][yields]]
    crowd = np.where(kind == XCCY_BASIS, -1, bucket)
    thresholds = _thresholds(netted, calibration, rows[first], "delta_threshold_usd_mm")
    return Block(IR, DELTA, rows, np.ones(len(rows)), np.arange(len(rows)), weight, bucket,
                 Slots(slot, curve_correlations(calibration)),
                 _outer(netted, rows[first], calibration.number(IR, "corr_outer")),
                 Crowds(crowd, thresholds) if mpor == "10d" else None, cells=netted.cells)


def _vega(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor) -> Block:
    first, bucket = grouped([netted.cell[rows], netted.name[rows]])
    weight = np.full(len(rows), float(calibration.of_mpor(IR, "vega_rw", mpor)))
    thresholds = _thresholds(netted, calibration, rows[first], "vega_threshold_usd_mm")
    return Block(IR, VEGA, rows, np.ones(len(rows)), np.arange(len(rows)), weight, bucket,
                 Slots(_expiry_slots(netted, rows), volatility_correlations(calibration)),
                 _outer(netted, rows[first], calibration.number(IR, "corr_outer")),
                 Crowds(bucket, thresholds) if mpor == "10d" else None, cells=netted.cells)


def _curvature(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor) -> Block:
    first, bucket = grouped([netted.cell[rows], netted.name[rows]])
    slot = _expiry_slots(netted, rows)
    # Inflation volatilities of all expiries are one factor; theta needs them netted.
    factor_first, factor = grouped([bucket, slot])
    hvr = float(calibration.of_mpor(IR, "hvr", mpor))
    gamma = calibration.number(IR, "corr_outer")
    return Block(IR, CURVATURE, rows, scaling(netted.label[rows], mpor), factor,
                 np.ones(len(factor_first)), bucket[factor_first],
                 Slots(slot[factor_first], volatility_correlations(calibration) ** 2),
                 _outer(netted, rows[first], gamma * gamma), None, hvr * hvr, netted.cells)


def _expiry_slots(netted: Netted, rows: Ints) -> Ints:
    return np.where(netted.kind[rows] == INFLATION_VOL, _INFLATION_VOL_SLOT, netted.label[rows])


def _outer(netted: Netted, rows: Ints, gamma: float) -> Outer:
    return Outer(netted.cell[rows], np.zeros(len(rows), dtype=np.int64),
                 np.zeros(len(rows), dtype=np.bool_), np.zeros((1, 1)), gamma)


def _group_codes(netted: Netted, calibration: Calibration, rows: Ints, table: str,
                 order: list[str]) -> Ints:
    group = calibration.group_of(IR, table)
    held, inverse = np.unique(netted.name[rows], return_inverse=True)
    codes = np.array([order.index(group(netted.names[code])) for code in held], dtype=np.int64)
    return codes[inverse]


def _thresholds(netted: Netted, calibration: Calibration, rows: Ints, name: str) -> Floats:
    table = calibration.table(IR, name)
    order = list(table)
    values = np.array([float(table[group]) * USD_MILLION for group in order])
    return values[_group_codes(netted, calibration, rows, "threshold_currency_groups", order)]
