"""The cascade command: modes, regimes, episodes, drawn paths, and calls that are refused."""

from __future__ import annotations

import json

import pytest

from workstation.base.resources import resource_root
from workstation.cli.main import main

MACRO = str(resource_root() / "books" / "meridian_macro.xlsx")
INCOME = str(resource_root() / "books" / "larkfield_income.xlsx")


def test_the_dynamic_document_compares_regimes_and_reproduces(capsys):
    words = ["cascade", MACRO, "--scenario", "October 2025", "--mode", "dynamic", "--multiplier",
             "2", "--paths", "20", "--seed", "9", "--json"]
    assert main(words) == 0
    first = capsys.readouterr().out
    document = json.loads(first)
    assert document["schema"] == "crossmargin.cascade/1"
    assert document["scenario"] == "Episode: October 2025 crypto, intraday x 2"
    assert {r["regime"] for r in document["regimes"]} >= {"silos", "single-account-scan"}
    assert all(r["model_after"] > 0 and r["rulebooks_after"] > 0 for r in document["regimes"])
    assert document["monte_carlo"]["paths"] == 20
    assert document["next_triggers"]
    assert "Circuit breakers" in document["parameters"]
    assert all(abs(residual) < 1e-3 for residual in document["invariants"].values())
    assert any("sourced" in line for line in document["assumptions"])
    assert main(words) == 0
    assert capsys.readouterr().out == first


def test_the_text_reads_chain_regimes_tipping_and_distances(capsys):
    assert main(["cascade", MACRO, "--shock", "BTC=-40%", "--mode", "dynamic", "--under",
                 "full-netting"]) == 0
    text = capsys.readouterr().out
    for heading in ("under full-netting", "REGIMES, THE SAME SHOCK", "WITHOUT EACH AMPLIFIER",
                    "TIPPING POINTS", "NEXT TRIGGERS"):
        assert heading in text


def test_equilibrium_stays_the_default(capsys):
    assert main(["cascade", INCOME, "--scenario", "Covid A", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["mode"] == "equilibrium"
    assert document["regimes"] == []


@pytest.mark.parametrize(("words", "sentence"), [
    (["--shock", "FOO=-10%"], "no factor is called 'FOO'"),
    (["--shock", "SPX=-10%", "--mode", "dynamic", "--under", "nonsense"], "neither silos nor"),
    (["--shock", "SPX=-10%", "--paths", "5"], "add --mode dynamic"),
    (["--scenario", "Episode"], "names several"),
])
def test_what_cannot_be_run_is_refused_in_a_sentence(words, sentence, capsys):
    assert main(["cascade", MACRO, *words]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


@pytest.mark.parametrize("words", [["--multiplier", "x"], ["--paths", "-1"], ["--seed", "1.5"],
                                   ["--seed", str(1 << 64)]])
def test_numbers_that_are_none_are_refused(words, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["cascade", MACRO, "--shock", "SPX=-10%", *words])
    assert refused.value.code == 2
    assert words[1] in capsys.readouterr().err


def test_a_shock_over_two_hours_arrives_in_eight_steps(capsys):
    words = ["cascade", MACRO, "--shock", "SPX=-19%", "--mode", "dynamic", "--json"]
    assert main([*words, "--over", "120", "--paths", "5"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["monte_carlo"]["paths"] == 5
    assert "Own shocks: SPX=-19%." in document["assumptions"]
    assert "The shock arrives over 120 trading minutes." in document["assumptions"]
    prices = [step["prices"]["SPX"] for step in document["steps"][:9]]
    assert all(a > b for a, b in zip(prices, prices[1:], strict=False))
    assert "in equal parts over 8 steps" in document["triggers"][0]
    assert main([*words[:-3], "--over", "120"]) == 2
    assert "add --mode dynamic" in capsys.readouterr().err
