"""The methods of a design: the scan, two kinds of expected shortfall, and the greater of two.

Outcomes and revaluations hang on few knobs, so they are kept with the scan and made once for all
designs that share them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

from workstation.base.explain import Explained, greater_of
from workstation.base.problem import Problem
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots
from workstation.harmonised.explanation import Explainer
from workstation.harmonised.knobs import KNOBS
from workstation.harmonised.rates import Rates
from workstation.harmonised.revaluation import Revalued, revalue, tail_slots
from workstation.harmonised.scan import Scan
from workstation.harmonised.simulation import held_levels, simulate
from workstation.harmonised.tail_explanation import TailExplainer
from workstation.harmonised.tree import UnitTree, scan_requirement, trees
from workstation.harmonised.underlyings import RiskMap
from workstation.pricing.volatility import Volatilities

SCAN = "scan"
TWO_MODEL = "two_model"
HANGS_ON = ("tails.", "copula.", "mpor.", "tests.stress_windows")


@dataclass(frozen=True, slots=True)
class Measured:
    """Risk of the book under one method, with the slots and trees it was measured on."""

    risk: Explained
    slots: Slots
    trees: tuple[UnitTree, ...]
    revalued: Revalued | None = None
    """Positions in the outcomes the slots stand in; None where those are the scan's points."""


def measured(design: Design, scan: Scan, slots: Slots, rates: Rates, risk_map: RiskMap,
             volatility: Volatilities, as_of: date) -> Measured | Problem:
    """Return the risk under the design's method, or why the method has no data to stand on."""

    def by(method: str) -> Measured | Problem:
        # A book with nothing at risk needs no history to require nothing.
        if method == SCAN or not scan.included.any():
            grown = trees(scan, slots, rates)
            return Measured(Explainer(scan, slots, design).scan_risk(grown), slots, grown)
        revalued = _revalued(design, method, scan, risk_map, volatility, as_of)
        if isinstance(revalued, Problem):
            return revalued
        own = tail_slots(slots, scan, revalued, design)
        if design.rate("floor.long_run") > 0:
            own = replace(own, long_run=long_run(own))
        grown = trees(scan, own, rates)
        told = TailExplainer(scan, own, revalued.simulation, design).risk(method, grown)
        return Measured(told, own, grown, revalued)

    def long_run(own: Slots) -> float:
        plain = unfiltered(design)
        revalued = _revalued(plain, "historical", scan, risk_map, volatility, as_of)
        return 0.0 if isinstance(revalued, Problem) else scan_requirement(
            scan, tail_slots(own, scan, revalued, plain), rates)

    if design.choice("method") != TWO_MODEL:
        return by(design.choice("method"))
    first, second = by(design.choice("two_model.first")), by(design.choice("two_model.second"))
    if isinstance(first, Problem):
        return first
    return second if isinstance(second, Problem) else _greater(design, first, second)


def unfiltered(design: Design) -> Design:
    """Return the design over the whole history, each move as it was and counted alike."""
    longest = KNOBS["tails.lookback"].high
    return replace(design, knobs={**design.knobs, "tails.filter": False,
                                  "tails.stress_share": Decimal(0),
                                  "tails.lookback": int(longest or 0)})


def _greater(design: Design, first: Measured, second: Measured) -> Measured:
    """Return the working of the more conservative method, the other one shown beside it."""
    binding = first if first.risk.amount >= second.risk.amount else second
    risk = greater_of("Two-model rule: the greater", first.risk, second.risk,
                      cite=design.cite("two_model"))
    return Measured(risk, binding.slots, binding.trees, binding.revalued)


def _revalued(design: Design, method: str, scan: Scan, risk_map: RiskMap,
              volatility: Volatilities, as_of: date) -> Revalued | Problem:
    key = (method, *((n, v) for n, v in design.knobs.items() if n.startswith(HANGS_ON)))
    if key not in scan.simulated:
        made = simulate(design, method, scan, held_levels(
            scan, risk_map, as_of, proxied=design.flag("tails.proxies")))
        scan.simulated[key] = made if isinstance(made, Problem) else revalue(
            made, scan, volatility, design.rate("tails.volatility_response"))
    return cast("Revalued | Problem", scan.simulated[key])
