"""`crossmargin stress` and `crossmargin attribution`: text, documents, refusals."""

import json

import pytest

from workstation.cli.main import main
from workstation.reports.lines import WIDTH
from workstation.workspace.session import Session, sample_books

BOOKS = {p.stem: p for p in sample_books()}
MACRO, CRYPTO = str(BOOKS["meridian_macro"]), str(BOOKS["northlight_crypto"])
DESIGN = ("--design", "single-account-scan")


def told(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def said(capsys, *arguments):
    assert main(list(arguments)) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= WIDTH
    return text


def test_every_stress_is_margined_again_and_one_is_searched_along(capsys):
    document = told(capsys, "stress", CRYPTO, *DESIGN)
    assert document["schema"] == "crossmargin.stress/1"
    assert document["along"] == "2020-03-12 Covid A, 1d"
    kinds = {row["kind"] for row in document["stresses"]}
    assert {"one day", "five days", "intraday", "variant", "volatility"} <= kinds
    for row in document["stresses"]:
        assert row["equity"] == pytest.approx(row["equity_before"] - row["loss"])
        assert row["calls"] == pytest.approx(sum(a["call"] for a in row["accounts"]))
        assert set(row["designs"]) == {"single-account-scan"}
    assert len({row["silos"] for row in document["stresses"]}) > 10
    first = document["reverse_stress"][0]
    assert 0 < first["multiple"] <= 1
    assert first["moves"]["BTC"] == pytest.approx(-0.3717 * first["multiple"], abs=1e-4)
    assert document["reverse_stress"][-1]["multiple"] is None


def test_one_stress_alone_as_text(capsys):
    text = said(capsys, "stress", CRYPTO, "--only", "--shock", "BTC=-60%", "--vol", "crypto=20%",
                *DESIGN)
    assert "own shocks" in text
    assert "REQUIRED AFTER" in text
    assert "comes first: margin call" in text
    said(capsys, "stress", CRYPTO, *DESIGN)


def test_a_longer_window_the_low_of_the_day_and_a_multiple(capsys):
    day = told(capsys, "stress", MACRO, "--only", "--scenario", "2021-05-19", *DESIGN)
    low = told(capsys, "stress", MACRO, "--only", "--scenario", "2021-05-19", "--intraday", *DESIGN)
    five = told(capsys, "stress", MACRO, "--only", "--scenario", "2021-05-19", "--horizon", "5d",
                *DESIGN)
    twice = told(capsys, "stress", MACRO, "--only", "--scenario", "2021-05-19", "--multiplier",
                 "2", *DESIGN)
    losses = [d["stresses"][0]["loss"] for d in (day, low, five, twice)]
    assert len(set(losses)) == 4
    assert [d["along"] for d in (low, five, twice)] == [
        "2021-05-19 crypto, 1d, intraday", "2021-05-19 crypto, 5d", "2021-05-19 crypto, 1d x 2"]


def test_a_de_peg_at_one_account_loses_less_than_everywhere(capsys):
    everywhere = told(capsys, "stress", MACRO, "--only", "--de-peg", "USDC=-12%", *DESIGN)
    one = told(capsys, "stress", MACRO, "--only", "--de-peg", "USDC=-12%", "--at", "MM-SPOT",
               *DESIGN)
    assert 0 < one["stresses"][0]["loss"] <= everywhere["stresses"][0]["loss"]


def ended(words):
    """Run a command; an argument the parser refuses ends in SystemExit."""
    try:
        return main(words)
    except SystemExit as left:
        return left.code


@pytest.mark.parametrize(("arguments", "says"), [
    (("--scenario", "crypto"), "names several"),
    (("--scenario", "nothing"), "names none"),
    (("--scenario", "Covid A", "--shock", "SPX=-10%"), "ask for one of them"),
    (("--vol", "equty=10%"), "no 'equty'"),
    (("--at", "MM-SPOT"), "only a de-peg"),
    (("--de-peg", "USDC=-5%", "--at", "XX"), "no 'XX'"),
    (("--shock", "SPXX=-10%"), "no factor is called"),
    (("--horizon", "2d"), "is none of 1d, 5d"),
])
def test_refusals_are_one_sentence(arguments, says, capsys):
    assert ended(["stress", MACRO, *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_attribution_adds_up_by_holding_and_by_lever(capsys):
    document = told(capsys, "attribution", MACRO, *DESIGN)
    assert document["schema"] == "crossmargin.attribution/1"
    [found] = document["designs"]
    run = Session.from_file(BOOKS["meridian_macro"]).review()
    outcome = run.design("single-account-scan")
    risk = outcome.margin.requirement.parts[0].amount
    assert sum(h["euler"] for h in found["holdings"]) == pytest.approx(float(risk), rel=1e-9)
    steps = sum(s.amount for s in outcome.bridge.steps[1:])
    assert sum(s["amount"] for s in found["shapley"]) == pytest.approx(float(steps), rel=1e-9)
    text = said(capsys, "attribution", MACRO, *DESIGN)
    assert "Euler share" in text
    assert "Shapley" in text


def test_todays_law_has_nothing_to_attribute(capsys):
    assert main(["attribution", MACRO, "--design", "today"]) == 2
    assert "no joint risk to attribute" in capsys.readouterr().err


def test_a_branch_is_stressed_with_its_own_terms(capsys):
    base = told(capsys, "stress", MACRO, "--only", "--scenario", "Covid A", *DESIGN)
    branch = told(capsys, "stress", MACRO, "--only", "--scenario", "Covid A", *DESIGN,
                  "--what-if", "parameter futures_rates ES short to 40000")
    assert branch["stresses"][0]["silos"] > base["stresses"][0]["silos"]
    assert branch["stresses"][0]["loss"] == base["stresses"][0]["loss"]
