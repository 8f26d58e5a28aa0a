"""`simm` and `schedule` from the command line: documents, text, exit status."""

import json

import pytest

from tests.rules.crif_rows import HEADER, written
from workstation.cli.main import main

SWAP = ("T1", "P", "RatesFX", "Risk_IRCurve", "USD", "1", "5y", "OIS", 1000)
BAD = ("T2", "Q", "RatesFX", "Risk_IRCurve", "USD", "1", "4y", "OIS", 1000)


def run(capsys, *words):
    status = main([str(word) for word in words])
    out = capsys.readouterr()
    return status, out.out, out.err


def test_simm_document(tmp_path, capsys):
    path = written(tmp_path, [SWAP])
    status, out, _ = run(capsys, "simm", path, "--version", "2.8+2512", "--json")
    document = json.loads(out)
    assert status == 0
    assert document["schema"] == "crossmargin.simm/1"
    assert (document["version"], document["mpor"], document["side"], document["currency"]) == (
        "2.8+2512", "10d", "call", "USD")
    assert document["parameters"] == {"ISDA SIMM": "2.8+2512"}
    assert "licence from ISDA" in document["licence_notice"]
    [portfolio] = document["portfolios"]
    assert portfolio["portfolio_id"] == "P"
    assert portfolio["total"] == pytest.approx(61_000)
    assert portfolio["explain"]["amount"] == pytest.approx(61_000)
    assert portfolio["explain"]["combine"] == "sum"
    assert portfolio["product_classes"] == {"RatesFX": pytest.approx(61_000)}
    assert document["problems"] == []


def test_version_follows_the_review_date(tmp_path, capsys):
    path = written(tmp_path, [SWAP])
    for day, version in (("2026-07-09", "2.8+2506"), ("2024-12-06", "2.7")):
        _, out, _ = run(capsys, "simm", path, "--as-of", day, "--json")
        assert json.loads(out)["version"] == version


def test_valuation_date_of_the_file_is_the_review_date(tmp_path, capsys):
    path = written(tmp_path, [(*SWAP, "2023-01-31")], (*HEADER, "ValuationDate"))
    _, out, _ = run(capsys, "simm", path, "--json")
    document = json.loads(out)
    assert (document["as_of"], document["version"]) == ("2023-01-31", "2.5")


def test_text_carries_the_licence_notice(tmp_path, capsys):
    status, out, _ = run(capsys, "simm", written(tmp_path, [SWAP]), "--mpor", "1d", "--side",
                         "post")
    assert status == 0
    assert "21,000.00" in out
    assert "licence from ISDA" in out


def test_a_refused_portfolio_leaves_the_others_and_says_incomplete(tmp_path, capsys):
    path = written(tmp_path, [SWAP, BAD])
    status, out, _ = run(capsys, "simm", path, "--json")
    document = json.loads(out)
    assert status == 1
    assert [p["portfolio_id"] for p in document["portfolios"]] == ["P"]
    assert document["refused_portfolios"] == ["Q"]
    [problem] = document["problems"]
    assert (problem["line"], problem["trade_id"], problem["code"], problem["severity"]) == (
        3, "T2", "E05", "error")


def test_nothing_left_is_an_unusable_file(tmp_path, capsys):
    path = written(tmp_path, [BAD])
    status, out, err = run(capsys, "simm", path, "--json")
    assert status == 2
    assert json.loads(out)["portfolios"] == []
    assert "E05" in err
    assert run(capsys, "simm", path, "--skip-refused-rows")[0] == 2
    status, out, _ = run(capsys, "simm", written(tmp_path, [SWAP, (*BAD[:1], "P", *BAD[2:])]),
                         "--skip-refused-rows")
    assert status == 1
    assert "computed without 1 refused rows" in out


@pytest.mark.parametrize("words", [
    ("simm", "none.csv"), ("simm", "{path}", "--version", "9"),
    ("simm", "{path}", "--calibration", "{path}"), ("schedule", "{path}"),
    ("simm", "{path}", "--as-of", "2001-01-01")])
def test_unusable_calls_say_why_in_one_sentence(tmp_path, capsys, words):
    path = written(tmp_path, [SWAP])
    status, _, err = run(capsys, *(word.format(path=path) for word in words))
    assert status == 2
    assert err.startswith("crossmargin: ")
    assert "Traceback" not in err


