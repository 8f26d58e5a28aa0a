"""Named scenarios: mapped to underlyings, yields through durations, gaps absent."""

from __future__ import annotations

import csv

import pytest

from tests.shared import shared
from workstation.base.resources import resource_root
from workstation.cascade.scenarios import scenario_names, scenario_shocks


def test_covid_moves_read_off_the_table():
    shocks = scenario_shocks("2020-03-12 Covid A")
    assert shocks["SPX"] == -0.0951
    assert shocks["BTC"] == -0.3717
    assert shocks["GOLD"] == -0.0399
    assert shocks["NDX"] == -0.0943


def test_yields_become_prices_only_without_a_fund():
    monday = scenario_shocks("1987-10-19 Black Monday")
    assert monday["UST-10Y"] == pytest.approx(8.0 * 8 / 10_000)      # -8 bp, duration 8
    assert monday["UST-30Y"] == pytest.approx(-17.0 * 1 / 10_000)
    assert monday["UST-5Y"] == pytest.approx(4.5 * (29 + 8) / 2 / 10_000)
    assert scenario_shocks("2020-03-12 Covid A")["UST-30Y"] == 0.0062  # TLT itself


def test_the_yen_is_quoted_the_other_way_round():
    assert scenario_shocks("2024-08-05 yen carry", "5d")["JPYUSD"] > 0.06
    covid = scenario_shocks("2020-03-12 Covid A")
    assert covid["JPYUSD"] == pytest.approx(1 / 1.0319 - 1, abs=1e-4)


def test_what_did_not_exist_is_absent():
    assert "BTC" not in scenario_shocks("1987-10-19 Black Monday")


@pytest.mark.parametrize("horizon", ["1d", "5d"])
def test_every_scenario_gives_finite_losses(horizon):
    names = scenario_names(horizon)
    assert len(names) == 21
    for name in names:
        shocks = scenario_shocks(name, horizon)
        assert "SPX" in shocks
        assert all(-0.9 < move < 1.0 for move in shocks.values())


def test_unknown_names_list_what_is_known():
    with pytest.raises(KeyError, match="Black Monday"):
        scenario_shocks("nothing of the kind")


def test_the_shipped_table_is_the_reference_table():
    with (resource_root() / "scenarios" / "joint.csv").open(encoding="utf-8") as ours, \
            shared("domain", "scenarios", "joint_scenarios.csv").open(encoding="utf-8") as theirs:
        assert list(csv.reader(ours)) == list(csv.reader(theirs))
