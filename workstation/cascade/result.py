"""What a liquidation cascade did, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.problem import Problem


@dataclass(frozen=True, slots=True)
class CascadeStep:
    """One round: prices of every factor, and per participant equity, call and sale fraction."""

    step: int
    prices: tuple[float, ...]
    equity: tuple[float, ...]
    calls: tuple[float, ...]
    sale_fractions: tuple[float, ...]
    sold: tuple[float, ...]
    """Quantity of each factor sold so far by all participants together."""


@dataclass(frozen=True, slots=True)
class CascadeCall:
    """One participant's call and how it was met or not."""

    step: int
    participant: str
    equity: Decimal
    requirement: Decimal
    call: Decimal
    sale_fraction: Decimal
    met_by: str


@dataclass(frozen=True, slots=True)
class CascadeResult:
    """A solved cascade; losses are positive. `participants[0]` is the client.

    `amplification` is total over direct loss, None without a direct loss. `invariants` are the
    residuals of the conservation laws (name, residual). `triggers` is the causal chain in words.
    """

    mode: str
    scenario: str
    factors: tuple[str, ...]
    participants: tuple[str, ...]
    steps: tuple[CascadeStep, ...]
    direct_loss: Decimal
    total_loss: Decimal
    amplification: Decimal | None
    defaults: tuple[str, ...]
    calls: tuple[CascadeCall, ...]
    triggers: tuple[str, ...]
    invariants: tuple[tuple[str, float], ...]
    assumptions: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
