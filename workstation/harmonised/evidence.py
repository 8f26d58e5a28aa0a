"""The tests of a pair: data, economic, stable under stress, tail, shape, horizon; and its rate.

The first test that fails is the reason shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workstation.harmonised.design import Design
from workstation.harmonised.factor_moves import closing_days
from workstation.harmonised.knobs import read_pair, read_step
from workstation.harmonised.levels import LEVEL_KNOBS, Level
from workstation.harmonised.scan import Scan
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.stability import (
    FactorReturns,
    Stability,
    StressWindow,
    comovements,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the tests say of one pair: the rate it earns, the figures, and the first failure."""

    rate: float
    reason: str
    failed: str = ""
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Criteria:
    """The thresholds of a design's evidence tests."""

    rho_min: float
    rho_stress_min: float
    tail_min: float
    tail_share: float
    minimum_history: int
    rolling_window: int
    horizon: int
    stress: tuple[StressWindow, ...]
    rate: str
    cap: float
    table: tuple[tuple[float, float], ...]
    shape_tolerance: float
    horizon_tolerance: int
    ceilings: dict[Level, float]
    by_hand: dict[frozenset[str], float]

    @classmethod
    def of(cls, design: Design) -> Criteria:
        """Read the thresholds off a design's knobs."""
        return cls(
            design.rate("tests.rho_min"), design.rate("tests.rho_stress_min"),
            design.rate("tests.tail_min"), design.rate("tests.tail_share"),
            design.count("tests.minimum_history"), design.count("tests.rolling_window"),
            design.count("tests.horizon"),
            tuple(StressWindow.read(text) for text in design.texts("tests.stress_windows")),
            design.choice("offsets.rate"), design.rate("offsets.cap"),
            tuple(sorted(read_step(text) for text in design.texts("offsets.table"))),
            design.rate("tests.shape_tolerance"), design.count("tests.horizon_tolerance"),
            {level: design.rate(knob) for level, knob in LEVEL_KNOBS.items()},
            {frozenset((one, other)): rho for one, other, rho in map(
                read_pair, design.texts("tests.pairs"))})

    def decide(self, level: Level, seen: Stability) -> Decision:
        """Run the tests in their order and set the rate."""
        figures = _figures(seen)
        for test, reason in (("data", self._data(seen)), ("economic", self._economic(seen)),
                             ("stable", self._stable(seen)), ("tail", self._tail(seen))):
            if reason:
                return Decision(0.0, reason, test, figures)
        rate = min(self.ceilings[level], self.cap, self._earned(seen))
        if rate <= 0:
            return Decision(0.0, "the design grants no offset at this level", "level", figures)
        earned = "" if seen.worst is None else f"; lowest correlation {seen.worst:.2f}"
        return Decision(rate, f"all tests passed{earned}: {rate:.0%} of a gain counts", "",
                        figures)

    def reduced(self, decision: Decision, convexity: tuple[float, float],
                days: tuple[int, int]) -> Decision:
        """Scale a granted rate for legs of unlike shape or closing time; the last two tests.

        shape: rate x (1 - (difference of convex shares - tolerance)); horizon: rate x shorter /
        longer closing time where they differ by more days than the tolerance
        """
        apart = abs(convexity[0] - convexity[1]) - self.shape_tolerance
        shape = 1.0 - apart if apart > 0 else 1.0
        horizon = min(days) / max(days) if max(days) - min(days) > self.horizon_tolerance else 1.0
        figures = (*decision.figures,
                   ("convex shares", f"{convexity[0]:.0%} and {convexity[1]:.0%}"),
                   ("closing times", f"{days[0]} and {days[1]} days"))
        rate = decision.rate * shape * horizon
        if rate == decision.rate:
            return replace(decision, figures=figures)
        cut = "; ".join(why for why, factor in (
            (f"only {shape:.0%} for unlike shape", shape),
            (f"only {horizon:.0%} for the horizon both share", horizon)) if factor < 1)
        test = "" if rate > 0 else "shape"
        return replace(decision, rate=rate, failed=test, figures=figures,
                       reason=f"{decision.reason}; {cut}: {rate:.0%} counts")

    def _earned(self, seen: Stability) -> float:
        if self.rate == "fixed" or seen.worst is None:
            return 1.0
        if self.rate == "table":
            earned = [share for least, share in self.table if seen.worst >= least]
            return earned[-1] if earned else 0.0
        return (seen.worst - self.rho_stress_min) / (1.0 - self.rho_stress_min)

    def _data(self, seen: Stability) -> str:
        if seen.count < self.minimum_history:
            return (f"{seen.count} returns in common, fewer than the "
                    f"{self.minimum_history} the design asks for")
        return "" if seen.whole is not None else "one of the factors did not move"

    def _economic(self, seen: Stability) -> str:
        if seen.whole is not None and seen.whole < self.rho_min:
            return (f"correlation {seen.whole:.2f} over the whole window is below "
                    f"{self.rho_min:.2f}")
        return ""

    def _stable(self, seen: Stability) -> str:
        lowest = seen.rolling_minimum
        if lowest is not None and lowest < self.rho_stress_min:
            return (f"lowest correlation over {seen.rolling_window} returns is {lowest:.2f}, "
                    f"below {self.rho_stress_min:.2f}")
        for window, rho in seen.stress:
            if rho is not None and rho < self.rho_stress_min:
                return (f"correlation {rho:.2f} in the stress of {window} is below "
                        f"{self.rho_stress_min:.2f}")
        return ""

    def _tail(self, seen: Stability) -> str:
        if seen.tail is not None and seen.tail < self.tail_min:
            return (f"only {seen.tail:.0%} of the worst days were shared, fewer than "
                    f"{self.tail_min:.0%}")
        return ""


