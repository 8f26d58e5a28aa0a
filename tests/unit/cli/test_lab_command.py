"""`crossmargin lab`: text, document, evidence and refusals in one sentence."""

import csv
import json
from hashlib import sha256

import pytest

from tests.rules.span_fixture import CSV, PA2
from workstation.cli.main import main
from workstation.workspace.edits import SetMarginHistory
from workstation.workspace.margin_sources import read_margin_source
from workstation.workspace.opening import open_with_files
from workstation.workspace.session import sample_books

MACRO = str(next(p for p in sample_books() if p.stem == "meridian_macro"))
INCOME = str(next(p for p in sample_books() if p.stem == "larkfield_income"))
QUICK = ("--days", "30", "--design", "today", "--design", "filtered-hs-apc")


def test_the_document_holds_every_book_and_design(capsys):
    assert main(["lab", MACRO, INCOME, *QUICK, "--json", "--history", "sample"]) == 0
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert document["schema"] == "crossmargin.lab/1"
    assert [b["book"] for b in document["books"]] == ["Meridian Macro LP",
                                                      "Larkfield Income Partners"]
    assert all(len(b["designs"]) == 2 for b in document["books"])
    assert "synthetic" in told.err


def test_a_refused_design_is_said_and_changes_the_exit_status(capsys):
    assert main(["lab", INCOME, *QUICK]) == 1
    text = capsys.readouterr().out
    assert "refused" in text
    assert "History sheet" in text


def test_evidence_is_written_row_by_row(tmp_path, capsys):
    path = tmp_path / "evidence.csv"
    assert main(["lab", MACRO, *QUICK, "--evidence", str(path)]) == 0
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert {r["design"] for r in rows} == {"today", "filtered-hs-apc"}
    assert "Meridian" in capsys.readouterr().out


def test_evidence_is_a_workbook_where_the_name_says_so(tmp_path):
    path = tmp_path / "evidence.xlsx"
    assert main(["lab", MACRO, *QUICK, "--evidence", str(path)]) == 0
    book = pytest.importorskip("openpyxl").load_workbook(path)
    assert book.sheetnames[:9] == [
        "Frontier", "Coverage", "Margin under stress", "Liquidation dynamics", "Protection",
        "Published margin", "Recovery", "Replay", "Exhibits"]
    assert book.sheetnames[-2:] == ["Basis", "Evidence"]
    assert book["Frontier"]["B3"].value == "filtered-hs-apc"
    assert not any(str(cell.value).startswith("=") for sheet in book for row in sheet.iter_rows()
                   for cell in row)
    assert main(["lab", MACRO, *QUICK, "--evidence", str(tmp_path / "none" / "e.csv")]) == 2


def test_a_history_of_the_users_own_is_read(tmp_path, capsys):
    days = [(m, d) for m in range(1, 13) for d in range(1, 29)]
    lines = [f"2024-{m:02d}-{d:02d},{100 + (m * d) % 7}" for m, d in days]
    for name in ("BAC", "F", "JPM", "KO", "MSFT", "PEP", "XOM"):
        (tmp_path / f"{name}.csv").write_text("date,close\n" + "\n".join(lines) + "\n", "utf-8")
    files = [word for path in sorted(tmp_path.iterdir()) for word in ("--history", str(path))]
    assert main(["lab", INCOME, *QUICK, *files, "--json"]) == 0
    designs = json.loads(capsys.readouterr().out)["books"][0]["designs"]
    assert designs[0]["coverage"]["days"] > 0


@pytest.mark.parametrize(("words", "sentence"), [
    (["--scenario", "crypto"], "names several"), (["--scenario", "nothing"], "names none"),
    (["--design", "nothing"], "there is no design"), (["--history", "gone.csv"], "gone.csv")])
def test_what_cannot_be_used_is_refused_in_one_sentence(words, sentence, capsys):
    assert main(["lab", MACRO, "--days", "5", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_shocks_of_the_users_own_are_taken(capsys):
    assert main(["lab", MACRO, *QUICK, "--shock", "SPX=-30%", "--shock", "BTC=-0.5", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["stress"] == "own shocks"
    assert document["books"][0]["designs"][0]["stressed"][0]["stress"] == "own shocks"


def test_the_document_says_how_it_was_made(capsys):
    path = next(p for p in sample_books() if p.stem == "larkfield_income")
    main(["lab", str(path), "--design", "today", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["as_of"] == "2026-11-13"
    assert answer["inputs"] == {path.name: sha256(path.read_bytes()).hexdigest()}
    assert answer["parameters"]["FINRA 4210"] == "2026-06-04"


def test_a_saved_review_s_files_and_margin_history_are_used(tmp_path, capsys):
    session = open_with_files(CSV, [PA2])
    history = tmp_path / "margins.csv"
    history.write_text("symbol,date,initial,maintenance\nEQ,20260101,11,10\nEQ,20260301,15,14\n",
                       "utf-8")
    SetMarginHistory(session, read_margin_source(history)).apply()
    session.save(tmp_path / "futures.crossmargin")
    evidence = tmp_path / "evidence.csv"
    assert main(["lab", str(tmp_path / "futures.crossmargin"), "--design", "today", "--json",
                 "--evidence", str(evidence)]) == 0
    document = json.loads(capsys.readouterr().out)
    (book,) = document["books"]
    assert book["silos"] == pytest.approx(751439.25)
    assert set(document["inputs"]) == {"portfolios.csv", PA2.name}
    rows = {row["figure"]: row for row in csv.DictReader(
        evidence.read_text("utf-8").splitlines()) if row["design"] == "published margin"}
    assert float(rows["EQ: peak to trough"]["value"]) == 1.4
    assert rows["EQ: changes"]["basis"].startswith("margins.csv, ")


def test_a_book_beside_its_files_is_margined_from_them(capsys):
    assert main(["lab", str(CSV), "--params-file", str(PA2), "--design", "today", "--json"]) == 0
    (book,) = json.loads(capsys.readouterr().out)["books"]
    assert book["silos"] == pytest.approx(751439.25)
