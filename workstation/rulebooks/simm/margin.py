"""Margin every portfolio of a CRIF: each regulation by itself, the worst one reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.book.crif import Crif
from workstation.book.netting_runs import NettingRun, Side, netting_runs
from workstation.rulebooks.simm.add_ons import AddOns, add_ons
from workstation.rulebooks.simm.engine import Calculated, Setup, calculate
from workstation.rulebooks.simm.netting import net
from workstation.rulebooks.simm.vocabulary import (
    BASE_CORR,
    CURVATURE,
    DELTA,
    MEASURES,
    PRODUCT_CLASSES,
    RISK_CLASSES,
    VEGA,
)

Floats = NDArray[np.float64]
_SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PortfolioMargin:
    """The margin of one portfolio on one side, in USD.

    The measure lines are square roots of their own and do not add up to `simm`. `regulations` are
    those that give this, the highest, margin; `by_regulation` has every one.
    """

    portfolio: str
    side: Side
    regulations: tuple[str, ...]
    by_regulation: Mapping[str, float]
    simm: float
    lines: Floats
    products: Floats
    measures: Floats
    """Margin by product class, risk class and measure."""
    add_ons: AddOns
    run: NettingRun
    crif: Crif
    setup: Setup

    @property
    def total(self) -> float:
        """Return the whole margin, add-ons included."""
        return self.simm + self.add_on

    @property
    def add_on(self) -> float:
        """Return fixed, notional and multiplier amounts."""
        return self.add_ons.total(self.products)

    @property
    def delta(self) -> float:
        """Return the delta line."""
        return float(self.lines[DELTA])

    @property
    def vega(self) -> float:
        """Return the vega line."""
        return float(self.lines[VEGA])

    @property
    def curvature(self) -> float:
        """Return the curvature line."""
        return float(self.lines[CURVATURE])

    @property
    def base_corr(self) -> float:
        """Return the base correlation line."""
        return float(self.lines[BASE_CORR])

    @property
    def product_classes(self) -> dict[str, float]:
        """Return the margin of each product class that has any, before multipliers."""
        return {name: float(self.products[i]) for i, name in enumerate(PRODUCT_CLASSES)
                if self.products[i]}

    @property
    def risk_classes(self) -> dict[str, tuple[float, ...]]:
        """Return delta, vega, curvature and base correlation of each class that has any."""
        return {f"{product}/{risk}": tuple(float(v) for v in self.measures[p, r])
                for p, product in enumerate(PRODUCT_CLASSES)
                for r, risk in enumerate(RISK_CLASSES) if self.measures[p, r].any()}

    def calculated(self) -> Calculated:
        """Return the calculation of this portfolio by itself, for its explanation."""
        sign = 1.0 if self.side == "call" else -1.0
        return calculate(net(self.crif, [self.run.rows], sign), self.setup)


@dataclass(frozen=True, slots=True, eq=False)
class SimmMargins:
    """Every portfolio of a CRIF on one side, under one calibration."""

    setup: Setup
    side: Side
    portfolios: tuple[PortfolioMargin, ...]
    problems: tuple[Problem, ...] = ()


def margin_crif(crif: Crif, setup: Setup, side: Side = "call") -> SimmMargins:
    """Margin every portfolio; on the post side every sensitivity changes its sign."""
    runs = netting_runs(crif, side)
    sign = 1.0 if side == "call" else -1.0
    done = calculate(net(crif, [run.rows for run in runs], sign), setup)
    simm = done.products.reshape(len(runs), len(PRODUCT_CLASSES))
    lines = done.measure_lines()
    measures = done.measures.reshape(len(runs), len(PRODUCT_CLASSES), len(RISK_CLASSES),
                                     len(MEASURES))
    has_add_ons = ~crif.product_class.is_any(*PRODUCT_CLASSES)
    extra = [add_ons(crif, run.rows[has_add_ons[run.rows]]) for run in runs]
    totals = [float(simm[i].sum()) + extra[i].total(simm[i]) for i in range(len(runs))]
    portfolios = []
    for indices in _by_portfolio(runs).values():
        by_regulation = {runs[i].regulation: totals[i] for i in indices}
        highest = max(by_regulation.values())
        worst = next(i for i in indices if totals[i] == highest)
        winners = tuple(name for name, value in by_regulation.items()
                        if highest - value <= _SAME * abs(highest))
        portfolios.append(PortfolioMargin(
            runs[worst].portfolio, side, winners, by_regulation, float(simm[worst].sum()),
            lines[worst], simm[worst], measures[worst], extra[worst], runs[worst], crif, setup))
    return SimmMargins(setup, side, tuple(portfolios), tuple(_dropped(runs)))


def _by_portfolio(runs: tuple[NettingRun, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, run in enumerate(runs):
        found.setdefault(run.portfolio, []).append(index)
    return found


def _dropped(runs: tuple[NettingRun, ...]) -> list[Problem]:
    return [Problem(run.portfolio,
                    f"{run.dropped} rows name no regulation on the {run.side} side while others "
                    "do, and were left out", "name the regulations in every row")
            for run in {run.portfolio: run for run in runs}.values() if run.dropped]
