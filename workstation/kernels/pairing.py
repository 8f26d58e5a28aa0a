"""Optimal pairing of legs: readable twin of `pairing.h`, by cancelling cycles that still save."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Whole: TypeAlias = NDArray[np.int64]
Arc: TypeAlias = tuple[int, int, int, int]  # from, to, saving, place in the flow (~place back)


def best_pairs(supply: Whole, demand: Whole, of_supply: Whole, of_demand: Whole, saving: Whole,
               units: Whole, supply_price: Whole, demand_price: Whole) -> None:
    """units[p] >= 0 maximise sum of saving[p] units[p] within supply and demand.

    Prices are what one more unit of a leg would save: saving <= supply price + demand price for
    every pair, equal where units are formed; a leg not used up has price 0. A pair that saves
    nothing, or whose leg has no units, is never formed.
    """
    legs = len(supply) + len(demand)
    tail = np.concatenate([of_supply, np.arange(len(supply)), np.full(len(demand), legs)])
    head = np.concatenate([len(supply) + of_demand, np.full(len(supply), legs),
                           len(supply) + np.arange(len(demand))])
    gain = np.concatenate([saving, np.zeros(legs, dtype=np.int64)])
    flow = np.concatenate([np.zeros(len(saving), dtype=np.int64), supply, demand])
    useful = (supply[of_supply] > 0) & (demand[of_demand] > 0) & (saving > 0)
    open_to = np.concatenate([useful, supply > 0, demand > 0])
    while True:
        arcs = _residual(tail, head, gain, flow, open_to)
        worth, cycle = _best_walks(arcs, legs + 1)
        if not cycle:
            break
        least = min(int(flow[~place]) for place in cycle if place < 0)
        for place in cycle:
            flow[place if place >= 0 else ~place] += least if place >= 0 else -least
    units[...] = flow[:len(saving)]
    worth -= worth[legs]
    supply_price[...] = np.where(supply > 0, -worth[:len(supply)], 0)
    demand_price[...] = np.where(demand > 0, worth[len(supply):legs], 0)


def _residual(tail: Whole, head: Whole, gain: Whole, flow: Whole,
              open_to: NDArray[np.bool_]) -> list[Arc]:
    """Return where flow can still be added, and where it can be taken back."""
    more = [(int(tail[a]), int(head[a]), int(gain[a]), int(a)) for a in np.flatnonzero(open_to)]
    less = [(int(head[a]), int(tail[a]), -int(gain[a]), ~int(a))
            for a in np.flatnonzero(open_to & (flow > 0))]
    return more + less


def _best_walks(arcs: list[Arc], nodes: int) -> tuple[Whole, list[int]]:
    """Return the most any walk to each node saves, and a cycle that saves if there is one."""
    worth = np.zeros(nodes, dtype=np.int64)
    came: dict[int, Arc] = {}
    node = -1
    for _ in range(nodes):
        node = -1
        for arc in arcs:
            if worth[arc[0]] + arc[2] > worth[arc[1]]:
                worth[arc[1]] = worth[arc[0]] + arc[2]
                came[arc[1]] = arc
                node = arc[1]
        if node < 0:
            return worth, []
    for _ in range(nodes):
        node = came[node][0]
    start, cycle = node, [came[node][3]]
    node = came[node][0]
    while node != start:
        cycle.append(came[node][3])
        node = came[node][0]
    return worth, cycle
