"""Complaints about margin calculators in public issue threads, each as a test."""

import csv
import json

import numpy as np
import pytest

from tests.rules.span_fixture import CSV, PA2, calculator, conventions, held, loaded, risk
from workstation.cli.main import main
from workstation.results.risk_files_table import risk_contents_table
from workstation.rulebooks.span.portfolio import Portfolio
from workstation.rulebooks.span.requirement import SpanCalculator


def test_a_basket_is_margined_as_a_basket_not_leg_by_leg():
    legs = [held("EQ", "202609", 10), held("NT", "202609", -4), held("EQ", "202606", -10)]
    alone = sum(risk(leg).initial.amount for leg in legs)
    assert risk(*legs).initial.amount < alone / 2


def test_a_total_never_comes_alone(capsys):
    assert main(["span", "--params", str(PA2), "--positions", str(CSV), "--json"]) == 0
    for portfolio in json.loads(capsys.readouterr().out)["portfolios"]:
        for item in portfolio["commodities"]:
            assert {"scan", "intra", "spot", "inter_credit", "short_option_minimum",
                    "net_option_value", "initial", "maintenance", "active_scenario"} <= set(item)
        assert portfolio["explain"]["parts"]


def test_date_cycle_and_time_of_the_file_stand_on_every_result():
    answer = risk(held("EQ", "202609", 1))
    assert answer.snapshots == ("XMC 2026-06-15 settlement final 18:00",)
    assert all("2026-06-15 settlement final 18:00" in item.label for item in answer.commodities)


def test_missing_reference_data_is_a_named_error_never_nought():
    answer = risk(held("XX", "202609", 1), held("EQ", "202609", 1))
    assert not answer.complete
    assert "no product XX" in answer.excluded[0].what
    assert answer.excluded[0].remedy


def test_the_option_value_counts_once_in_the_account():
    answer = risk(held("EQO", "202609", -4, "C", "6600"), ledger=1000)
    assert answer.net_option_value == -43880
    assert answer.initial.amount == answer.initial_risk + 43880
    assert answer.account_excess == 1000 - answer.initial_risk - 43880
    long = risk(held("EQO", "202609", 4, "C", "6600"))
    assert long.initial.amount == 0
    assert long.excess_initial == 43880 - long.initial_risk


def test_every_charge_states_its_base():
    answer = risk(held("PW", "202607", 10), held("PW", "202608", -4))
    (spot,) = answer.commodities[0].spot_detail
    assert (spot.month, spot.in_spreads, spot.left) == ("202607", 4, 6)
    for formed in answer.formed:
        assert formed.amount == formed.count * formed.rate


@pytest.mark.parametrize("month", ["202609", "202607W3"])
def test_long_options_of_any_expiry_need_at_most_their_premium(month):
    option = ("C", "6600") if month == "202609" else ("P", "6450")
    answer = risk(held("EQO", month, 7, *option), held("GDO", "202608", 3, "P", "3300"))
    assert answer.initial.amount <= answer.net_option_value


def test_the_spread_log_is_always_there(capsys):
    assert main(["span", "--params", str(PA2), "--positions", str(CSV)]) == 0
    out = capsys.readouterr().out
    assert "denied" in out
    assert "formed" in out


def test_the_spread_log_exports(tmp_path, capsys):
    log = tmp_path / "log.csv"
    assert main(["span", "--params", str(PA2), "--positions", str(CSV), "--log", str(log)]) == 0
    with log.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    p06 = [row for row in rows if row["Account"] == "P06" and row["Kind"] == "inter"]
    assert [(row["Status"], row["Priority"], row["Reason"]) for row in p06] == [
        ("formed", "1", ""), ("denied", "2", "missing leg"), ("denied", "4", "missing leg")]
    assert float(p06[0]["Charge, or credit below nought"]) == pytest.approx(-108730.615)
    assert p06[0]["Deltas before"] == "EQX 2.0000; NQX -4.0000"
    assert p06[0]["Deltas after"] == "EQX 0.6667; NQX -0.0001"


def test_every_tier_names_its_active_scenario():
    answer = risk(held("PW", "202607", 10), held("PW", "202608", -4))
    scans = answer.commodities[0].scans
    assert [(scan.tier, scan.active) for scan in scans] == [(1, 13), (2, 11)]
    assert all(len(scan.losses) == 16 for scan in scans)


def test_the_contents_of_a_file_are_counted():
    rows = {row.code: row for row in risk_contents_table([loaded(PA2)]).rows}
    assert (rows["EQX"].contracts, rows["EQX"].inter) == (13, 3)
    assert sum(row.contracts for row in rows.values()) == 34


def test_day_and_week_series_stand_beside_the_monthly_one():
    weekly = risk(held("EQO", "202607W3", -1, "P", "6450"))
    assert weekly.complete
    assert not risk(held("EQO", "202607", -1, "P", "6450")).complete
    organisation = loaded(PA2).organisations[0]
    months = {s.month for s in organisation.series if s.month.startswith("202607")}
    assert months == {"202607", "202607W3"}


def test_an_estimate_is_never_called_the_exchange_s_figure():
    """The sample file is no CME file, so all is exact; see the methods for ES of CME."""
    answer = risk(held("EQ", "202609", 1))
    assert {item.mode for item in answer.commodities} == {"file"}
    assert conventions().moved_on("CME", "ES", None) is not None
    assert conventions().moved_on("CME", "GC", None) is None


def test_an_approximation_file_is_labelled_one(capsys):
    assert main(["span", "--params", str(PA2), "--positions", str(CSV), "--approximation",
                 "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["mode"] == "estimate"
    for portfolio in document["portfolios"]:
        assert {item["mode"] for item in portfolio["commodities"]} == {"estimate"}
        assert all(item["label"].startswith("estimate from an approximation file, XMC 2026-06-15")
                   for item in portfolio["commodities"])
        assert portfolio["problems"]


def test_no_contract_of_the_file_overwrites_another():
    organisation = loaded(PA2).organisations[0]
    columns = organisation.contracts
    keys = set(zip(columns.series.tolist(), columns.right.tolist(), columns.strike.tolist(),
                   strict=True))
    assert len(keys) == len(columns) == 34
    assert np.isfinite(columns.arrays).all()


def test_a_percent_of_the_portfolio_can_be_wrong_without_hiding_the_rest():
    mixed = Portfolio("M", "HRP", (held("EQ", "202609", 3), held("EQ", "203012", 3)))
    answer = SpanCalculator([loaded(PA2)], conventions()).risk(mixed)
    assert answer.initial.amount == calculator().risk(
        Portfolio("O", "HRP", mixed.positions[:1])).initial.amount
    assert not answer.complete


def test_a_log_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    log = tmp_path / "missing" / "log.csv"
    assert main(["span", "--params", str(PA2), "--positions", str(CSV), "--log", str(log)]) == 2
    assert capsys.readouterr().err.strip() == (
        f"crossmargin: {log}: cannot be written (No such file or directory); "
        "choose another folder.")
