"""Was the margin enough often enough? Likelihood-ratio tests and the traffic light.

Probabilities of the chi-square distribution are closed forms for one and two degrees of freedom.
0 ln 0 counts as 0, and a ratio that rounding leaves below zero counts as 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Zone = Literal["green", "yellow", "red"]
GREEN_LIMIT = 0.95
YELLOW_LIMIT = 0.9999
CHI2_1_95, CHI2_1_99 = 3.841458820694124, 6.6348966010212145
CHI2_2_95, CHI2_2_99 = 5.991464547107979, 9.21034037197618


@dataclass(frozen=True, slots=True)
class TestResult:
    """A likelihood ratio, its p-value, and whether it rejects at 95 % and 99 %."""

    __test__ = False

    ratio: float
    p_value: float
    rejects_95: bool
    rejects_99: bool


@dataclass(frozen=True, slots=True)
class Transitions:
    """Days counted by whether that day and the day before were exceeded: calm is 0."""

    calm_calm: int
    calm_hit: int
    hit_calm: int
    hit_hit: int

    @classmethod
    def of(cls, hits: Sequence[bool]) -> Transitions:
        """Count the transitions between consecutive days."""
        days = np.asarray(hits, dtype=np.int64)
        kinds = np.bincount(2 * days[:-1] + days[1:], minlength=4).tolist()
        return cls(*kinds)


@dataclass(frozen=True, slots=True)
class Backtest:
    """All tests of one series of margins against losses."""

    days: int
    exceedances: int
    probability: float
    coverage: TestResult
    independence: TestResult
    conditional: TestResult
    zone: Zone


def backtest(margins: Sequence[float], losses: Sequence[float], probability: float) -> Backtest:
    """Test margins against the losses of the periods they were to cover.

    `probability` is the share of periods in which the loss may exceed the margin.
    """
    hits = np.asarray(losses, dtype=np.float64) > np.asarray(margins, dtype=np.float64)
    count, days = int(hits.sum()), len(hits)
    transitions = Transitions.of(hits.tolist())
    return Backtest(days, count, probability, kupiec(days, count, probability),
                    christoffersen(transitions),
                    conditional_coverage(days, count, probability, transitions),
                    traffic_light(days, count, probability))


def kupiec(days: int, exceedances: int, probability: float) -> TestResult:
    """Test the share of exceedances (proportion of failures), chi-square with one degree.

    LR = -2 [(T-x) ln(1-p) + x ln p - (T-x) ln(1-x/T) - x ln(x/T)]
    """
    return _one_degree(_coverage_ratio(days, exceedances, probability))


def christoffersen(transitions: Transitions) -> TestResult:
    """Test whether exceedances come in clusters, chi-square with one degree."""
    return _one_degree(_independence_ratio(transitions))


def conditional_coverage(days: int, exceedances: int, probability: float,
                         transitions: Transitions) -> TestResult:
    """Test coverage and independence together, chi-square with two degrees."""
    ratio = (_coverage_ratio(days, exceedances, probability)
             + _independence_ratio(transitions))
    return TestResult(ratio, math.exp(-ratio / 2), ratio > CHI2_2_95, ratio > CHI2_2_99)


def exceedance_probability(days: int, exceedances: int, probability: float) -> float:
    """Return the chance of at most this many exceedances (binomial distribution)."""
    chance = sum(math.exp(_log_choices(days, k) + _term(k, probability)
                          + _term(days - k, 1.0 - probability))
                 for k in range(exceedances + 1))
    return min(1.0, chance)


def traffic_light(days: int, exceedances: int, probability: float) -> Zone:
    """Return the zone: green up to 95 %, yellow up to 99.99 %, red above."""
    chance = exceedance_probability(days, exceedances, probability)
    if chance <= GREEN_LIMIT:
        return "green"
    return "yellow" if chance <= YELLOW_LIMIT else "red"


def _coverage_ratio(days: int, hits: int, probability: float) -> float:
    share = hits / days
    return max(0.0, -2.0 * (_term(days - hits, 1.0 - probability) + _term(hits, probability)
                            - _term(days - hits, 1.0 - share) - _term(hits, share)))


def _independence_ratio(n: Transitions) -> float:
    calm, hit = n.calm_calm + n.calm_hit, n.hit_calm + n.hit_hit
    if not calm or not hit:
        return 0.0
    share = (n.calm_hit + n.hit_hit) / (calm + hit)
    after_calm, after_hit = n.calm_hit / calm, n.hit_hit / hit
    return max(0.0, -2.0 * (
        _term(n.calm_calm + n.hit_calm, 1.0 - share) + _term(n.calm_hit + n.hit_hit, share)
        - _term(n.calm_calm, 1.0 - after_calm) - _term(n.calm_hit, after_calm)
        - _term(n.hit_calm, 1.0 - after_hit) - _term(n.hit_hit, after_hit)))


def _one_degree(ratio: float) -> TestResult:
    p_value = math.erfc(math.sqrt(ratio / 2.0))
    return TestResult(ratio, p_value, ratio > CHI2_1_95, ratio > CHI2_1_99)


def _term(count: int, probability: float) -> float:
    """Return count * ln(probability), nil for a count of nil."""
    if count == 0:
        return 0.0
    return count * math.log(probability) if probability > 0 else -math.inf


def _log_choices(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
