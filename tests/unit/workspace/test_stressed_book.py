from decimal import Decimal
from io import BytesIO

import pytest

from tests.unit.reports.pdf_text import pages
from workstation.book.resolve import resolve
from workstation.book.valuation import net_liquidating_value
from workstation.lab.scenarios import historical
from workstation.lab.stress import margin_under_stress
from workstation.reports.memo import memo_bytes
from workstation.reports.workbook import workbook_bytes
from workstation.results.stressed_book import moves_grid_table, past_moves_table, replays_table
from workstation.workspace import stressed_book as module
from workstation.workspace.pack import pack_document
from workstation.workspace.session import Session, sample_books
from workstation.workspace.stressed_book import stressed_book


def reviewed(name):
    session = Session.from_file(next(p for p in sample_books() if name in p.name))
    session.settled()
    return session


@pytest.fixture(scope="module")
def macro():
    session = reviewed("meridian")
    return session, stressed_book(session)


def test_a_past_move_is_the_labs_own_recomputation(macro):
    session, found = macro
    row = next(r for r in found.moves if r.scenario == "2020-03-12 Covid A")
    design = next(d for d in session.designs if d.name == "single-account-scan")
    plain = margin_under_stress(session.book, historical("2020-03-12 Covid A"), (design,),
                                session.rule_set())
    assert (row.equity, row.silos, row.design) == (plain.equity, plain.silos, plain.designs[0][1])
    assert row.profit == -plain.loss
    assert row.rise == plain.silos - session.run.silos.maintenance.amount
    assert row.called > 0
    assert row.accounts


def test_the_unmoved_cell_of_the_grid_is_todays_requirement(macro):
    session, found = macro
    cell = next(c for c in found.grid if c.move == 0 and c.volatility == 0)
    assert cell.profit == 0
    assert cell.silos == float(session.run.silos.maintenance.amount)
    assert len(found.grid) == len(module.MOVES) * len(module.VOLATILITIES)


def test_every_move_is_told_or_named_as_touching_nothing():
    found = stressed_book(reviewed("northlight"))
    assert "1987-10-19 Black Monday" in found.still  # coins had no price then
    assert len(found.moves) + len(found.still) == 22
    assert not set(found.still) & {row.scenario for row in found.moves}


def test_todays_law_and_the_design_are_replayed_over_the_books_history(macro):
    _, found = macro
    assert [row.title for row in found.replays] == [
        "Today, silos", "Single-account scan, conservative offsets"]
    for row in found.replays:
        assert row.days > 100
        assert row.peak_to_trough >= 1 <= row.rise
        assert (row.exceedances == 0) == (row.uncovered == 0)


def test_what_is_not_stated_is_not_claimed(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Positions"
    for row in (("account_id", "symbol", "asset_class", "quantity", "price"),
                ("A1", "SPX", "equity", -100, 6500), ("F1", "ESZ6", "future", -10, 6700)):
        book.active.append(row)
    book.save(tmp_path / "short.xlsx")
    session = Session.from_file(tmp_path / "short.xlsx")
    session.settled()
    found = stressed_book(session)
    assert all(row.equity is None and not row.called for row in found.moves)
    assert any("cash not stated" in note for note in found.notes)
    assert module.NO_HISTORY in found.notes
    assert not found.replays


def test_a_large_book_is_left_alone_unless_asked(monkeypatch):
    session = reviewed("larkfield")
    whole = stressed_book(session)
    monkeypatch.setattr(module, "IN_FULL", 1)
    part = stressed_book(session)
    assert len(part.moves) == module.WORST
    assert set(part.moves) <= set(whole.moves)
    assert max(row.profit for row in part.moves) <= sorted(row.profit for row in whole.moves)[5]
    assert part.notes == (module.IN_PART,)
    assert (part.grid, part.replays) == ((), ())
    monkeypatch.setattr(module, "MOST_POSITIONS", 1)
    assert stressed_book(session).moves == ()
    assert "--stress" in stressed_book(session).notes[0]
    assert stressed_book(session, always=True) == whole


def test_memo_workbook_and_document_tell_the_same_figures(macro):
    import openpyxl

    session, found = macro
    pack = session.pack(stressed=found)
    text = " ".join(pages(memo_bytes(pack)))
    worst = min(found.moves, key=lambda row: row.profit)
    assert f"({abs(worst.profit):,.0f})" in text
    assert f"{worst.silos:,.0f}" in text
    assert "1.706" in text  # peak to trough of the design
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(pack)))
    for table in (moves_grid_table(found, "USD"), past_moves_table(found, "USD"),
                  replays_table(found, "USD")):
        sheet = book[table.name]
        assert sheet.max_row == len(table.rows) + 1
        assert [c.value for c in sheet[1]] == [c.heading for c in table.columns]
    body = pack_document(pack)["stressed"]
    assert [row["silos"] for row in body["moves"]] == [float(r.silos) for r in found.moves]
    assert body["replays"][1]["peak_to_trough"] == found.replays[1].peak_to_trough


def test_a_memo_says_when_nobody_asked(macro):
    session, _ = macro
    assert "was not margined again after moves" in " ".join(pages(memo_bytes(session.pack())))


def test_equity_after_a_move_adds_up(macro):
    session, found = macro
    before = net_liquidating_value(session.book, resolve(session.book))
    for row in found.moves:
        assert row.equity - row.profit == before
    assert isinstance(before, Decimal)
