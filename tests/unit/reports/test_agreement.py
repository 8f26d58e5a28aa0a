"""Console, document, memo, web page and workbook of one review say the same figures."""

import html
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from tests.shared import shared
from tests.unit.reports.pdf_text import pages
from workstation.base.money import accounting
from workstation.reports.dossier.memo import memo
from workstation.reports.lines import trigger_text
from workstation.reports.memo import memo_bytes
from workstation.reports.summary import summary_text
from workstation.reports.web import html_bytes
from workstation.reports.workbook import workbook_bytes
from workstation.workspace.pack import pack_document
from workstation.workspace.session import Session, sample_books

INCOMPLETE = "data/positions/hedge_fund_two_accounts.xlsx"


@pytest.fixture(scope="module", params=[*sample_books(), INCOMPLETE], ids=lambda p: str(p)[-20:])
def said(request):
    path = shared(request.param) if request.param == INCOMPLETE else request.param
    session = Session.from_file(path)
    run = session.settled()
    pack = session.pack()
    web = re.sub(r"<(style|svg).*?</\1>", " ", html_bytes(memo(pack)).decode(), flags=re.DOTALL)
    return (run, pack_document(pack), {
        "console": summary_text(run),
        "memo": " ".join(pages(memo_bytes(pack))),
        "web": html.unescape(re.sub(r"<[^>]+>", " ", web)),
    }, CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(pack))))


def flat(text):
    return " ".join(text.split())


def column(book, sheet, heading):
    rows = book.get_sheet_by_name(sheet).to_python()
    place = next(n for n, name in enumerate(rows[0]) if str(name).startswith(heading))
    return [row[place] for row in rows[1:] if isinstance(row[place], float)]


def test_headline_amounts(said):
    run, document, texts, _ = said
    amounts = [document["silos"]["maintenance"], document["silos"]["initial"]]
    for design in document["designs"]:
        if design["design"] != "today":
            amounts += [design["maintenance"], design["saving"]]
    if run.collateral.lots:
        amounts.append(document["collateral"]["free_value"])
    amounts += [document["cascade"]["direct_loss"], document["cascade"]["total_loss"]]
    for where, text in texts.items():
        for amount in amounts:
            assert accounting(amount) in text, (where, amount)


def test_the_workbook_holds_them_unrounded(said):
    _, document, _, book = said
    silos = column(book, "Silos", "Maintenance")
    assert document["silos"]["maintenance"] == pytest.approx(silos[-1], abs=0.005)
    assert sum(silos[:-1]) == pytest.approx(silos[-1], abs=0.005)
    required = column(book, "Designs", "Requirement")
    for design in document["designs"]:
        assert min(abs(design["maintenance"] - amount) for amount in required) < 0.005


def test_the_next_trigger(said):
    run, document, texts, _ = said
    found = document["next_triggers"]
    assert bool(found) == bool(run.triggers)
    if found:
        first = run.triggers[0]
        assert (found[0]["factor"], found[0]["move"]) == (first.factor, pytest.approx(first.move))
        for where, text in texts.items():
            assert trigger_text(first) in flat(text), where


def test_what_is_left_out(said):
    run, document, texts, book = said
    assert document["complete"] == run.complete == (not document["excluded"])
    about = flat(" ".join(str(row[0]) for row in book.get_sheet_by_name("About").to_python()))
    for where, text in {**texts, "workbook": about}.items():
        assert ("INCOMPLETE" in text) == (not run.complete), where
    for account in document["cash_not_stated"]:
        for where, text in texts.items():
            assert re.search(rf"{account}[^.]*cash not stated|[Cc]ash not stated[^.]*{account}",
                             flat(text)), where
