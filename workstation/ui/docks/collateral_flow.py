"""What the flow diagram of the collateral panel shows; chains of re-use open party by party."""

from __future__ import annotations

from collections.abc import Collection

from workstation.results.encumbrance_flow import Flow, flows
from workstation.results.run import Run
from workstation.ui.plots.sankey import Flows, Link

MOST_LOTS = 24
OTHERS = "other lots"
COLUMNS = ("Lots", "Claims and states", "Secured parties")


def shown_flows(run: Run, opened: Collection[str]) -> Flows:
    """Return the flows with the chains of the opened parties; small lots are drawn as one."""
    every = flows(run)
    small = _small(every)
    visible = [flow for flow in every if flow.hop <= 1 or _is_open(flow, every, opened)]
    sums: dict[tuple[int, str, str, str], float] = {}
    for flow in visible:
        source = OTHERS if flow.hop == 0 and flow.source in small else flow.source
        key = (flow.hop, source, flow.target, flow.state)
        sums[key] = sums.get(key, 0.0) + float(flow.value)
    links = tuple(Link(hop, source, target, amount, state)
                  for (hop, source, target, state), amount in sums.items())
    deepest = max((link.column for link in links), default=1)
    chains = tuple(f"Re-use, hop {n}" for n in range(1, deepest))
    return Flows(links, COLUMNS + chains, _more(every, opened))


def _small(every: Collection[Flow]) -> set[str]:
    values: dict[str, float] = {}
    for flow in every:
        if flow.hop == 0:
            values[flow.source] = values.get(flow.source, 0.0) + float(flow.value)
    ranked = sorted(values, key=lambda name: -values[name])
    return set(ranked[MOST_LOTS:])


def _is_open(flow: Flow, every: Collection[Flow], opened: Collection[str]) -> bool:
    """Say whether every party a re-use came through is opened."""
    if flow.source not in opened:
        return False
    before = [f for f in every if f.lot == flow.lot and f.hop == flow.hop - 1
              and f.target == flow.source]
    return flow.hop == len(COLUMNS) - 1 or any(_is_open(f, every, opened) for f in before)


def _more(every: Collection[Flow], opened: Collection[str]) -> dict[str, str]:
    """Return what is written behind parties that re-use: a mark to open or close their chain."""
    found = {flow.source for flow in every if flow.hop > 1}
    return {name: "[close]" if name in opened else "[re-uses: open]" for name in found}
