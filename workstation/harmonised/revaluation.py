"""Profit of every slot in every joint outcome.

Each position is revalued in full at evenly spaced moves of its root; between them profit is read
off the cubic through the four nearest. Positions of one slot share the root, so they are added up
before reading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workstation.book.resolve import Bools, Floats, ResolvedBook
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots, added_up
from workstation.harmonised.scan import Index, Scan
from workstation.harmonised.simulation import Simulation
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import Volatilities

NODES = 129
PAD = 1e-6
LEAST_LEFT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Revalued:
    """Profit of n positions at the grid of their root: `low[r] + i x step[r]`."""

    simulation: Simulation
    pnl: Floats
    low: Floats
    step: Floats


def revalue(simulation: Simulation, scan: Scan, volatility: Volatilities, response: float
            ) -> Revalued:
    """Revalue every position of a known root over the span of its root's moves."""
    low = simulation.moves.min(axis=1) - PAD
    step = (simulation.moves.max(axis=1) + PAD - low) / (NODES - 1)
    pnl = np.zeros((len(scan.holdings), NODES))
    rows = np.flatnonzero(scan.included & simulation.known[scan.root])
    if len(rows):
        nodes = low[:, None] + step[:, None] * np.arange(NODES)
        pnl[rows] = _priced(scan.holdings.take(rows), volatility.volatility[rows],
                            nodes[scan.root[rows]], scan.leverage[rows], response)
    return Revalued(simulation, pnl, low, step)


def _priced(holdings: ResolvedBook, volatility: Floats, moves: Floats, leverage: Floats,
            response: float) -> Floats:
    levered = np.maximum(moves * leverage[:, None], LEAST_LEFT - 1.0)
    factors = np.power(1.0 + levered, -response) if response else None
    return scenario_pnl(holdings, volatility, levered, factors)


def in_outcomes(revalued: Revalued, root: Index, profit: Floats) -> Floats:
    """Read profits at the grid (rows, nodes) off at every outcome of each row's root."""
    moves = revalued.simulation.moves
    out = np.zeros((len(profit), moves.shape[1]))
    for r in np.unique(root):
        rows = np.flatnonzero(root == r)
        first, weights = _reading(revalued, int(r), moves[r])
        for row in rows:
            for k, weight in enumerate(weights):
                out[row] += weight * np.take(profit[row, k:], first)
    return out


def _reading(revalued: Revalued, root: int, moves: Floats) -> tuple[Index, tuple[Floats, ...]]:
    """Return the first of the four nodes that each move is read from, and their weights."""
    place = (moves - revalued.low[root]) / revalued.step[root]
    first = np.clip(np.floor(place).astype(np.intp) - 1, 0, NODES - 4)
    return first, _cubic(place - first)


def _cubic(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the weights of four equidistant nodes at 0, 1, 2, 3 for a reading at x."""
    a, b, c = x - 1.0, x - 2.0, x - 3.0
    return -a * b * c / 6.0, x * b * c / 2.0, -x * a * c / 2.0, x * a * b / 6.0


def tail_slots(slots: Slots, scan: Scan, revalued: Revalued, design: Design) -> Slots:
    """Return the slots with profit by outcome in place of profit by scan point.

    Positions of a root without history are each scanned alone, `alone` in all.
    """
    at_nodes = added_up(revalued.pnl, slots.rows)
    root = scan.leg_root[slots.leg]
    profile = in_outcomes(revalued, root, at_nodes)
    unknown = without_history(scan, revalued.simulation)
    capped = design.rate("cap.reduction") < 1
    return replace(slots, profile=profile, tail=revalued.simulation.tail,
                   alone=float(scan.alone[unknown].sum()),
                   gross=_gross(scan, revalued) if capped else 0.0)


def without_history(scan: Scan, simulation: Simulation) -> Bools:
    """Say which positions take part but have no history of their root."""
    return np.asarray(scan.included & ~simulation.known[scan.root])


def _gross(scan: Scan, revalued: Revalued) -> float:
    """Sum of every position alone: the mean of its root's falls or of its rises, if worse.

    A position without history counts with its scan.
    """
    simulation = revalued.simulation
    total = float(scan.alone[without_history(scan, simulation)].sum())
    for r in np.flatnonzero(simulation.known):
        rows = scan.included & (scan.root == r)
        losses = [-(revalued.pnl[rows] @ _mean_of_tail(revalued, int(r), sign))
                  for sign in (1.0, -1.0)]
        total += float(np.maximum(0.0, np.maximum(*losses)).sum())
    return total


def _mean_of_tail(revalued: Revalued, root: int, sign: float) -> Floats:
    """Return the weight of every node in the mean over the tail of a root's falls or rises."""
    moves = revalued.simulation.moves[root]
    outcomes, weights = revalued.simulation.tail.worst(sign * moves)
    first, reading = _reading(revalued, root, moves[outcomes])
    nodes = np.zeros(NODES)
    for k, share in enumerate(reading):
        np.add.at(nodes, first + k, weights * share)
    return nodes
