"""`crossmargin reconcile`: document, text, dispute sheet, exit status."""

import json

from workstation.cli.main import main

BOOK = ("Account,Account Type,Symbol,Asset Class,Quantity,Price,As of\n"
        "A-1,margin,AAPL,equity,100,268.4,2026-11-13\n")


def test_breaks_agreement_and_unusable_calls(tmp_path, capsys):
    book, broker = tmp_path / "client.csv", tmp_path / "broker.csv"
    book.write_text(BOOK)
    broker.write_text("Account,Symbol,Margin Requirement\nA1,AAPL,10736\n")
    assert main(["reconcile", str(book), "--stated", str(broker), "--json",
                 "--out", str(tmp_path / "out")]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["ours"], document["stated"], document["difference"]) == (6710, 10736, 4026)
    assert document["breaks"][1]["causes"][0]["kind"] == "parameter"
    assert (tmp_path / "out" / "dispute.pdf").exists()
    broker.write_text("Account,Margin Requirement\nA1,6710\n")
    assert main(["reconcile", str(book), "--stated", str(broker)]) == 0
    assert "Everything agrees" in capsys.readouterr().out
    assert main(["reconcile", str(book)]) == 2
    assert "no margin column" in capsys.readouterr().err
