"""A file that states no cash claims no call: the same words in every place the call would stand."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.shared import shared
from tests.unit.reports.pdf_text import pages
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.importers import import_file, write_book
from workstation.instruments.instrument import Instrument
from workstation.market.market import Market, Underlying
from workstation.reports.dossier.pack import Pack
from workstation.reports.memo import memo_bytes
from workstation.reports.review_documents import review_document
from workstation.reports.summary import summary_text
from workstation.results.account_tables import accounts_status_table
from workstation.ui.headline_figures import figures
from workstation.workspace.session import Session

EXPORTS = {"hedge_fund_two_accounts.xlsx": ("NG-1",), "deribit_positions.json": ("deribit",),
           "binance_positions.json": ("binance",)}


def short_stock(*accounts):
    positions = tuple(
        Position(a.account_id, Instrument("XYZ", AssetClass.EQUITY, "XYZ"), Decimal(-100),
                 Decimal(100), f"Positions!A{n}") for n, a in enumerate(accounts, start=2))
    return Book("Quiet", date(2026, 6, 15), accounts, positions,
                Market({"XYZ": Underlying("XYZ", Decimal(100))}))


def reviewed(tmp_path, *accounts):
    path = tmp_path / "book.xlsx"
    write_book(short_stock(*accounts), path)
    return Session.from_file(path).review()


SILENT = Account("A1", AccountType.REG_T, cash_stated=False)
NOTHING = Account("A2", AccountType.REG_T)


@pytest.mark.parametrize(("file", "silent"), EXPORTS.items(), ids=EXPORTS)
def test_an_export_without_cash_reads_the_same_everywhere(file, silent):
    run = Session.from_file(shared("data", "positions", file)).review()
    assert run.without_cash == silent
    text, document = summary_text(run), json.loads(json.dumps(review_document(run)))
    assert "CALL" not in text
    assert "cash not stated" in text
    assert document["cash_not_stated"] == list(silent)
    for account in document["accounts"]:
        if account["account_id"] in silent:
            assert (account["call"], account["excess"]) == (None, None)
            assert all("cash not stated" in test["condition"] for test in account["tests"])
    assert "cash not stated" in " ".join(pages(memo_bytes(Pack(run))))
    figure = figures(run, None, "")[4]
    assert "cash not stated" in f"{figure.amount} {figure.note}"
    assert not any(trigger.event == "call" and trigger.account in silent
                   for trigger in run.triggers)


def test_a_blank_cell_states_nothing_and_a_zero_states_nothing_held(tmp_path):
    run = reviewed(tmp_path, SILENT, NOTHING)
    blank, zero = run.statuses
    assert (blank.cash_stated, blank.call, blank.excess) == (False, 0, None)
    # equity -10,000 against 3,000 of maintenance; Regulation T holds for new positions only
    assert (zero.cash_stated, zero.call) == (True, Decimal(13_000))
    rows = accounts_status_table(run).rows
    assert (rows[0].call, rows[0].call_by) == (None, "cash not stated")
    assert rows[1].call == 13_000


def test_a_book_written_out_is_read_back_as_silent(tmp_path):
    write_book(short_stock(SILENT, NOTHING), tmp_path / "b.xlsx")
    assert [a.cash_stated for a in import_file(tmp_path / "b.xlsx").book.accounts] == [False, True]


def test_no_distance_and_no_trigger_price_without_cash(tmp_path):
    run = reviewed(tmp_path, SILENT)
    status = run.statuses[0]
    assert (status.distance.down, status.distance.up, status.distance.note) == (
        None, None, "cash not stated")
    assert [(t.price, t.reason) for t in status.triggers] == [(None, "cash not stated")]
    assert run.triggers == ()
    assert figures(run, None, "")[4].amount == "cash not stated"


def test_a_call_of_an_account_that_states_its_cash_still_leads(tmp_path):
    assert figures(reviewed(tmp_path, SILENT, NOTHING), None, "")[4].note.startswith(
        "called now: A2")
