"""The scan requirement with one thing changed: what every dollar of the ledger is measured by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from workstation.harmonised.amounts import crossed
from workstation.harmonised.design import Design
from workstation.harmonised.engine import Assessment
from workstation.harmonised.levels import LEVEL_KNOBS, Level
from workstation.harmonised.rates import Pair, Rates
from workstation.harmonised.scan import Index
from workstation.harmonised.tree import Grown, scan_requirement

FULL, NONE = 1.0, 0.0
ROUNDING = Decimal("1e-6")  # sums of floats in another order differ by less; no money does


def nothing_granted() -> Rates:
    """Return the rates of equal netting: same underlying in one account nets, nothing else."""
    return Rates(dict.fromkeys(Level, NONE) | {Level.SAME_UNDERLYING: FULL})


def untested(design: Design, *levels: Level) -> Rates:
    """Return a design's ceilings at the levels named, without tests, and nothing elsewhere."""
    ceilings = Rates.of(design, None).ceilings
    return Rates({level: ceilings[level] if level in levels else NONE for level in LEVEL_KNOBS})


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """Asks the scan of one assessment "what if"; requirements are before add-ons."""

    assessment: Assessment
    grown: Grown = field(default_factory=Grown, compare=False, repr=False)
    """What the design's own rates have grown so far: a question changes few branches."""

    @property
    def granted(self) -> Decimal:
        """Requirement under the design as it stands, before add-ons."""
        if self.assessment.scan_risk is not None:
            return self.assessment.scan_risk.amount
        return self.requirement()

    @property
    def ungranted(self) -> Decimal:
        """Requirement with every offset of the design off: one underlying in one account nets."""
        return self.requirement(nothing_granted(), self.assessment.slots.account)

    @property
    def one_unit(self) -> Index:
        """Every slot in one unit, whatever the law."""
        return np.zeros_like(self.assessment.slots.unit)

    def requirement(self, rates: Rates | None = None, unit: Index | None = None) -> Decimal:
        """Return the requirement under other rates or other units.

        Within ROUNDING of the design's own it is the design's own: nothing is saved by a sum.
        """
        a = self.assessment
        own = rates is None or (rates.ceilings is a.rates.ceilings
                                and rates.evidence is a.rates.evidence)
        found = crossed(scan_requirement(a.scan, a.slots, rates or a.rates, unit,
                                         self.grown if own else None))
        risk = a.scan_risk
        return risk.amount if risk is not None and abs(found - risk.amount) < ROUNDING else found

    def switching(self, pairs: Mapping[Pair, float]) -> Decimal:
        """Return the requirement with some pairs at another rate."""
        return self.requirement(self.assessment.rates.switching(pairs))

    def moving(self, slots: Index, unit: int) -> Decimal:
        """Return the requirement with some slots in another unit."""
        moved = self.assessment.slots.unit.copy()
        moved[slots] = unit
        return self.requirement(unit=moved)
