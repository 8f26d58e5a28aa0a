"""Additional margin: fixed amounts, factors on notionals, and product-class multipliers.

additional = sum of fixed + sum over products of factor % * sum of |notional|
           + sum over product classes of (multiplier - 1) * SIMM of the class
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.crif import Crif, Ints
from workstation.rulebooks.simm.vocabulary import (
    ADD_ON_TYPES,
    FIXED_ADD_ON,
    MULTIPLIER,
    NOTIONAL,
    NOTIONAL_FACTOR,
    PRODUCT_CLASSES,
)

Floats = NDArray[np.float64]
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class AddOns:
    """The add-ons of one run: what each is called, and its amount in USD."""

    fixed: tuple[tuple[str, float], ...] = ()
    notionals: tuple[tuple[str, float, float, float], ...] = ()
    """Product, factor in percent, gross notional, amount."""
    multipliers: tuple[tuple[str, float], ...] = ()

    @property
    def stated(self) -> float:
        """Return the fixed and notional amounts."""
        return sum(a for _, a in self.fixed) + sum(a for *_, a in self.notionals)

    def multiplied(self, products: Floats) -> dict[str, float]:
        """Return what each multiplier adds to the margin of its product class."""
        return {name: (factor - 1.0) * float(products[PRODUCT_CLASSES.index(name)])
                for name, factor in self.multipliers}

    def total(self, products: Floats) -> float:
        """Return the whole additional margin over the margins of the product classes."""
        return self.stated + sum(self.multiplied(products).values())


def add_ons(crif: Crif, rows: Ints) -> AddOns:
    """Read the add-ons of the rows of one run."""
    chosen = rows[crif.risk_type.is_any(*ADD_ON_TYPES)[rows]]
    if not len(chosen):
        return AddOns()
    by_type: dict[str, list[int]] = {name: [] for name in ADD_ON_TYPES}
    for row in chosen.tolist():
        by_type[crif.risk_type[row]].append(row)
    fixed = tuple((crif.trade[row] or crif.qualifier[row], float(crif.usd[row]))
                  for row in by_type[FIXED_ADD_ON])
    multipliers = _first_of_each(crif, by_type[MULTIPLIER])
    factors = _first_of_each(crif, by_type[NOTIONAL_FACTOR])
    gross: dict[str, float] = {}
    for row in by_type[NOTIONAL]:
        product = crif.qualifier[row]
        gross[product] = gross.get(product, 0.0) + abs(float(crif.usd[row]))
    notionals = tuple((product, factor, gross[product], factor / PERCENT * gross[product])
                      for product, factor in factors.items() if product in gross)
    return AddOns(fixed, notionals, tuple(multipliers.items()))


def _first_of_each(crif: Crif, rows: list[int]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for row in sorted(rows, key=lambda r: (crif.trade[r], crif.usd[r])):
        found.setdefault(crif.qualifier[row], float(crif.usd[row]))
    return found
