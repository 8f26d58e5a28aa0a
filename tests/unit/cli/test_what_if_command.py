"""`crossmargin what-if`, and changes given to review and margin."""

import json

import pytest

from tests.unit.reports.pdf_text import pages
from workstation.cli.main import main
from workstation.reports.ink import token
from workstation.workspace.session import sample_books

HARROW = str(next(p for p in sample_books() if p.stem == "harrow_long_short"))
DESIGN = ("--design", "single-account-scan")


def told(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_current_change_and_after_stand_beside_each_other(capsys):
    document = told(capsys, "what-if", HARROW, "--do", "scale all by 200%", *DESIGN)
    assert document["schema"] == "crossmargin.what_if/1"
    assert document["branches"][0]["changes"][0]["operation"] == "scale all by 200%"
    assert document["branches"][0]["changes"][0]["author"]
    assert document["tables"].pop("What-if rules") == []
    for rows in document["tables"].values():
        for row in rows:
            if row["current"] is not None and row["after"] is not None:
                assert row["change"] == pytest.approx(row["after"] - row["current"], abs=1e-6)
    [need] = [r for r in document["tables"]["What-if regimes"] if r["figure"] == "requirement"]
    assert need["after"] > need["current"]
    bridge = document["tables"]["What-if bridge single-account-scan"]
    for column in ("current", "change", "after"):
        assert sum(r[column] for r in bridge[:-1]) == pytest.approx(bridge[-1][column], abs=1e-4)
    assert document["tables"]["What-if offsets single-account-scan"]
    assert {r["what"] for r in document["tables"]["What-if positions"]} == {"resized"}


def test_margin_of_a_branch_is_that_of_the_changed_book(capsys):
    whole = told(capsys, "margin", HARROW, "--regime", "silos")
    flat = told(capsys, "margin", HARROW, "--regime", "silos", "--what-if", "close all")
    assert whole["maintenance"] > 0
    assert flat["maintenance"] == 0


def sheets_of(path):
    from openpyxl import load_workbook

    return load_workbook(path).sheetnames


def test_a_branch_is_kept_in_a_review_and_goes_on_from_there(capsys, tmp_path):
    review, sheet = tmp_path / "client.crossmargin", tmp_path / "compared.xlsx"
    changes = tmp_path / "changes.txt"
    changes.write_text("# first\nclose KO\n", "utf-8")
    assert main(["what-if", HARROW, "--what-if-file", str(changes), "--branch", "no KO",
                 "--save", str(review), "--out", str(sheet), *DESIGN]) == 0
    text = capsys.readouterr().out
    assert "no KO, from base, draft" in text
    assert "1. close KO" in text
    assert "What-if headline" in sheets_of(sheet)
    again = told(capsys, "what-if", str(review), "--branch", "no KO", "--do", "scale AAPL by 50%")
    assert [c["operation"] for c in again["branches"][0]["changes"]] == [
        "close KO", "scale AAPL by 50%"]
    shown = told(capsys, "what-if", str(review), "--branch", "no KO")
    assert [c["operation"] for c in shown["branches"][0]["changes"]] == ["close KO"]


@pytest.mark.parametrize(("arguments", "said"), [
    ((HARROW,), "no change is given"),
    ((HARROW, "--branch", "nope"), "no branch 'nope'"),
    ((HARROW, "--do", "close NOPE"), "no position of the book is NOPE"),
    ((HARROW, "--do", "sell KO"), "begin with one of: add"),
    ((HARROW, "--do", "close KO", "--out", "/no/such/folder/x.xlsx"), "cannot be written"),
])
def test_what_cannot_be_done_is_one_sentence(arguments, said, capsys):
    assert main(["what-if", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_the_help_lists_every_change(capsys):
    with pytest.raises(SystemExit):
        main(["what-if", "--help"])
    assert "add-from FILE | subtract FILE" in capsys.readouterr().out


def test_the_review_pack_of_a_branch_says_so(tmp_path, capsys):
    assert main(["review", HARROW, "--out", str(tmp_path), "--what-if", "close KO", *DESIGN]) == 0
    assert "[what-if: what-if]" in capsys.readouterr().out
    assert "[what-if: what-if]" in (tmp_path / "review.json").read_text("utf-8")


def test_no_part_of_a_branchs_pack_passes_for_the_base(tmp_path, capsys):
    assert main(["review", HARROW, "--out", str(tmp_path), "--what-if", "close KO", *DESIGN]) == 0
    capsys.readouterr()
    assert json.loads((tmp_path / "review.json").read_text("utf-8"))["what_if"] == "what-if"
    said = "WHAT-IF what-if: not the client's book as it is"
    for page in pages((tmp_path / "memo.pdf").read_bytes()):
        assert said in page
        assert "[what-if: what-if]" in page
    web = (tmp_path / "memo.html").read_text("utf-8")
    assert '<div class="draft branch" role="note">WHAT-IF what-if' in web
    assert '<h1 class="branch">' in web
    from openpyxl import load_workbook

    book = load_workbook(tmp_path / "review.xlsx")
    assert said in {cell.value for cell in book["About"]["A"]}
    assert {sheet.sheet_properties.tabColor.rgb[-6:] for sheet in book if sheet.title != "About"
            } == {token("what_if").removeprefix("#")}
    assert "[what-if: what-if]" in book.properties.title


def test_the_pack_of_a_book_as_it_is_claims_no_branch(tmp_path, capsys):
    assert main(["review", HARROW, "--out", str(tmp_path), *DESIGN]) == 0
    capsys.readouterr()
    assert json.loads((tmp_path / "review.json").read_text("utf-8"))["what_if"] is None
    assert "WHAT-IF" not in " ".join(pages((tmp_path / "memo.pdf").read_bytes()))
    assert 'class="branch"' not in (tmp_path / "memo.html").read_text("utf-8")


def test_rules_of_another_edition_stand_beside_the_present_ones(capsys):
    document = told(capsys, "what-if", HARROW, "--do", "edition finra_4210 to 2013-01-23", *DESIGN)
    assert {"item": "FINRA 4210", "figure": "edition", "current": "2026-06-04",
            "after": "2013-01-23"} in document["tables"]["What-if rules"]
    assert main(["what-if", HARROW, "--do", "edition finra_4210 to 2013-01-23", *DESIGN]) == 0
    assert "FINRA 4210: 2026-06-04, after: 2013-01-23" in capsys.readouterr().out
