"""One book replayed through history, positions and marks held, to see if margin was enough.

On every day the requirement is computed from what was known then; the loss is the book's own over
the days it takes to close it, from that day on, revalued at today's marks with that day's moves.
A design of fixed scan ranges asks for the same every day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from workstation.base.problem import Problem
from workstation.base.progress import Progress
from workstation.book.resolve import Bools, Floats
from workstation.harmonised.design import Design
from workstation.harmonised.engine import Assessment
from workstation.harmonised.factor_moves import NOTHING_LEFT, horizons_of, moves_over
from workstation.harmonised.methods import TWO_MODEL, unfiltered
from workstation.harmonised.revaluation import Revalued, in_outcomes, revalue, tail_slots
from workstation.harmonised.simulation import Simulation, held_levels, simulate
from workstation.harmonised.tree import scan_requirement
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.procyclicality import ReleaseRule, buffer_used, floored
from workstation.measures.scan import by_group
from workstation.measures.tails import WORST
from workstation.pricing.volatility import Volatilities

TAILS = ("historical", "simulated")
FIRST = 280
"""Joint moves that pass before the first day replayed, so that every design has its history."""
TELL_EVERY = 25


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Realised losses of a book over its closing times, from each date on.

    `places` are the dates' places in the history; `left_out` are roots without history enough.
    """

    dates: tuple[date, ...]
    places: tuple[int, ...]
    losses: Floats
    days_to_close: int
    left_out: tuple[str, ...]


class Replay:
    """Replays designs of one book over the last `days` dates of its history."""

    def __init__(self, base: Assessment, volatility: Volatilities, risk_map: RiskMap, days: int
                 ) -> None:
        self._scan, self._volatility, self._days = base.scan, volatility, days
        self._levels = held_levels(base.scan, risk_map, base.book.as_of,
                                   proxied=base.design.flag("tails.proxies"))
        self._spans: dict[object, Revalued] = {}

    def losses(self, design: Design) -> Losses | Problem:
        """Return the book's own losses over the design's closing times."""
        scan, levels = self._scan, self._levels
        horizons = horizons_of(scan, levels.roots, design)
        moves = moves_over(levels, horizons)
        enough = np.isfinite(moves).sum(axis=1) > FIRST
        joint = np.flatnonzero(np.isfinite(moves[enough]).all(axis=0) & bool(enough.any()))
        if len(joint) <= FIRST:
            return Problem("History", f"{len(joint)} joint moves of the book's factors are too few "
                           "to replay it", "add levels by date to the History sheet")
        places = joint[FIRST:][-self._days:]
        whole = np.zeros((len(scan.roots), len(places)))
        whole[levels.roots[enough]] = moves[enough][:, places]
        known = np.isin(np.arange(len(scan.roots)), levels.roots[enough])
        held = np.unique(scan.root[scan.included])
        return Losses(tuple(levels.dates[i] for i in places), tuple(places.tolist()),
                      -self._profits(design, whole, known), int(horizons[enough].max()),
                      tuple(scan.roots[r] for r in held if not known[r]))

    def requirements(self, assessment: Assessment, losses: Losses, progress: Progress) -> Floats:
        """Return what the design asks for on each date; NaN where it has no data."""
        design, days = assessment.design, len(losses.dates)
        methods = _methods(design)
        if assessment.refused:
            return np.full(days, np.nan)
        if not set(methods) & set(TAILS):
            return np.full(days, float(assessment.margin.requirement.amount))
        series = [self._by_method(assessment, method, losses, progress) for method in methods]
        charges = 0.0 if assessment.add_ons is None else float(assessment.add_ons.amount)
        return self._bounded(assessment, np.max(series, axis=0) + charges, losses, progress)

    def _by_method(self, assessment: Assessment, method: str, losses: Losses, progress: Progress
                   ) -> Floats:
        """Return the risk under one method by date, before add-ons."""
        if method in TAILS:
            return self._over_time(assessment, assessment.design, method, losses, progress)
        scan, slots = assessment.scan, assessment.slots
        profile = np.array([scan.pnl[list(rows)].sum(axis=0) for rows in slots.rows])
        fixed = scan_requirement(scan, replace(slots, profile=profile, tail=WORST, alone=0.0),
                                 assessment.rates)
        return np.full(len(losses.dates), fixed)

    def _over_time(self, assessment: Assessment, design: Design, method: str, losses: Losses,
                   progress: Progress) -> Floats:
        scan, span = assessment.scan, self._span(design)
        self._levels.volatility(design.rate("tails.decay"))
        out = np.full(len(losses.dates), np.nan)
        for i, place in enumerate(losses.places):
            made = simulate(design, method, scan, self._levels.until(place + 1))
            if not isinstance(made, Problem):
                slots = tail_slots(assessment.slots, scan, replace(span, simulation=made), design)
                out[i] = scan_requirement(scan, slots, assessment.rates)
            if i % TELL_EVERY == 0:
                progress(i / len(losses.places), f"Replaying {design.title}")
        return out

    def _bounded(self, assessment: Assessment, series: Floats, losses: Losses,
                 progress: Progress) -> Floats:
        """Apply the buffer with its release and rebuilding, then the floor at the long run."""
        design, out = assessment.design, series.copy()
        told = np.isfinite(series)
        if not told.any():
            return out
        buffer = design.rate("buffer.rate")
        if buffer > 0:
            rule = ReleaseRule(design.rate("buffer.trigger"), design.count("buffer.window"),
                               design.count("buffer.rebuild_days"))
            out[told] = buffer_used(series[told], rule, buffer)
        share = design.rate("floor.long_run")
        if share > 0:
            long_run = self._over_time(assessment, unfiltered(design), "historical", losses,
                                       progress)
            out[told] = floored(out[told], share * np.nan_to_num(long_run[told]))
        return out

    def _profits(self, design: Design, moves: Floats, known: Bools) -> Floats:
        response = design.rate("tails.volatility_response")
        revalued = revalue(Simulation(moves, known, WORST, (), ()), self._scan, self._volatility,
                           response)
        by_root = by_group(revalued.pnl, self._scan.root, len(self._scan.roots))
        return np.asarray(in_outcomes(revalued, np.arange(len(by_root)), by_root).sum(axis=0))

    def _span(self, design: Design) -> Revalued:
        """Revalue the book once over every move the design can make of its history."""
        scan, levels = self._scan, self._levels
        cap = design.rate("tails.filter_cap") if design.flag("tails.filter") else 1.0
        horizons = horizons_of(scan, levels.roots, design)
        response = design.rate("tails.volatility_response")
        key = (cap, tuple(horizons.tolist()), response)
        if key not in self._spans:
            moves = moves_over(levels, horizons)
            moves = np.where(np.isfinite(moves), moves, 0.0)
            ends = np.zeros((len(scan.roots), 2))
            ends[levels.roots, 0] = np.maximum(cap * moves.min(axis=1, initial=0), NOTHING_LEFT)
            ends[levels.roots, 1] = cap * moves.max(axis=1, initial=0)
            known = np.isin(np.arange(len(scan.roots)), levels.roots)
            self._spans[key] = revalue(Simulation(ends, known, WORST, (), ()), scan,
                                       self._volatility, response)
        return self._spans[key]


def _methods(design: Design) -> tuple[str, ...]:
    method = design.choice("method")
    if method != TWO_MODEL:
        return (method,)
    return tuple(sorted({design.choice("two_model.first"), design.choice("two_model.second")}))
