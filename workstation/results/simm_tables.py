"""Tables of sensitivity-based margin: netting sets, factors, the heat map, two calibrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.results.formats import money, words
from workstation.results.table import Table
from workstation.rulebooks.simm.allocation import allocate
from workstation.rulebooks.simm.block import Evaluated
from workstation.rulebooks.simm.margin import PortfolioMargin, SimmMargins
from workstation.rulebooks.simm.netting import Netted
from workstation.rulebooks.simm.vocabulary import (
    BUCKETS,
    PRODUCT_CLASSES,
    RISK_CLASSES,
    RISK_TYPES,
    TENORS,
)
from workstation.rulebooks.simm.whatif import CalibrationBridge

Floats = NDArray[np.float64]
ALL = "All"


@dataclass(frozen=True, slots=True)
class NettingSetRow:
    """One portfolio: its margin, the lines by measure, and the regulation that sets it."""

    portfolio: str
    regulations: str
    total: float
    simm: float
    delta: float
    vega: float
    curvature: float
    base_corr: float
    add_on: float


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One netted risk factor with what it contributes; `measure` tells vega from curvature."""

    product_class: str
    risk_class: str
    measure: str
    factor: str
    bucket: str
    tenor: str
    net: float
    weighted: float
    contribution: float
    uplift: float


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Sums of weighted sensitivities: a row a currency or bucket, a column a vertex."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One step of a portfolio from one calibration to another."""

    portfolio: str
    label: str
    amount: float


def netting_sets_table(margins: SimmMargins) -> Table:
    """Return one row a portfolio; measure lines are roots of their own and do not add up."""
    rows = tuple(NettingSetRow(
        m.portfolio, ", ".join(m.regulations), m.total, m.simm, m.delta, m.vega, m.curvature,
        m.base_corr, m.add_on) for m in margins.portfolios)
    columns = (words("Portfolio", "portfolio"), words("Regulation", "regulations"),
               money("Margin", "total"), money("Before add-ons", "simm"), money("Delta", "delta"),
               money("Vega", "vega"), money("Curvature", "curvature"),
               money("Base correlation", "base_corr"), money("Add-ons", "add_on"))
    return Table("Netting sets", columns, rows,
                 f"SIMM {margins.setup.calibration.version}, {margins.setup.mpor}, "
                 f"{margins.side} side, in USD.")


def factors_table(margin: PortfolioMargin) -> Table:
    """Return every netted factor with its contribution, the largest first."""
    found = allocate(margin.calculated())
    rows: list[FactorRow] = []
    netted = found.full.netted
    for part, base, uplift in zip(found.full.parts, found.euler, found.uplift, strict=True):
        weighted = weighted_rows(part, netted)
        rows += [_factor(netted, part, int(row), float(value), float(base[row]),
                         float(uplift[row]))
                 for row, value in zip(part.block.rows, weighted, strict=True)]
    rows.sort(key=lambda r: (-abs(r.contribution + r.uplift), r.factor, r.measure, r.tenor))
    columns = (words("Product class", "product_class"), words("Risk class", "risk_class"),
               words("Measure", "measure"), words("Factor", "factor"), words("Bucket", "bucket"),
               words("Tenor", "tenor"), money("Net sensitivity", "net"),
               money("Weighted", "weighted"), money("Contribution", "contribution"),
               money("Concentration uplift", "uplift"))
    return Table("Sensitivities", columns, tuple(rows),
                 "Contributions and uplifts add up to the margin before add-ons.")


def heat_map(margin: PortfolioMargin, risk_class: int, measure: int) -> HeatMap:
    """Return the weighted sensitivities of one measure of a class by bucket and vertex."""
    done = margin.calculated()
    cells: dict[tuple[str, str], float] = {}
    for part in done.parts:
        if (part.block.risk_class, part.block.measure) != (risk_class, measure):
            continue
        for row, value in zip(part.block.rows, weighted_rows(part, done.netted), strict=True):
            place = _bucket(done.netted, int(row)), _tenor(done.netted, int(row))
            cells[place] = cells.get(place, 0.0) + float(value)
    names = BUCKETS.get(risk_class, ())
    order = {name: number for number, name in enumerate(names)}
    rows = sorted({row for row, _ in cells}, key=lambda r: (order.get(r, -1), r))
    columns = [c for c in (ALL, *TENORS) if any(column == c for _, column in cells)]
    return HeatMap(tuple(rows), tuple(columns), tuple(
        tuple(cells.get((row, column), 0.0) for column in columns) for row in rows))


def comparison_table(bridges: Sequence[tuple[str, CalibrationBridge]]) -> Table:
    """Return portfolios' ways from one calibration to another; steps add up to the difference."""
    rows = tuple(
        ComparisonRow(portfolio, label, amount) for portfolio, bridge in bridges
        for label, amount in ((f"Margin under {bridge.start_version}", bridge.start),
                              *bridge.steps,
                              (f"Margin under {bridge.end_version}", bridge.end)))
    columns = (words("Portfolio", "portfolio"), words("Step", "label"), money("Amount", "amount"))
    return Table("From one calibration to the next", columns, rows,
                 "Margin before add-ons; each step exchanges one kind of table.")


def weighted_rows(part: Evaluated, netted: Netted) -> Floats:
    """Return each row's sensitivity times risk weight and concentration factor."""
    block = part.block
    factor = (block.weight * part.level)[block.factor]
    return np.asarray(block.scale * netted.amount[block.rows] * factor)


def _factor(netted: Netted, part: Evaluated, row: int, weighted: float, contribution: float,
            uplift: float) -> FactorRow:
    name, sub = netted.names[int(netted.name[row])], netted.subs[int(netted.sub[row])]
    tenor = _tenor(netted, row)
    return FactorRow(
        PRODUCT_CLASSES[int(netted.cell[row]) % len(PRODUCT_CLASSES)],
        RISK_CLASSES[part.block.risk_class], measure_name(part), f"{name} {sub}".strip(),
        _bucket(netted, row), "" if tenor == ALL else tenor, float(netted.amount[row]), weighted,
        contribution, uplift)


def measure_name(part: Evaluated) -> str:
    """Return the measure of a part in words."""
    return ("Delta", "Vega", "Curvature", "Base correlation")[part.block.measure]


def _bucket(netted: Netted, row: int) -> str:
    names = BUCKETS.get(RISK_TYPES[int(netted.kind[row])].risk_class, ())
    number = int(netted.bucket[row])
    return names[number] if 0 <= number < len(names) else netted.names[int(netted.name[row])]


def _tenor(netted: Netted, row: int) -> str:
    number = int(netted.label[row])
    return TENORS[number] if number >= 0 else ALL
