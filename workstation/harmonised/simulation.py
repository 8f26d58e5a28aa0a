"""Joint moves of all risk roots: history's own (method H) or drawn from a copula (method M).

H  every date of the lookback is one outcome; moves inside the stress windows get their own weight
M  Student-t copula over each root's own past moves: dependence is
   (1 - w) x correlations of the lookback + w x stressed correlations
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from workstation.base.problem import Problem
from workstation.book.resolve import Bools, Floats
from workstation.harmonised.design import Design
from workstation.harmonised.factor_moves import (
    NOTHING_LEFT,
    RootLevels,
    covers,
    horizons_of,
    inside,
    moves_over,
    root_levels,
)
from workstation.harmonised.knobs import read_pair
from workstation.harmonised.scan import Index, Scan
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.correlation import Repair, blend, repaired, semidefinite_root
from workstation.measures.filtering import filter_factors
from workstation.measures.quasi_random import chi_square_quantile, halton, normal_quantile
from workstation.measures.stability import LEAST_POINTS
from workstation.measures.tails import Tail

Told = tuple[tuple[str, str], ...]
STABLE_DIGITS = 12
"""Draws are ranked on this many decimals, so that the last bit of a machine's logarithm is no
matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Joint outcomes: `moves[r, s]` of root r, zero where `known[r]` is false.

    `labels[s]` names outcome s; `told` says window, weights and seed.
    """

    moves: Floats
    known: Bools
    tail: Tail
    labels: tuple[str, ...]
    told: Told


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Joint past moves of the roots with history enough: (k roots, outcomes)."""

    roots: Index
    names: tuple[str, ...]
    plain: Floats
    plain_days: tuple[date, ...]
    stressed: Floats
    stressed_days: tuple[date, ...]
    told: Told


def simulate(design: Design, method: str, scan: Scan, levels: RootLevels) -> Simulation | Problem:
    """Return the joint outcomes of a design's method, or why there are none.

    `levels` is the history known on the day, of roots that take part (`held_levels`).
    """
    sample = _sample(design, scan, levels)
    if isinstance(sample, Problem):
        return sample
    return _historical(design, scan, sample) if method == "historical" else (
        _simulated(design, scan, sample))


def _sample(design: Design, scan: Scan, levels: RootLevels) -> _Sample | Problem:
    least = design.count("tails.minimum_history")
    moves = moves_over(levels, horizons_of(scan, levels.roots, design))
    recent = np.arange(moves.shape[1]) >= moves.shape[1] - design.count("tails.lookback")
    enough = np.isfinite(moves[:, recent]).sum(axis=1) >= least
    enough &= (np.nan_to_num(moves[:, recent]) != 0).any(axis=1)  # what never moves says nothing
    if not enough.any():
        return _refusal(scan, levels, f"no factor of the book has {least} past moves")
    joint = np.isfinite(moves[enough]).all(axis=0)
    plain = joint & recent
    if int(plain.sum()) < least:
        return _refusal(scan, levels, f"the factors have only {int(plain.sum())} past moves in "
                        f"common, fewer than the {least} the design asks for")
    stressed = joint & inside(levels.dates, design.texts("tests.stress_windows"))
    factors, filtering = _filtering(design, levels, enough)
    kept = moves[enough]
    return _Sample(
        levels.roots[enough], tuple(scan.roots[r] for r in levels.roots[enough]),
        np.maximum(kept[:, plain] * factors[:, plain], NOTHING_LEFT), _days(levels, plain),
        kept[:, stressed], _days(levels, stressed),
        (("data window", f"{_window(_days(levels, plain))}, {int(plain.sum())} joint moves"),
         ("factors", _columns(scan, levels, enough)), *filtering))


def held_levels(scan: Scan, risk_map: RiskMap, until: date, *, proxied: bool = False
                ) -> RootLevels:
    """Return the history up to a date of the roots of which a position takes part."""
    levels = root_levels(scan, risk_map, until, proxied=proxied)
    return levels.only(np.isin(levels.roots, scan.root[scan.included]))