def held_to(seen: Stability, rho: float) -> Stability:
    """Return the evidence with one correlation in every window; the tail is not asked then."""
    return replace(seen, whole=None if seen.whole is None else rho, tail=None,
                   rolling_minimum=None if seen.rolling_minimum is None else rho,
                   stress=tuple((w, None if r is None else rho) for w, r in seen.stress))


class Evidence:
    """Finds each tree node's factor and decides pairs of nodes, each once."""

    def __init__(self, scan: Scan, design: Design, risk_map: RiskMap) -> None:
        self._scan = scan
        self._criteria = Criteria.of(design)
        self._design = design
        self._seen = comovements(scan.holdings.market.history)
        self._factors = [self._factor(root, risk_map) for root in scan.roots]
        self._decided: dict[tuple[Level, int, int], Decision] = {}
        self._speaks = self._representatives()

    def known(self, level: Level, index: int) -> bool:
        """Say whether a node has any history at all."""
        return self._speaks[level].get(index) is not None

    def factors(self, level: Level, one: int, other: int
                ) -> tuple[FactorReturns, FactorReturns] | None:
        """Return the factors that speak for two siblings, None where one has no history."""
        found = [None if root is None else self._factors[root]
                 for root in (self._speaks[level].get(one), self._speaks[level].get(other))]
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def decision(self, level: Level, one: int, other: int) -> Decision:
        """Decide a pair of siblings; `level` is the level at which they meet."""
        key = (level, min(one, other), max(one, other))
        if key not in self._decided:
            self._decided[key] = self._decide(*key)
        return self._decided[key]

    def _decide(self, level: Level, one: int, other: int) -> Decision:
        roots = [self._speaks[level].get(index) for index in (one, other)]
        factors = [None if root is None else self._factors[root] for root in roots]
        if factors[0] is None or factors[1] is None or roots[0] is None or roots[1] is None:
            return Decision(0.0, "no price history of both legs", "data")
        c, signs = self._criteria, self._scan.signs
        seen = self._seen.pair(
            factors[0], factors[1], window=c.rolling_window, tail_share=c.tail_share,
            stress=c.stress, sign=signs[roots[0]] * signs[roots[1]])
        first, second = roots[0], roots[1]
        taken = c.by_hand.get(frozenset((self._scan.roots[first], self._scan.roots[second])))
        if taken is not None:
            seen = held_to(seen, signs[first] * signs[second] * taken)
        decision = c.reduced(
            c.decide(level, seen),
            (float(self._scan.convexity[first]), float(self._scan.convexity[second])),
            (closing_days(self._scan, first, self._design),
             closing_days(self._scan, second, self._design)))
        measured = ("factors", f"{factors[0].factor} and {factors[1].factor}")
        by_hand = () if taken is None else (("correlation taken by hand", f"{taken:g}"),)
        return Decision(decision.rate, decision.reason, decision.failed,
                        (measured, *by_hand, *decision.figures))

    def _factor(self, root: str, risk_map: RiskMap) -> FactorReturns | None:
        market = self._scan.holdings.market
        for column, is_yield in risk_map.columns(root, market):
            found = self._seen.returns(column, self._criteria.horizon, is_yield=is_yield)
            if found is not None:
                return found
        return None

    def _representatives(self) -> dict[Level, dict[int, int]]:
        """Let the largest root with a history speak for its group and its class."""
        scan = self._scan
        size = np.abs(scan.root_net).max(axis=1, initial=0.0)
        known = [r for r in range(len(scan.roots)) if self._factors[r] is not None]
        ascending = sorted(known, key=lambda r: (size[r], -r))
        return {
            Level.PRODUCT_GROUP: {r: r for r in known},
            Level.ASSET_CLASS: {int(scan.group[r]): r for r in ascending},
            Level.BOOK: {int(scan.asset_class[scan.group[r]]): r for r in ascending},
        }


def _figures(seen: Stability) -> tuple[tuple[str, str], ...]:
    stress = tuple((f"correlation {window}", _rho(rho)) for window, rho in seen.stress)
    return (("returns in common", str(seen.count)), ("correlation, whole window", _rho(seen.whole)),
            (f"lowest over {seen.rolling_window}", _rho(seen.rolling_minimum)), *stress,
            ("worst days shared", "not known" if seen.tail is None else f"{seen.tail:.0%}"))


def _rho(value: float | None) -> str:
    return "not covered" if value is None else f"{value:.2f}"
