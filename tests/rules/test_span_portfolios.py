"""The published portfolios of the synthetic file, component by component, from every layout."""

import json

import pytest

from tests.rules.span_fixture import CSV, EXPECTED, PA2, POS, SPN, calculator, loaded, portfolios
from workstation.cli.main import main

LAYOUTS = [(PA2, CSV), (PA2, POS), (SPN, CSV), (SPN, POS)]
PAIRS = [(name, *files) for name in EXPECTED for files in LAYOUTS]


@pytest.mark.parametrize(("name", "params", "positions"), PAIRS)
def test_every_component_of_a_published_portfolio(name, params, positions):
    answer = calculator(params).risk(portfolios(positions)[name])
    wanted = EXPECTED[name]["expected"]
    assert answer.complete
    assert answer.portfolio.account_class == EXPECTED[name]["account"]
    assert {item.code for item in answer.commodities} == set(wanted["per_cc"])
    for item in answer.commodities:
        check_commodity(item, wanted["per_cc"][item.code], answer)
    assert [(d.priority, d.reason) for d in answer.denied if d.kind == "inter"] == [
        (d["priority"], d["reason"]) for d in wanted["inter_denied"]]
    assert [(s.priority, leg.commodity, float(s.count), float(leg.rate),
             round(float(leg.credit), 2)) for s in answer.formed if s.kind == "inter"
            for leg in s.legs] == [
        (s["priority"], s["cc"], s["spreads"], s["rate_pct"], s["credit"])
        for s in wanted["inter_spreads"]]
    total = wanted["total"]
    assert float(answer.maintenance.amount) == total["maintenance_requirement"]
    assert float(answer.initial.amount) == total["initial_requirement"]
    assert float(answer.maintenance_risk) == total["maintenance_risk"]
    assert float(answer.initial_risk) == total["initial_risk"]
    assert float(answer.net_option_value) == total["nov"]
    assert float(answer.excess_initial) == total["excess_long_option_value_initial"]


def check_commodity(item, wanted, answer):
    got = {"scan": item.scan, "time_risk": item.time_risk, "vol_risk": item.volatility_risk,
           "futures_price_risk": item.price_risk, "net_delta": item.net_delta,
           "wfpr": item.weighted_price_risk, "intra": item.intra, "spot": item.spot,
           "som": item.short_option_minimum, "nov": item.net_option_value,
           "inter_credit": item.inter_credit, "risk": item.risk,
           "maintenance": item.maintenance, "initial": item.initial}
    assert {key: float(value) for key, value in got.items()} == {key: wanted[key] for key in got}
    assert item.minimum_binds == wanted["som_binds"]
    assert {str(s.tier): s.active for s in item.scans} == wanted["active_scenario"]
    assert {str(s.tier): [float(x) for x in s.losses] for s in item.scans} == wanted["risk_array"]
    assert {m: float(d) for m, d in item.month_deltas} == wanted["month_net_delta"]
    assert [(s.kind, s.priority, s.assumed_long, float(s.rate), float(s.count), float(s.amount))
            for s in answer.formed
            if not s.is_credit and s.legs[0].commodity == item.code] == [
        (s["kind"], s["priority"], s["assumed_long"], s["rate"], s["spreads"], s["charge"])
        for s in wanted["intra_spreads"]]
    assert [(s.month, float(s.in_spreads), float(s.left), float(s.charge))
            for s in item.spot_detail if s.charge] == [
        (str(s["month"]), s["consumed"], s["remaining"], s["charge"])
        for s in wanted["spot_detail"]]


@pytest.mark.parametrize("name", ["P04", "P07", "P09", "P11"])
def test_the_unpublished_portfolios_agree_between_layouts(name):
    answers = [calculator(params).risk(portfolios(positions)[name])
               for params, positions in LAYOUTS]
    assert all(answer.complete for answer in answers)
    assert {(a.initial.amount, a.maintenance.amount, a.net_option_value) for a in answers} == {
        (answers[0].initial.amount, answers[0].maintenance.amount, answers[0].net_option_value)}
    assert len({a.formed for a in answers}) == 1


def test_a_short_option_book_pays_the_minimum_by_hand():
    """P04: max(6 calls, 10 puts) x 250 x 0.2 = 500; premium -16 x 0.05 x 50 = -40."""
    answer = calculator(PA2).risk(portfolios(CSV)["P04"])
    assert answer.maintenance.amount == 540
    assert answer.initial.amount == 590
    assert answer.commodities[0].minimum_binds


def test_same_side_legs_spread_where_both_are_a_by_hand():
    """P07: 1.5 spreads of long equity with long notes earn 15 % of each price risk."""
    answer = calculator(PA2).risk(portfolios(CSV)["P07"])
    second = next(s for s in answer.formed if s.priority == 2)
    assert second.count == 1.5
    assert [leg.credit for leg in second.legs] == [1.5 * 62500 * 0.15, 1.5 * 20 * 1100 * 0.15]
    denied = {d.priority: (d.reason, d.detail) for d in answer.denied if d.kind == "inter"}
    assert denied[1][0] == "wrong side"
    assert denied[3] == ("no delta left", "priority lost: TNX was consumed by inter 2")


def test_both_layouts_hold_the_same_parameters():
    one, other = (loaded(path).organisations[0] for path in (PA2, SPN))
    assert {*one.series} == {*other.series}
    assert {key: (c.intra_spreads, c.spot_rates, c.price_risk_method, c.scan_tiers)
            for key, c in one.commodities.items()} == {
        key: (c.intra_spreads, c.spot_rates, c.price_risk_method, c.scan_tiers)
        for key, c in other.commodities.items()}
    assert [(s.priority, s.rate, [(leg.commodity, leg.ratio, leg.side, leg.rate)
                                  for leg in s.legs]) for s in one.inter_spreads] == [
        (s.priority, s.rate, [(leg.commodity, leg.ratio, leg.side, leg.rate)
                              for leg in s.legs]) for s in other.inter_spreads]


def test_the_command_prints_the_document(capsys):
    assert main(["span", "--params", str(PA2), "--positions", str(CSV), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "crossmargin.span/1"
    assert document["as_of"] == "2026-06-15"
    assert document["files"]["params"][0]["skipped"] == {"5": 1}
    assert [p["account_id"] for p in document["portfolios"]] == [f"P{i:02d}" for i in range(1, 13)]
    p10 = document["portfolios"][9]
    assert (p10["initial"], p10["maintenance"]) == (55950.0, 44760.0)
    assert p10["commodities"][0]["active_scenario"] == 13
    assert p10["commodities"][0]["label"] == (
        "from the file of XMC 2026-06-15 settlement final 18:00")
    assert document["portfolios"][4]["excess_long_option_value"] == 5912.0


def test_the_command_prints_text(capsys):
    assert main(["span", "--params", str(SPN), "--positions", str(POS)]) == 0
    out = capsys.readouterr().out
    assert "P10 (HRP, USD): initial 55,950.00, maintenance 44,760.00" in out
    assert "formed  inter      1  EQX/NQX: 1.3333 spreads" in out
