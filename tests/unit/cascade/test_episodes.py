"""Episodes: every preset runnable, every figure with its standing, sourced ones as published."""

from __future__ import annotations

import pytest

from workstation.cascade.episodes import (
    EVERY_EPISODE,
    STANDINGS,
    episode,
    episodes,
    preset_names,
    preset_shocks,
)
from workstation.cascade.scenarios import proxies, scenario_names, scenario_shocks


def test_names_are_distinct_and_joint_scenarios_come_first():
    names = preset_names()
    assert len(names) == len(set(names))
    assert names[:len(scenario_names())] == scenario_names()
    assert len(episodes()) == 12


@pytest.mark.parametrize("one", episodes(), ids=lambda e: e.name)
def test_every_episode_is_runnable_and_says_what_is_assumed(one):
    moves = one.moves()
    assert moves
    assert all(-0.9 < move < 2.0 for move in moves.values())
    assert one.facts
    assert all(f.standing in STANDINGS for f in one.facts)
    lines = one.sentences()
    assert one.source in lines[0]
    assert len(lines) == 2 + len(one.facts)
    assert {f.standing for f in one.facts} & {"sourced", "computed"}
    assert lines[-1] == EVERY_EPISODE
    assert all(line.endswith(").") for line in lines[1:])


def test_october_2025_takes_published_lows_over_closes():
    name = "Episode: October 2025 crypto, intraday"
    moves = preset_shocks(name)
    assert moves["BTC"] == -0.16
    assert moves["ETH"] == -0.21
    closes = scenario_shocks("2025-10-10 crypto")
    assert closes["BTC"] == -0.0698
    assert moves["GOLD"] == closes["GOLD"]
    assert episode(f"{name} x 2") is episode(name)
    assert proxies(name)["equity"] == "SPX"


def test_unknown_presets_list_what_is_known():
    with pytest.raises(KeyError, match="Black Monday"):
        preset_shocks("nonsense")
    assert episode("2020-03-12 Covid A") is None
