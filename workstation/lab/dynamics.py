"""Liquidation dynamics of a design: the same stress with the design's margin in force.

Twice: equity kept as it is, and with freed margin put to use, where the client keeps its ratio of
equity to requirement and withdraws the rest: what efficiency costs when it is taken up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.money import money
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.cascade.client import cascade
from workstation.cascade.result import CascadeResult
from workstation.cascade.reverse import tipping_multiple
from workstation.lab.result import Dynamics
from workstation.lab.scenarios import Shock, times
from workstation.parameters.ruleset import RuleSet

SEARCHED = 3.0
HALVINGS = 10
SELLS = 1e-9


@dataclass(frozen=True, slots=True)
class Ground:
    """The client the stresses run on: book, equity and today's requirement."""

    book: Book
    holdings: ResolvedBook
    equity: Decimal
    silos: Decimal
    rules: RuleSet


def dynamics(ground: Ground, requirement: Decimal, shock: Shock) -> tuple[Dynamics, ...]:
    """Run a stress with a requirement in force, equity kept and freed margin withdrawn."""
    cases = [(False, ground.equity)]
    if requirement < ground.silos and ground.equity > 0:
        cases.append((True, money(float(ground.equity * requirement / ground.silos))))
    return tuple(_case(ground, requirement, equity, shock, released=released)
                 for released, equity in cases)


def _case(ground: Ground, requirement: Decimal, equity: Decimal, shock: Shock, *,
          released: bool) -> Dynamics:
    def run(multiple: float) -> CascadeResult:
        return cascade(ground.book, ground.holdings, requirement, equity,
                       _moves(times(shock, multiple)), ground.rules, shock.name)

    found = run(1.0)
    tipping = tipping_multiple(lambda m: _sold(run(m)) > SELLS, 0.0, SEARCHED, HALVINGS)
    left = found.steps[-1].equity[0]
    return Dynamics(shock.name, released, equity, found.total_loss, found.amplification,
                    _sold(found), money(max(0.0, -left)), found.defaults, tipping, SEARCHED)


def _moves(shock: Shock) -> Mapping[str, float]:
    return shock.moves


def _sold(found: CascadeResult) -> float:
    return float(found.steps[-1].sale_fractions[0])
