"""Marginal and incremental margin, and the way from one calibration to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.calibration import Calibration
from workstation.rulebooks.simm.engine import Calculated, calculate, slopes_of
from workstation.rulebooks.simm.margin import PortfolioMargin
from workstation.rulebooks.simm.netting import net

Floats = NDArray[np.float64]


def marginal(done: Calculated) -> Floats:
    """Return d margin / d s of every netted factor: what one more USD of sensitivity costs."""
    return np.asarray(np.sum(slopes_of(done), axis=0)) if done.parts else np.zeros(len(done.netted))


def incremental(margin: PortfolioMargin, trades: Iterable[str]) -> dict[str, float]:
    """Return the margin (before add-ons) with each trade less the margin without it.

    Increments are not additive: they do not add up to the margin.
    """
    sign = 1.0 if margin.side == "call" else -1.0
    wanted = tuple(dict.fromkeys(trades))
    rows = margin.run.rows
    trade_of = np.array([margin.crif.trade[int(row)] for row in rows], dtype=object)
    runs = [rows[trade_of != trade] for trade in wanted]
    done = calculate(net(margin.crif, runs, sign), margin.setup)
    return {trade: margin.simm - float(without.sum())
            for trade, without in zip(wanted, done.runs, strict=True)}


@dataclass(frozen=True, slots=True)
class CalibrationBridge:
    """From the margin under one calibration to that under another, one kind of table at a time."""

    start_version: str
    start: float
    steps: tuple[tuple[str, float], ...]
    end_version: str
    end: float


_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Delta risk weights", ("delta_rw", "inflation_rw", "xccy_basis_rw", "base_corr_rw")),
    ("Vega risk weights and volatility ratios", ("vega_rw", "hvr")),
    ("Volatility groups of currencies", ("rw_currency_groups",)),
    ("Correlations within risk classes",
     ("tenor_corr", "intra_corr", "inter_corr", "inter_corr_buckets", "corr_subcurves",
      "corr_inflation", "corr_xccy_basis", "corr_outer", "corr_base_correlation",
      "corr_volatility")),
    ("Concentration thresholds", ("delta_threshold_usd_mm", "vega_threshold_usd_mm",
                                  "threshold_currency_groups")),
    ("Correlations of risk classes", ("psi",)),
)


def calibration_bridge(margin: PortfolioMargin, other: Calibration) -> CalibrationBridge:
    """Return the bridge of one portfolio's margin (before add-ons) to another calibration.

    The steps depend on their order, which is that of the list; their sum does not.
    """
    sign = 1.0 if margin.side == "call" else -1.0
    netted = net(margin.crif, [margin.run.rows], sign)
    setup = margin.setup
    tables: dict[str, Any] = dict(setup.calibration.tables)
    before = start = float(calculate(netted, setup).products.sum())
    steps = []
    for label, names in _STEPS:
        tables = _exchanged(tables, other.tables, names)
        between = replace(setup.calibration, tables=tables)
        after = float(calculate(netted, replace(setup, calibration=between)).products.sum())
        steps.append((label, after - before))
        before = after
    end = float(calculate(netted, replace(setup, calibration=other)).products.sum())
    if end != before:
        steps.append(("Rounding", end - before))
    return CalibrationBridge(setup.calibration.version, start, tuple(steps), other.version, end)


def _exchanged(tables: Mapping[str, Any], new: Mapping[str, Any],
               names: tuple[str, ...]) -> dict[str, Any]:
    out = dict(tables)
    for risk_class, held in tables.items():
        if risk_class in names:
            out[risk_class] = new[risk_class]
        elif isinstance(held, Mapping):
            changed = {name: new[risk_class][name] for name in names if name in new[risk_class]}
            out[risk_class] = {**held, **changed}
    return out