def _refusal(scan: Scan, levels: RootLevels, what: str) -> Problem:
    span = covers(scan.holdings.market.history)
    names = ", ".join(sorted({scan.roots[r] for r in np.unique(scan.root[scan.included])})[:8])
    return Problem(
        "History", f"{what} (history: {span}, {len(levels.roots)} of the book's factors)",
        f"add levels by date to the History sheet for {names}", "error")


def _filtering(design: Design, levels: RootLevels, enough: Bools) -> tuple[Floats, Told]:
    """Return the scaling of every past move; one everywhere unless the design filters."""
    if not design.flag("tails.filter"):
        return np.ones((int(enough.sum()), len(levels.dates))), ()
    volatility = levels.volatility(design.rate("tails.decay"))[enough]
    floor, cap = design.rate("tails.filter_floor"), design.rate("tails.filter_cap")
    factors = filter_factors(volatility, floor, cap)
    last = np.ones((len(factors), 1))
    return np.concatenate([factors, last], axis=1), (
        ("filter", f"volatility now over volatility then, decay {design.rate('tails.decay'):g}, "
                   f"from {floor:g} to {cap:g}"),)


def _columns(scan: Scan, levels: RootLevels, enough: Bools) -> str:
    """Name the factors, with the proxy where the history's column is not the root's own."""
    said = []
    for r, column, kept in zip(levels.roots, levels.columns, enough, strict=True):
        root = scan.roots[r]
        if kept:
            said.append(root if column == root else f"{root} by {column}")
    return ", ".join(said)


def _days(levels: RootLevels, chosen: Bools) -> tuple[date, ...]:
    return tuple(levels.dates[i] for i in np.flatnonzero(chosen))


def _window(days: Sequence[date]) -> str:
    return f"{days[0]} to {days[-1]}" if days else "none"


def _historical(design: Design, scan: Scan, sample: _Sample) -> Simulation:
    share, count = design.rate("tails.stress_share"), sample.stressed.shape[1]
    moves, probability, told = sample.plain, None, sample.told
    days = sample.plain_days
    if share > 0 and count:
        plain = sample.plain.shape[1]
        moves = np.concatenate([sample.plain, sample.stressed], axis=1)
        days = (*days, *sample.stressed_days)
        probability = np.concatenate([np.full(plain, (1 - share) / plain),
                                      np.full(count, share / count)])
        told = (*told, ("stressed windows", f"{share:.0%} of the probability, {count} moves"))
    elif share > 0:
        told = (*told, ("stressed windows", "none is covered by the joint history"))
    return _placed(scan, sample, moves, Tail(design.rate("tails.share"), probability),
                   tuple(day.isoformat() for day in days), told)


def _simulated(design: Design, scan: Scan, sample: _Sample) -> Simulation | Problem:
    weight = design.rate("copula.stress_weight")
    stressed, source = _stressed_dependence(design, scan, sample)
    target = blend(_correlations(sample.plain), stressed, weight)
    made = _edited(design, sample, target)
    if isinstance(made, Problem):
        return made
    count, seed = design.count("copula.draws"), design.count("copula.seed")
    degrees = design.count("copula.degrees")
    moves = _draws(sample.plain, semidefinite_root(made.matrix), count, seed, degrees)
    told = (*sample.told, ("draws", f"{count:,} evenly spread, seed {seed}"),
            ("dependence", f"Student-t copula, {degrees} degrees of freedom, "
                           f"{weight:.0%} stressed: {source}"),
            ("repair of the correlation matrix", f"largest change {made.size:.4f}"),
            *_idle_pairs(design, sample))
    return _placed(scan, sample, moves, Tail(design.rate("tails.share")),
                   tuple(f"draw {i + 1}" for i in range(count)), told)


