"""One book replayed through history, positions held, to see if margin was enough.

On every day the requirement is computed from what was known then, on the book as it was marked then
(`lab.marks`: rolled, or held as today); the loss is the book's own over the days it takes to close
it, from that day on. Requirements that no scenario decides (today's rulebooks, add-ons) follow the
book's gross exposure; limits on a scan (buffer, caps, floors) keep their share of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

import numpy as np

from workstation.base.problem import Problem
from workstation.base.progress import Progress
from workstation.book.resolve import Bools, Floats
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots
from workstation.harmonised.engine import Assessment
from workstation.harmonised.factor_moves import NOTHING_LEFT, horizons_of, moves_over
from workstation.harmonised.knobs import KNOBS
from workstation.harmonised.methods import TWO_MODEL, unfiltered
from workstation.harmonised.revaluation import (
    Revalued,
    in_outcomes,
    revalue,
    without_history,
)
from workstation.harmonised.scan import Index, priced
from workstation.harmonised.simulation import Simulation, held_levels, simulate
from workstation.harmonised.tree import scan_requirement
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.marks import held_marks, rolled_marks
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

    def __init__(self, base: Assessment, volatility: Volatilities, risk_map: RiskMap, days: int,
                 *, rolled: bool = False) -> None:
        scan = base.scan
        self._scan, self._volatility, self._days = scan, volatility, days
        self._levels = held_levels(scan, risk_map, base.book.as_of,
                                   proxied=base.design.flag("tails.proxies"))
        decay = float(cast("Decimal", KNOBS["tails.decay"].default))
        self._marks = rolled_marks(scan, self._levels, decay) if rolled else held_marks(
            len(scan.roots), len(self._levels.dates))
        self._spans: dict[object, tuple[Revalued, ...]] = {}
        self._scans: Floats | None = None

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
                      -self._profits(design, whole, known, places), int(horizons[enough].max()),
                      tuple(scan.roots[r] for r in held if not known[r]))

    def requirements(self, assessment: Assessment, losses: Losses, progress: Progress) -> Floats:
        """Return what the design asks for on each date; NaN where it has no data."""
        design, days = assessment.design, len(losses.dates)
        methods = _methods(design)
        if assessment.refused:
            return np.full(days, np.nan)
        exposure = self._marks.exposure[list(losses.places)]
        asked = float(assessment.margin.requirement.amount)
        if assessment.scan_risk is None or (self._marks.is_held and not set(methods) & set(TAILS)):
            return np.asarray(exposure * asked)
        series = [self._by_method(assessment, method, losses, progress) for method in methods]
        charges = 0.0 if assessment.add_ons is None else float(assessment.add_ons.amount)
        before = np.max(series, axis=0) + charges * exposure
        if set(methods) & set(TAILS):
            return self._bounded(assessment, before, losses, progress)
        now = float(assessment.scan_risk.amount) + charges
        return np.asarray(before * asked / now if now > 0 else exposure * asked)

    def _by_method(self, assessment: Assessment, method: str, losses: Losses, progress: Progress
                   ) -> Floats:
        """Return the risk under one method by date, before add-ons."""
        if method in TAILS:
            return self._over_time(assessment, assessment.design, method, losses, progress)
        return self._scanned(assessment, losses, progress)

    def _scanned(self, assessment: Assessment, losses: Losses, progress: Progress) -> Floats:
        """Return the scan by date, at that date's marks and volatilities."""
        scan, slots = assessment.scan, assessment.slots
        stack, root = _by_slot(self._scan_nodes(), slots), scan.leg_root[slots.leg]
        out = np.empty(len(losses.dates))
        for i, place in enumerate(losses.places):
            if i and self._marks.is_held:
                out[i] = out[i - 1]
                continue
            profile = self._marks.at(stack, root, place)
            out[i] = scan_requirement(
                scan, replace(slots, profile=profile, tail=WORST, alone=0.0),
                replace(assessment.rates, met={}))
            _tell(assessment.design, i, losses, progress)
        return out

    def _scan_nodes(self) -> Floats:
        """Return profit at every scan point, at every node of volatility: (nodes, n, points)."""
        if self._scans is None:
            scan = self._scan
            rows = np.flatnonzero(scan.included)
            self._scans = np.repeat(scan.pnl[None], len(self._marks.nodes), axis=0)
            for v, moved in enumerate(self._marks.scaled(self._volatility)):
                if self._marks.nodes[v] != 1.0:
                    self._scans[v][rows] = priced(
                        scan.holdings.take(rows), moved.volatility[rows], scan.moves[rows],
                        scan.leverage[rows])
        return self._scans

    def _over_time(self, assessment: Assessment, design: Design, method: str, losses: Losses,
                   progress: Progress) -> Floats:
        scan, spans, slots = assessment.scan, self._span(design), assessment.slots
        self._levels.volatility(design.rate("tails.decay"))
        stack = _by_slot(np.array([span.pnl for span in spans]), slots)
        root, out = scan.leg_root[slots.leg], np.full(len(losses.dates), np.nan)
        for i, place in enumerate(losses.places):
            made = simulate(design, method, scan, self._levels.until(place + 1))
            if not isinstance(made, Problem):
                span = replace(spans[0], simulation=made)
                profile = in_outcomes(span, root, self._marks.at(stack, root, place))
                unknown = without_history(scan, made)
                on_date = replace(slots, profile=profile, tail=made.tail,
                                  alone=float(scan.alone[unknown].sum()))
                out[i] = scan_requirement(scan, on_date, replace(assessment.rates, met={}))
            _tell(design, i, losses, progress)
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

    def _profits(self, design: Design, moves: Floats, known: Bools, places: Index) -> Floats:
        response, roots = design.rate("tails.volatility_response"), len(self._scan.roots)
        stack = []
        for moved in self._marks.scaled(self._volatility):
            revalued = revalue(Simulation(moves, known, WORST, (), ()), self._scan, moved, response)
            by_root = by_group(revalued.pnl, self._scan.root, roots)
            stack.append(in_outcomes(revalued, np.arange(roots), by_root))
        return np.asarray(self._marks.through(np.array(stack), places).sum(axis=0))

    def _span(self, design: Design) -> tuple[Revalued, ...]:
        """Revalue the book over every move the design can make, at every node of volatility."""
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
            self._spans[key] = tuple(
                revalue(Simulation(ends, known, WORST, (), ()), scan, moved, response)
                for moved in self._marks.scaled(self._volatility))
        return self._spans[key]


def _methods(design: Design) -> tuple[str, ...]:
    method = design.choice("method")
    if method != TWO_MODEL:
        return (method,)
    return tuple(sorted({design.choice("two_model.first"), design.choice("two_model.second")}))


def _by_slot(pnl: Floats, slots: Slots) -> Floats:
    """Add positions (nodes, n, points) up to the slots they stand in."""
    if not slots.rows:
        return np.zeros((len(pnl), 0, pnl.shape[2]))
    return np.stack([pnl[:, list(rows)].sum(axis=1) for rows in slots.rows], axis=1)


def _tell(design: Design, i: int, losses: Losses, progress: Progress) -> None:
    if i % TELL_EVERY == 0:
        progress(i / len(losses.places), f"Replaying {design.title}")
