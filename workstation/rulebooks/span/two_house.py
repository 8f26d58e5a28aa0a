"""The two-house cross-margin reduction, as FICC and CME describe theirs.

Each house margins the combined book with its own model; the more conservative reduction applies
to both. Cap and minimum are not published and have no default here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Citation, Explained, leaf, lesser_of, total
from workstation.measures.cross_margin import reduction

ZERO, ONE = Decimal(0), Decimal(1)
CITE = Citation("FICC-CME cross-margining", ", more conservative reduction", "2024-01", "computed")


@dataclass(frozen=True, slots=True)
class HouseMargin:
    """One clearing house's margin on its own positions alone and on the combined book's share."""

    house: str
    alone: Decimal
    combined: Decimal

    @property
    def reduction(self) -> Decimal:
        """Return 1 - combined / alone, never below zero."""
        return reduction(self.alone, self.combined)


@dataclass(frozen=True, slots=True)
class CrossMargined:
    """What both houses ask for after cross-margining, and what fixed the reduction."""

    reduction: Decimal
    binding: str
    share: Explained
    margins: Explained
    saved: Decimal


def cross_margined(first: HouseMargin, second: HouseMargin, cap: Decimal = ONE,
                   minimum: Decimal = ZERO) -> CrossMargined:
    """Apply the smaller reduction to both houses, up to a cap; below a minimum, none.

    reduction = min(1 - combined / alone of each house, cap); margin = alone x (1 - reduction)
    """
    share = lesser_of(
        "Reduction applied to both houses",
        *(leaf(f"{item.house}: 1 - combined / alone", item.reduction, CITE,
               alone=item.alone, combined=item.combined) for item in (first, second)),
        leaf("Cap of the programme", cap), cite=CITE)
    binding = share.binding.label if share.binding is not None else ""
    applied = share.amount
    if applied < minimum:
        applied, binding = ZERO, f"below the minimum of {minimum:%}"
    margins = total("Margin after cross-margining", *(
        leaf(item.house, item.alone * (ONE - applied), CITE, alone=item.alone,
             reduction=f"{applied:%}") for item in (first, second)), cite=CITE)
    return CrossMargined(applied, binding, share, margins,
                         first.alone + second.alone - margins.amount)
