"""Exit status 1: an error leaves part of the book or a claim unread, though all rows margin."""

from __future__ import annotations

import json

import pytest

from tests.unit.importers.books import workbook
from workstation.cli.main import main

POSITIONS = (("Account", "Symbol", "Quantity", "Price"), ("A1", "AAPL", 100, 250))
LOTS = (("lot", "account_id", "symbol", "asset_class", "quantity", "price", "haircut"),
        ("L1", "A1", "UST", "treasury", 100, 10, 0.0))
CLAIMS = ("lot", "quantity", "secured_party")


@pytest.fixture
def client(tmp_path):
    def made(*claims, rows=POSITIONS):
        return str(workbook(tmp_path / "client.xlsx", {
            "Positions": rows, "Collateral": LOTS, "Liens": (CLAIMS, *claims)}))

    return made


def answered(capsys, *arguments):
    code = main([*arguments])
    return code, json.loads(capsys.readouterr().out)


def test_an_over_claimed_lot_has_nothing_free_and_is_status_one(client, capsys):
    code, answer = answered(capsys, "collateral", client(("L1", 70, "PB"), ("L1", 40, "BANK")),
                            "--json")
    assert code == 1
    assert answer["free_value"] == 0
    assert "the whole lot is taken as claimed" in json.dumps(answer["problems"])


def test_claims_that_fit_are_status_zero(client, capsys):
    code, answer = answered(capsys, "collateral", client(("L1", 70, "PB"), ("L1", 30, "BANK")),
                            "--json")
    assert (code, answer["free_value"]) == (0, 0)


def test_the_review_of_an_over_claimed_lot_is_status_one(client, tmp_path, capsys):
    file = client(("L1", 70, "PB"), ("L1", 40, "BANK"))
    assert main(["review", file, "--out", str(tmp_path / "pack")]) == 1
    review = json.loads((tmp_path / "pack" / "review.json").read_text("utf-8"))
    assert review["collateral"]["free_value"] == 0


@pytest.mark.parametrize("claim", [("L9", 10, "PB"), ("L1", -5, "PB"), ("L1", "many", "PB")])
def test_a_claim_that_cannot_be_read_is_status_one(client, capsys, claim):
    code, answer = answered(capsys, "collateral", client(claim), "--json")
    assert code == 1
    assert any(problem["severity"] == "error" for problem in answer["problems"])


def test_a_sheet_of_claims_without_its_columns_is_status_one(tmp_path, capsys):
    file = workbook(tmp_path / "client.xlsx", {
        "Positions": POSITIONS, "Collateral": LOTS, "Liens": (("piece", "amount"), ("L1", 40))})
    code, answer = answered(capsys, "collateral", str(file), "--json")
    assert code == 1
    assert "the sheet has no column lot" in json.dumps(answer["problems"])


def test_margin_of_rows_that_may_count_twice_is_status_one(client, capsys):
    rows = (*POSITIONS, ("A1", "AAPL", 60, 250), ("A1", "AAPL", 40, 250))
    code, answer = answered(capsys, "margin", client(rows=rows), "--regime", "silos", "--json")
    assert code == 1
    assert not answer["excluded"]
    assert "may be counted twice" in json.dumps(answer["problems"])
