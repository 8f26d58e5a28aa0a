import json
import math
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.results.made_run import made_run
from workstation.base.explain import leaf
from workstation.reports.documents import (
    cascade_document,
    collateral_document,
    design_margin_document,
    encode,
    explain_body,
    margin_document,
    number,
    review_document,
)
from workstation.reports.margin_documents import unique_names

ENVELOPE = {"schema", "as_of", "product_version", "inputs", "parameters"}


@pytest.fixture(scope="module")
def run():
    return made_run()


def documents(run):
    return (margin_document(run.silos, run), design_margin_document(run, run.designs[0]),
            review_document(run), collateral_document(run), cascade_document(run))


def test_every_document_says_how_it_was_made(run):
    for document in documents(run):
        assert document.keys() >= ENVELOPE
        assert document["as_of"] == "2026-03-02"
        assert document["inputs"] == {"meridian.xlsx": "ab" * 32}
        assert document["parameters"] == {"FINRA 4210": "2026-06-04", "Clearing margin": "2026-02"}


def test_every_document_is_json_and_reads_back(run):
    for document in documents(run):
        assert json.loads(encode(document)) == document


def test_margin_document_has_the_promised_fields(run):
    document = margin_document(run.silos, run, run.problems)
    assert document["schema"] == "crossmargin.margin/1"
    assert document["regime"] == "silos"
    assert document["maintenance"] == float(run.silos.maintenance.amount)
    assert document["accounts"][0].keys() >= {
        "account_id", "regime", "initial", "maintenance", "gross", "net"}
    assert document["offsets"][0] == {
        "kind": "pair", "between": ["AAPL", "SPX"], "status": "denied",
        "reason": "different underlyings", "amount": 0.0, "would_save": 1000.0,
        "accounts": ["PB-1"], "level": "", "tests": {}, "barrier": ""}
    assert document["excluded"][1]["where"] == "Positions!A7"
    assert document["problems"][0]["severity"] == "info"


def amounts_agree(node):
    parts = [part["amount"] for part in node["parts"]]
    expected = {"sum": math.fsum, "max": max, "min": min}.get(node["combine"])
    if expected is not None:
        assert node["amount"] == pytest.approx(expected(parts), abs=1e-6)
    for part in node["parts"]:
        amounts_agree(part)


def test_explanations_add_up_at_every_node(run):
    document = margin_document(run.silos, run)
    assert document["explain"]["amount"] == document["maintenance"]
    amounts_agree(document["explain"])
    amounts_agree(document["explain_initial"])
    for outcome in review_document(run)["designs"]:
        assert outcome["explain"]["amount"] == outcome["maintenance"]
        amounts_agree(outcome["explain"])


def test_explanations_carry_citation_and_inputs():
    run = made_run()
    scan = explain_body(run.silos.maintenance)["parts"][0]["parts"][0]["parts"][0]
    assert scan["citation"] == "FINRA 4210(f)(2)(E) [2026-06-04]"
    assert scan["inputs"] == {"price": "268.40", "rate": "15 % of market value"}
    assert explain_body(leaf("x", Decimal(1)))["citation"] is None


def test_inputs_of_the_same_name_are_all_kept():
    assert unique_names((("price", "1"), ("price", "2"), ("price", "3"))) == {
        "price": "1", "price (2)": "2", "price (3)": "3"}


def test_amounts_are_not_rounded_and_never_nan():
    assert number(Decimal("0.1234567890123")) == 0.1234567890123
    assert number(None) is None
    assert number(float("nan")) is None
    assert number(float("inf")) is None


def test_a_cascade_that_blew_up_is_still_json(run):
    broken = replace(run.cascade, invariants=(("value", float("nan")),))
    document = cascade_document(replace(run, cascade=broken))
    assert document["invariants"] == {"value": None}
    encode(document)


def test_review_reconciles(run):
    document = review_document(run)
    silos = document["silos"]["maintenance"]
    for outcome in document["designs"]:
        assert silos - outcome["saving"] == pytest.approx(outcome["maintenance"])
        bridge = outcome["bridge"]
        assert bridge["silos"] + sum(s["amount"] for s in bridge["steps"]) == pytest.approx(
            bridge["end"])
    assert document["complete"] is False
    assert document["editions"][1]["to_confirm"] == ["es_rate", "btc_rate"]
    assert [item["amount"] for item in document["stand_alone"]][-1] is None


def test_collateral_states_add_up(run):
    document = collateral_document(run)
    lot = document["lots"][0]
    assert sum(lot["states"].values()) == lot["quantity"]
    assert sum(document["value_by_state"].values()) == lot["market_value"]


def test_collateral_lists_what_was_left_out(run):
    document = collateral_document(run)
    assert document["complete"] is run.complete is False
    assert document["excluded"] == review_document(run)["excluded"]
    told = [item["what"] for item in document["problems"]]
    assert {p.what for p in run.problems if p.severity != "info"} <= set(told)
    assert len(told) == len(set(told))


def test_cascade_has_the_promised_fields(run):
    document = cascade_document(run)
    assert document.keys() >= {
        "steps", "direct_loss", "total_loss", "amplification", "defaults", "triggers",
        "call_waterfall", "invariants"}
    assert document["steps"][1]["prices"] == {"SPX": 6233.1, "BTC": 52000.0}
    assert document["steps"][1]["sales"] == {"Meridian Macro LP": 0.25, "Pension": 0.0}


def test_without_a_cascade_the_fields_are_there_and_empty():
    run = made_run(with_cascade=False)
    assert review_document(run)["cascade"] is None
    empty = cascade_document(run)
    assert empty["steps"] == []
    assert empty["direct_loss"] is None
    assert empty.keys() == cascade_document(made_run()).keys()
