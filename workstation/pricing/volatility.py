"""Implied volatilities of a book's options, solved from their own prices."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.base.problem import Problem
from workstation.book.resolve import Floats, ResolvedBook


@dataclass(frozen=True, slots=True)
class Volatilities:
    """One volatility a position (0 for what is not an option) and why one is missing or assumed.

    `problems[i]` is None where the volatility was solved from the price; a problem of severity
    `warning` where the market row's volatility was used instead (the price is missing, below
    intrinsic value or without solution); of severity `error` where there is none at all.
    """

    volatility: Floats
    problems: tuple[Problem | None, ...]


def implied_volatilities(holdings: ResolvedBook) -> Volatilities:
    """Solve each option's volatility from its price; fall back on the Market sheet, never NaN."""
    raise NotImplementedError(holdings)
