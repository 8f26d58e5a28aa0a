"""Credit, equity, commodity and FX: buckets of names, each with its own concentration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.block import Block, Crowds, Outer, Pairs
from workstation.rulebooks.simm.calibration import USD_MILLION, Calibration
from workstation.rulebooks.simm.curvature import scaling, volatility_of_weight
from workstation.rulebooks.simm.netting import Netted, grouped
from workstation.rulebooks.simm.vocabulary import (
    BASE_CORR,
    BASE_CORRELATION,
    BUCKETS,
    COMMODITY,
    COMMODITY_SPOT,
    COMMODITY_VOL,
    CREDIT,
    CREDIT_NONQ,
    CREDIT_Q,
    CREDIT_VOL,
    CURVATURE,
    DELTA,
    EQUITY,
    EQUITY_SPOT,
    EQUITY_VOL,
    NONQ,
    NONQ_VOL,
    RESIDUAL,
    VEGA,
    VOLATILITY_INDICES,
    Mpor,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NO_GROUPS = np.zeros(0)
_SPOT = {CREDIT_Q: CREDIT, CREDIT_NONQ: NONQ, EQUITY: EQUITY_SPOT, COMMODITY: COMMODITY_SPOT}
_VOLATILITY = {CREDIT_Q: CREDIT_VOL, CREDIT_NONQ: NONQ_VOL, EQUITY: EQUITY_VOL,
               COMMODITY: COMMODITY_VOL}


@dataclass(frozen=True, slots=True, eq=False)
class _Buckets:
    """The factors of a block, and the bucket number, cell and residual mark of each bucket."""

    first: Ints
    factor: Ints
    bucket: Ints
    number: Ints
    cell: Ints
    residual: NDArray[np.bool_]


def blocks(netted: Netted, calibration: Calibration, mpor: Mpor) -> Iterator[Block]:
    """Yield delta, vega and curvature of each class, and base correlation, where there are any."""
    for risk_class in (CREDIT_Q, CREDIT_NONQ, EQUITY, COMMODITY):
        spot = np.flatnonzero(netted.kind == _SPOT[risk_class])
        if len(spot):
            yield _block(netted, spot, calibration, mpor, risk_class, DELTA)
        volatility = np.flatnonzero(netted.kind == _VOLATILITY[risk_class])
        if len(volatility):
            yield _block(netted, volatility, calibration, mpor, risk_class, VEGA)
            yield _block(netted, volatility, calibration, mpor, risk_class, CURVATURE)
    rows = np.flatnonzero(netted.kind == BASE_CORRELATION)
    if len(rows):
        yield _base_correlation(netted, rows, calibration, mpor)


def _block(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor, risk_class: int,
           measure: int) -> Block:
    held = _held(netted, rows, risk_class)
    bucket_number = held.number[held.bucket]
    scale = _scale(netted, rows, calibration, mpor, risk_class, measure)
    weight = _weight(calibration, mpor, risk_class, measure)[bucket_number]
    power = 2 if measure == CURVATURE else 1
    inner = _inner(netted, rows, calibration, risk_class, held, power)
    outer = Outer(held.cell, held.number, held.residual, calibration.across(risk_class) ** power)
    crowds = None
    if mpor == "10d" and measure != CURVATURE:
        crowds = _crowds(netted, rows, calibration, risk_class, measure, held)
    return Block(risk_class, measure, rows, scale, held.factor, weight, held.bucket, inner, outer,
                 crowds, cells=netted.cells)


def _held(netted: Netted, rows: Ints, risk_class: int) -> _Buckets:
    """Find the factors: credit keeps vertex and Label2 apart, the others net all expiries."""
    columns = [netted.cell[rows], netted.bucket[rows], netted.name[rows]]
    if risk_class in (CREDIT_Q, CREDIT_NONQ):
        columns += [netted.label[rows], netted.sub[rows]]
    first, factor = grouped(columns)
    chosen = rows[first]
    bucket_first, bucket = grouped([netted.cell[chosen], netted.bucket[chosen]])
    number = netted.bucket[chosen][bucket_first]
    names = BUCKETS[risk_class]
    last = names.index(RESIDUAL) if RESIDUAL in names else -1
    return _Buckets(first, factor, bucket, number, netted.cell[chosen][bucket_first],
                    number == last)


def _scale(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor, risk_class: int,
           measure: int) -> Floats:
    """Return the factor amount per unit of sensitivity: 1, HVR * sigma, or SF * sigma."""
    if measure == DELTA:
        return np.ones(len(rows))
    scale = np.ones(len(rows))
    if risk_class in (EQUITY, COMMODITY):
        weights = calibration.by_bucket(risk_class, calibration.of_mpor(
            risk_class, "delta_rw", mpor))
        scale = weights[netted.bucket[rows]] * volatility_of_weight(mpor)
        if measure == VEGA:
            scale = scale * float(calibration.of_mpor(risk_class, "hvr", mpor))
    if measure == CURVATURE:
        scale = scale * scaling(netted.label[rows], mpor)
    if measure == CURVATURE and risk_class == EQUITY:
        excused = BUCKETS[EQUITY].index(VOLATILITY_INDICES)
        scale = np.where(netted.bucket[rows] == excused, 0.0, scale)
    return scale


def _weight(calibration: Calibration, mpor: Mpor, risk_class: int, measure: int) -> Floats:
    if measure == CURVATURE:
        return np.ones(len(BUCKETS[risk_class]))
    name = "delta_rw" if measure == DELTA else "vega_rw"
    return calibration.by_bucket(risk_class, calibration.of_mpor(risk_class, name, mpor))


def _inner(netted: Netted, rows: Ints, calibration: Calibration, risk_class: int, held: _Buckets,
           power: int) -> Pairs:
    table = calibration.table(risk_class, "intra_corr")
    if risk_class in (EQUITY, COMMODITY):
        rho = calibration.by_bucket(risk_class, table)[held.number] ** power
        return Pairs(rho, held.bucket, _NO_GROUPS)
    same, different = (
        np.where(held.residual, float(table[f"residual|{which}"]),
                 float(table[f"aggregate|{which}"])) ** power
        for which in ("same", "different"))
    alike = netted.name if risk_class == CREDIT_Q else netted.sub
    group_first, group = grouped([held.bucket, alike[rows[held.first]]])
    return Pairs(different, group, (same - different)[held.bucket[group_first]])


def _crowds(netted: Netted, rows: Ints, calibration: Calibration, risk_class: int, measure: int,
            held: _Buckets) -> Crowds:
    """Concentrate by issuer in credit, by factor elsewhere."""
    name = "delta_threshold_usd_mm" if measure == DELTA else "vega_threshold_usd_mm"
    thresholds = calibration.by_bucket(risk_class, calibration.table(risk_class, name))
    first, crowd = grouped([held.bucket, netted.name[rows[held.first]]])
    return Crowds(crowd, thresholds[held.number[held.bucket[first]]] * USD_MILLION)


def _base_correlation(netted: Netted, rows: Ints, calibration: Calibration, mpor: Mpor) -> Block:
    first, factor = grouped([netted.cell[rows], netted.name[rows]])
    bucket_first, bucket = grouped([netted.cell[rows[first]]])
    count = len(bucket_first)
    weight = np.full(len(first), float(calibration.of_mpor(CREDIT_Q, "base_corr_rw", mpor)))
    rho = np.full(count, calibration.number(CREDIT_Q, "corr_base_correlation"))
    outer = Outer(netted.cell[rows[first]][bucket_first], np.zeros(count, dtype=np.int64),
                  np.zeros(count, dtype=np.bool_), np.zeros((1, 1)))
    return Block(CREDIT_Q, BASE_CORR, rows, np.ones(len(rows)), factor, weight, bucket,
                 Pairs(rho, bucket, _NO_GROUPS), outer, cells=netted.cells)
