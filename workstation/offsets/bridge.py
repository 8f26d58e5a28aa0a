"""The waterfall from stand-alone requirements through today's silos to one design."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

EXACT_DIGITS = 100
"""Digits in which steps are differenced and checked: more than any two amounts span."""


@dataclass(frozen=True, slots=True)
class BridgeStep:
    """One step of a waterfall; negative saves margin."""

    label: str
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Stand-alone sum, today's silos, and the steps to a design; adds up exactly.

    Raises `ValueError` when stand_alone + within_silos != silos, or silos + steps != end.
    """

    design: str
    stand_alone: Decimal
    within_silos: Decimal
    silos: Decimal
    steps: tuple[BridgeStep, ...]
    end: Decimal

    def __post_init__(self) -> None:
        with localcontext(prec=EXACT_DIGITS):
            silos = self.stand_alone + self.within_silos
            end = self.silos + sum((s.amount for s in self.steps), Decimal(0))
        if silos != self.silos:
            raise ValueError(f"bridge to {self.design}: silos do not follow from stand-alone")
        if end != self.end:
            raise ValueError(f"bridge to {self.design}: steps do not add up to the design")