def test_schedule_document(tmp_path, capsys):
    header = ("TradeID", "PortfolioID", "ProductClass", "RiskType", "AmountUSD", "im_model",
              "end_date")
    rows = [("A", "P", "Rates", "Notional", 400, "Schedule", "2031-01-01"),
            ("A", "P", "Rates", "PV", 5, "Schedule", "2031-01-01")]
    path = written(tmp_path, rows, header)
    status, out, _ = run(capsys, "schedule", path, "--as-of", "2026-03-02", "--json")
    document = json.loads(out)
    [portfolio] = document["portfolios"]
    assert status == 0
    assert document["schema"] == "crossmargin.schedule/1"
    assert portfolio["collect"]["im"] == pytest.approx(8)
    # No positive value on the post side either: the ratio is 1.
    assert portfolio["post"]["im"] == pytest.approx(8)
    assert portfolio["collect"]["explain"]["amount"] == pytest.approx(8)
    status, out, _ = run(capsys, "schedule", path, "--as-of", "2026-03-02")
    assert status == 0
    assert "collect" in out


def test_comparison_of_two_calibrations_adds_up(tmp_path, capsys):
    path = written(tmp_path, [SWAP])
    _, out, _ = run(capsys, "simm", path, "--version", "2.5", "--compare", "2.8+2512", "--json")
    found = json.loads(out)["portfolios"][0]["comparison"]
    assert (found["from"], found["to"]) == ("2.5", "2.8+2512")
    steps = sum(step["amount"] for step in found["steps"])
    assert found["start"] + steps == pytest.approx(found["end"])
    _, out, _ = run(capsys, "simm", path, "--version", "2.5", "--compare", "2.8+2512")
    assert "Delta risk weights" in out


def test_an_unknown_calculation_currency_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(capsys, "simm", written(tmp_path, [SWAP]), "--currency", "XQZ")
    assert "not a currency code" in capsys.readouterr().err


def test_tables_and_normal_form_are_written(tmp_path, capsys):
    path = written(tmp_path, [SWAP, ("T2", "P", "ratesfx", "risk_fx", "CNH", "", "", "", 500)])
    folder, clean = tmp_path / "tables", tmp_path / "clean.csv"
    status, out, _ = run(capsys, "simm", path, "--version", "2.8+2512", "--compare", "2.7",
                         "--csv", folder, "--write", clean, "--json")
    assert status == 0
    total = json.loads(out)["portfolios"][0]["total"]
    assert sorted(p.name for p in folder.iterdir()) == [
        "calibrations.csv", "factors-1.csv", "netting-sets.csv"]
    line = (folder / "netting-sets.csv").read_text("utf-8-sig").splitlines()[1].split(",")
    assert float(line[2]) == pytest.approx(total)
    steps = (folder / "calibrations.csv").read_text("utf-8-sig").splitlines()
    assert steps[1].startswith("P,Margin under 2.8+2512,")
    assert steps[-1].startswith("P,Margin under 2.7,")
    again = json.loads(run(capsys, "simm", clean, "--version", "2.8+2512", "--json")[1])
    assert again["portfolios"][0]["total"] == total
    assert again["problems"] == []


def client(tmp_path, terms=("pay", "2036-03-02")):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Positions"
    sheet.append(["account_id", "account_type", "symbol", "asset_class", "quantity", "notional",
                  "fixed_rate", "pay_receive", "maturity"])
    sheet.append(["CSA", "uncleared_swaps", "IRS", "swap", 1, 20_000_000, 0.04, *terms])
    sheet.append(["CSA", "uncleared_swaps", "IRS 2", "swap", 1, 20_000_000, 0.04, "receive", None])
    path = tmp_path / "client.xlsx"
    book.save(path)
    return path


def test_own_sensitivities_are_written_as_a_crif_with_the_same_margin(tmp_path, capsys):
    path, out_file = client(tmp_path), tmp_path / "own.csv"
    status, out, _ = run(capsys, "crif", path, "--as-of", "2026-03-02", "--out", out_file)
    assert status == 1  # the second swap has no maturity
    assert "of 1 accounts, in USD" in out
    assert "no maturity" in out
    margin = json.loads(run(capsys, "margin", path, "--as-of", "2026-03-02", "--json")[1])
    simm = json.loads(run(capsys, "simm", out_file, "--side", "post", "--as-of", "2026-03-02",
                          "--json")[1])
    assert simm["portfolios"][0]["total"] == pytest.approx(
        margin["accounts"][0]["maintenance"])


def test_a_client_without_swaps_has_no_crif(tmp_path, capsys):
    path = client(tmp_path, ("pay", None))
    status, _, err = run(capsys, "crif", path, "--as-of", "2026-03-02", "--out",
                         tmp_path / "own.csv")
    assert status == 2
    assert "no swaps account has sensitivities" in err
