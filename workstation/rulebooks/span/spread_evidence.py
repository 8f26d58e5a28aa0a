"""The conditions of 17 CFR 39.13(g)(4)(i) on each credit between commodities.

A clearing organisation may reduce margin for positions whose price risks are significantly and
reliably correlated: on a conceptual basis and by a correlation exhibited. The rule names no
figures; those of the span_rules edition are the house's. What neither the contract table nor a
price history speaks to is "not shown by data": the credit stands by the file alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from workstation.market.history import History
from workstation.measures.stability import FactorReturns, Stability, comovements
from workstation.parameters.store import Edition
from workstation.rulebooks.span.spread_log import LegTaken

BASIS = "39.13(g)(4)(i) conceptual basis"
SIGNIFICANT = "39.13(g)(4)(i) significantly correlated"
RELIABLE = "39.13(g)(4)(i) reliably correlated, stable through time"
SHOWN, NOT_SHOWN = "shown", "not shown by data"
TAIL_SHARE = 0.05

Condition = tuple[str, str]
Families = Mapping[str, Sequence[str]]
Pairs = Sequence[tuple[LegTaken, LegTaken, Stability]]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the house calls enough: returns, rolling window, correlation and its lowest value."""

    least_returns: int
    window: int
    correlation: float
    lowest: float

    @classmethod
    def of(cls, edition: Edition) -> Thresholds:
        """Read the figures of a span_rules edition."""
        least, window, correlation, lowest = (edition[f"evidence_{name}"].value for name in (
            "least_returns", "window", "correlation", "lowest_correlation"))
        return cls(int(least), int(window), float(correlation), float(lowest))


@dataclass(frozen=True, slots=True)
class SpreadEvidence:
    """What is known of the products behind combined commodities.

    `factors` are the history columns that may carry a product's price, `groups` its product group.
    """

    thresholds: Thresholds
    history: History = field(default_factory=History)
    factors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def conditions(self, legs: Sequence[LegTaken], families: Families) -> tuple[Condition, ...]:
        """Return the three conditions of a credit; `families` are the products by commodity."""
        seen = [(one, other, found) for one, other in combinations(legs, 2)
                if (found := self._pair(one, other, families)) is not None]
        unknown = sorted({leg.commodity for leg in legs
                          if self._returns(families.get(leg.commodity, ())) is None})
        missing = f"{NOT_SHOWN}: no price history of {', '.join(unknown)}" if unknown else ""
        return ((BASIS, self._basis(legs, families)),
                (SIGNIFICANT, missing or self._significant(seen)),
                (RELIABLE, missing or self._reliable(seen)))

    def _basis(self, legs: Sequence[LegTaken], families: Families) -> str:
        found = {leg.commodity: {self.groups[code] for code in families.get(leg.commodity, ())
                                 if code in self.groups} for leg in legs}
        nameless = [commodity for commodity, groups in found.items() if not groups]
        if nameless:
            return f"{NOT_SHOWN}: the contract table has no group for {', '.join(nameless)}"
        common = set.intersection(*found.values())
        if common:
            return (f"{SHOWN}: all are {min(common)} contracts, prices moved by common external "
                    f"factors, (D)")
        told = "; ".join(f"{commodity} is {', '.join(sorted(groups))}"
                         for commodity, groups in found.items())
        return f"{NOT_SHOWN}: {told}"

    def _returns(self, families: Sequence[str]) -> FactorReturns | None:
        known = comovements(self.history)
        for code in families:
            for factor in (code, *self.factors.get(code, ())):
                found = known.returns(factor, 1)
                if found is not None:
                    return found
        return None

    def _pair(self, one: LegTaken, other: LegTaken, families: Families) -> Stability | None:
        """Measure two legs; legs of the same side offset where their prices run apart."""
        first, second = (self._returns(families.get(leg.commodity, ())) for leg in (one, other))
        if first is None or second is None:
            return None
        sign = 1 if (one.before > 0) != (other.before > 0) else -1
        return comovements(self.history).pair(
            first, second, window=self.thresholds.window, tail_share=TAIL_SHARE, sign=sign)

    def _significant(self, seen: Pairs) -> str:
        one, other, weakest = min(seen, key=lambda item: (
            -2.0 if item[2].whole is None else item[2].whole))
        pair = f"{one.commodity} and {other.commodity}"
        if weakest.whole is None or weakest.count < self.thresholds.least_returns:
            return (f"{NOT_SHOWN}: {weakest.count} daily returns in common of {pair}, "
                    f"{self.thresholds.least_returns} are asked for")
        figures = f"correlation {weakest.whole:.2f} of {pair} over {weakest.count:,} daily returns"
        if weakest.whole < self.thresholds.correlation:
            return f"{NOT_SHOWN}: {figures}, below {self.thresholds.correlation:.2f}"
        return f"{SHOWN}: {figures}, at least {self.thresholds.correlation:.2f}"

    def _reliable(self, seen: Pairs) -> str:
        one, other, weakest = min(seen, key=lambda item: (
            -2.0 if item[2].rolling_minimum is None else item[2].rolling_minimum))
        lowest, pair = weakest.rolling_minimum, f"{one.commodity} and {other.commodity}"
        if lowest is None or weakest.count < self.thresholds.least_returns:
            return f"{NOT_SHOWN}: too few daily returns in common of {pair} ({weakest.count})"
        tail = "" if weakest.tail is None else (
            f"; {weakest.tail:.0%} of the worst days were shared")
        figures = (f"lowest correlation of {pair} over any {self.thresholds.window} returns "
                   f"{lowest:.2f}")
        if lowest < self.thresholds.lowest:
            return f"{NOT_SHOWN}: {figures}, below {self.thresholds.lowest:.2f}{tail}"
        return f"{SHOWN}: {figures}, at least {self.thresholds.lowest:.2f}{tail}"
