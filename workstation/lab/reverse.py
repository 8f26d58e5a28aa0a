"""Reverse stress on margin computed again: how far a shock goes before equity falls short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.base.progress import Progress, silent
from workstation.book.book import Book
from workstation.cascade.reverse import tipping_multiple
from workstation.harmonised.design import Design
from workstation.lab.scenarios import Shock, times
from workstation.lab.stress import StressedMargin, margin_under_stress
from workstation.parameters.ruleset import RuleSet

SEARCHED = 3.0
HALVINGS = 12


@dataclass(frozen=True, slots=True)
class Breaking:
    """The multiple of a shock from which equity is below the requirement computed again.

    None where it is not up to `searched`; `regime` is silos or a design's name.
    """

    shock: str
    regime: str
    multiple: float | None
    searched: float


def stress_table(book: Book, shocks: Sequence[Shock], designs: tuple[Design, ...], rules: RuleSet,
                 progress: Progress = silent) -> tuple[StressedMargin, ...]:
    """Compute silos and designs again after each of many shocks."""
    rows = []
    for i, shock in enumerate(shocks):
        progress(i / len(shocks), shock.name)
        rows.append(margin_under_stress(book, shock, designs, rules))
    return tuple(rows)


def breaking_point(book: Book, shock: Shock, design: Design | None, rules: RuleSet,
                   searched: float = SEARCHED) -> Breaking:
    """Find the smallest multiple at which a call arises under today's silos or one design."""
    designs = () if design is None else (design,)

    def short(multiple: float) -> bool:
        after = margin_under_stress(book, times(shock, multiple), designs, rules)
        required = after.silos if design is None else after.designs[0][1]
        return after.equity < required

    return Breaking(shock.name, "silos" if design is None else design.name,
                    tipping_multiple(short, 0.0, searched, HALVINGS), searched)
