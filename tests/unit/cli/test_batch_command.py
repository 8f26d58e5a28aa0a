"""`crossmargin batch`: packs, league table, exit status."""

import json

from workstation.cli.main import main

GOOD = "Account,Account Type,Symbol,Quantity,Price,As of\nA1,margin,AAPL,100,268.4,2026-11-13\n"


def test_a_folder_of_good_and_bad_books(tmp_path, capfd):
    books = tmp_path / "books"
    books.mkdir()
    (books / "good.csv").write_text(GOOD)
    (books / "bad.csv").write_text("nothing\n")
    out = tmp_path / "out"
    assert main(["batch", str(books), "--out", str(out), "--json",
                 "--design", "single-account-scan"]) == 1
    printed = capfd.readouterr()
    document = json.loads(printed.out)
    assert document == json.loads((out / "league.json").read_text())
    assert document["schema"] == "crossmargin.batch/1"
    assert document["as_of"] == "2026-11-13"
    assert [(b["file"], b["status"]) for b in document["books"]] == [
        ("good.csv", "complete"), ("bad.csv", "failed")]
    assert document["books"][0]["silos"] == 6710
    assert "[2/2]" in printed.err
    assert (out / "league.xlsx").exists()
    assert (out / "good" / "memo.pdf").exists()


def test_only_bad_books_are_an_unusable_call(tmp_path, capfd):
    (tmp_path / "bad.csv").write_text("nothing\n")
    assert main(["batch", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    printed = capfd.readouterr()
    assert "none of the 1 books could be reviewed" in printed.err
    assert "not reviewed" in printed.out