def _correlations(moves: Floats) -> Floats:
    centred = moves - moves.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).sum(axis=1))
    unit = np.divide(centred, scale[:, None], out=np.zeros_like(centred),
                     where=scale[:, None] > 0)
    out = np.clip(unit @ unit.T, -1.0, 1.0)
    np.fill_diagonal(out, 1.0)
    return np.asarray(out)


def _stressed_dependence(design: Design, scan: Scan, sample: _Sample) -> tuple[Floats, str]:
    enough = sample.stressed.shape[1] >= LEAST_POINTS
    if design.choice("copula.stress") == "windows" and enough:
        return _correlations(sample.stressed), f"{sample.stressed.shape[1]} moves of the windows"
    havens = set(design.texts("copula.havens"))
    signs = np.array([-1.0 if havens & {scan.roots[r], _class(scan, int(r))} else 1.0
                      for r in sample.roots])
    why = "" if design.choice("copula.stress") == "to_one" else (
        ", for want of moves inside the windows")
    return np.outer(signs, signs), f"correlations to one, havens against the rest{why}"


def _class(scan: Scan, root: int) -> str:
    return str(scan.asset_classes[scan.asset_class[scan.group[root]]])


def _edited(design: Design, sample: _Sample, matrix: Floats) -> Repair | Problem:
    edited = matrix.copy()
    for text in design.texts("copula.pairs"):
        one, other, figure = read_pair(text)
        if one in sample.names and other in sample.names and one != other:
            i, j = sample.names.index(one), sample.names.index(other)
            edited[i, j] = edited[j, i] = figure
    made, limit = repaired(edited), design.rate("copula.repair_limit")
    if made.size > limit:
        return Problem(
            "copula.pairs", f"the edited correlations are no correlation matrix: the nearest one "
            f"changes a pair by {made.size:.2f}, more than the {limit:.2f} allowed",
            "bring the edited pairs closer to each other or raise copula.repair_limit", "error")
    return made


def _idle_pairs(design: Design, sample: _Sample) -> Told:
    """Name the edited pairs that change nothing, for a factor the book lacks or a misspelt one."""
    idle = [text for text in design.texts("copula.pairs")
            if not {*read_pair(text)[:2]} <= {*sample.names}]
    return (("edited pairs without a factor drawn here", ", ".join(idle)),) if idle else ()


def _draws(sample: Floats, root: Floats, count: int, seed: int, degrees: int) -> Floats:
    """Draw ranks from the copula and read each root's own past moves off at those ranks."""
    roots = len(sample)
    normal, mixing = _copula(count, roots, seed, degrees)
    ranks = (np.arange(count) + 0.5) / count
    past = (np.arange(sample.shape[1]) + 0.5) / sample.shape[1]
    out = np.empty((roots, count))
    for i in range(roots):
        drawn = np.zeros(count)
        for j in np.flatnonzero(root[i]):
            drawn += root[i, j] * normal[:, j]
        order = np.argsort(np.round(drawn * mixing, STABLE_DIGITS), kind="stable")
        out[i, order] = np.interp(ranks, past, np.sort(sample[i]))
    return out


@lru_cache(maxsize=8)
def _copula(count: int, roots: int, seed: int, degrees: int) -> tuple[Floats, Floats]:
    """Return independent normal draws (count, roots) and what turns them into Student's t."""
    points = halton(count, roots + 1, seed)
    return (normal_quantile(points[:, 1:]),
            np.sqrt(degrees / chi_square_quantile(points[:, 0], degrees)))


def _placed(scan: Scan, sample: _Sample, moves: Floats, tail: Tail, labels: tuple[str, ...],
            told: Told) -> Simulation:
    whole, known = np.zeros((len(scan.roots), moves.shape[1])), np.zeros(len(scan.roots), bool)
    whole[sample.roots], known[sample.roots] = moves, True
    return Simulation(whole, known, tail, labels, told)
