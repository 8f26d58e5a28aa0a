"""Own estimates of two houses' models on a combined book, and the reduction both then grant.

Each house margins its own positions, the other's, and both together with its own model:
reduction = 1 - together / (own + other's); the more conservative of the two reductions applies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.measures.historical import expected_shortfall, value_at_risk
from workstation.parameters.store import Edition
from workstation.rulebooks.span.two_house import CrossMargined, HouseMargin, cross_margined

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HouseModel:
    """A tail of past moves over some days: at a confidence, or its mean where `shortfall`."""

    house: str
    confidence: float
    days: int
    shortfall: bool

    def margin(self, profits: Floats) -> float:
        """Return the margin of profits by window, never below zero."""
        measure = expected_shortfall if self.shortfall else value_at_risk
        return max(0.0, measure(profits, self.confidence))


@dataclass(frozen=True, slots=True)
class Sides:
    """Profits by window of the first house's positions and of the second's."""

    first: Floats
    second: Floats


def house_models(edition: Edition) -> Mapping[str, HouseModel]:
    """Return the model of each house by name."""
    return {str(row["house"]): HouseModel(
        str(row["house"]), float(row["confidence"]), int(row["days"]), bool(row["shortfall"]))
        for row in edition["house_models"].rows}


def rate_futures(edition: Edition) -> dict[str, tuple[float, float]]:
    """Return years and USD per basis point of each rate future."""
    return {str(row["product"]): (float(row["years"]), float(row["usd"]))
            for row in edition["rate_future_dv01"].rows}


def two_house_margin(houses: tuple[HouseModel, HouseModel], sides: Callable[[int], Sides],
                     edition: Edition) -> CrossMargined:
    """Cross-margin two houses; `sides` returns the profits over a number of days."""
    found = [_house(model, sides(model.days), own) for own, model in enumerate(houses)]
    return cross_margined(found[0], found[1], edition["reduction_cap"].value,
                          edition["reduction_minimum"].value)


def _house(model: HouseModel, sides: Sides, own: int) -> HouseMargin:
    """Return a house's requirement, and the share of the combined margin that falls on it."""
    alone = [model.margin(profits) for profits in (sides.first, sides.second)]
    together, apart = model.margin(sides.first + sides.second), sum(alone)
    share = together / apart if apart else 1.0
    return HouseMargin(model.house, money(alone[own]), money(alone[own] * share))
