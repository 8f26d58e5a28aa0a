"""`crossmargin import` with decisions, profiles and an earlier file."""

import json

import pytest

from workstation.cli.main import main

ODD = "Report of a bank\nCode,Amount held,Worth each\nAAPL,100,268.4\nMSFT,oops,412\n"


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSMARGIN_SETTINGS", str(tmp_path / "settings"))


def imported(capsys, *words):
    status = main(["import", *map(str, words), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_decisions_make_a_file_readable_and_a_profile_reads_the_next(tmp_path, capsys):
    path, later = tmp_path / "odd.csv", tmp_path / "later.csv"
    path.write_text(ODD)
    later.write_text(ODD.replace("oops", "7").replace("100", "90"))
    assert main(["import", str(path)]) == 2
    assert "no position table was found" in capsys.readouterr().err
    status, document = imported(
        capsys, path, "--header-row", "2", "--map", "Amount held=quantity", "--map",
        "Worth each=price", "--set", "odd.csv!B4=5", "--as-of", "2026-11-13",
        "--save-profile", "Bank X")
    assert status == 0
    assert [p["quantity"] for p in document["positions"]] == [100, 5]
    assert [s["step"] for s in document["steps"]] == [
        "column", "column", "set cell", "header row"]
    status, document = imported(capsys, later, "--as-of", "2026-11-13", "--against", path)
    assert status == 0
    assert document["profile"] == "Bank X"
    assert [p["quantity"] for p in document["positions"]] == [90, 7]
    assert [(c["kind"], c["symbol"]) for c in document["changes"]] == [
        ("quantity", "AAPL"), ("added", "MSFT")]
    assert main(["import", str(later), "--profile", "none"]) == 2


@pytest.mark.parametrize(("words", "sentence"), [
    (["--map", "Code=colour"], "is not a field"), (["--profile", "Nobody"], "no import profile"),
    (["--unit", "Code=furlongs"], "is not a unit")])
def test_decisions_that_cannot_be_meant(tmp_path, capsys, words, sentence):
    path = tmp_path / "odd.csv"
    path.write_text(ODD)
    assert main(["import", str(path), *words]) == 2
    assert sentence in capsys.readouterr().err


def test_the_text_lists_steps_and_changes(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text("Symbol,Quantity,Price\nAAPL,1,268\n")
    main(["import", str(path), "--account", "PB-1", "--against", str(path)])
    printed = capsys.readouterr().out
    assert "1. give rows without account to PB-1" in printed
    assert "added" in printed
    assert "removed" in printed


def test_cash_is_complete_wherever_the_file_states_it(tmp_path, capsys):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Positions"
    for row in (("account_id", "symbol", "asset_class", "quantity", "price", "currency"),
                ("A1", "KO", "equity", 5, 70, "USD"), ("A1", "USD", "cash", 250, 1, "USD"),
                ("A1", "EUR", "cash", -40, 1, "EUR")):
        sheet.append(row)
    accounts = book.create_sheet("Accounts")
    for row in (("account_id", "account_type", "currency", "cash"), ("A1", "reg_t", "USD", 1000)):
        accounts.append(row)
    book.save(tmp_path / "client.xlsx")
    main(["import", str(tmp_path / "client.xlsx"), "--json"])
    document = json.loads(capsys.readouterr().out)
    (account,) = document["accounts"]
    stated = {}
    for line in document["cash"]:
        stated[line["currency"]] = stated.get(line["currency"], 0) + line["amount"]
    assert stated == {account["currency"]: account["cash"], **account["other_cash"]}
    assert stated == {"USD": 1250, "EUR": -40}
    assert {line["where"] for line in document["cash"]} == {
        "Accounts", "Positions!A3", "Positions!A4"}
