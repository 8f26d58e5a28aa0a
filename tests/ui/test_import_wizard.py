"""Import with preview: look, decide, correct, commit, undo, and profiles recognised next time."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.unit.importers.books import workbook
from workstation.importers.opening import open_source
from workstation.importers.recipe import NO_DECISIONS
from workstation.ui.import_wizard import ImportWizard
from workstation.workspace.profiles import ProfileStore
from workstation.workspace.session import Session

GOOD = ("Account,Symbol,Quantity,Price,Market Value\n"
        "A1,AAPL,100,268.4,26840\nA1,MSFT,-50,412.5,-20625\n")
ODD = "Report of a bank\nCode,How many,Worth each\nAAPL,100,268.4\nMSFT,oops,412\n"


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSMARGIN_SETTINGS", str(tmp_path / "settings"))


@pytest.fixture
def look(qtbot, tmp_path):
    """Open a text in the wizard and wait for its first dry run."""
    def opened(text, name="client.csv", session=None):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        wizard = ImportWizard(open_source(path), NO_DECISIONS, None, session)
        qtbot.addWidget(wizard)
        with qtbot.waitSignal(wizard.shown, timeout=10_000):
            wizard.show()
        return wizard

    return opened


def choose(qtbot, wizard, column, field):
    chooser = wizard.choosers.choosers()[column][0]
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        chooser.setCurrentIndex(chooser.findData(field))
        chooser.activated.emit(chooser.currentIndex())


def texts(wizard, column=0):
    model = wizard.issues.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_the_preview_shows_cells_fields_reasons_and_a_summary(look):
    wizard = look(GOOD)
    assert wizard.model.index(1, 1).data() == "AAPL"
    assert [part[0].currentData() for part in wizard.choosers.choosers()] == [
        "account_id", "symbol", "quantity", "price", "market_value"]
    assert wizard.choosers.choosers()[2][2].toolTip().startswith("100%  header is the field's name")
    assert "2 positions  ·  1 account  ·  value USD 6,215  ·  every total agrees" in (
        wizard.summary.text())
    assert wizard.header.value() == 1
    assert wizard.open_new.isEnabled()


def test_a_problem_stands_beside_its_cell_and_is_corrected_in_place(look, qtbot):
    wizard = look(GOOD.replace(",100,", ",abc,"))
    assert texts(wizard)[0] == "error"
    index = wizard.model.index(1, 2)
    assert "is not a number" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert wizard.model.headerData(1, Qt.Orientation.Vertical) == "✕ 2"
    wizard.issues.view.selectRow(0)
    assert (wizard.view.currentIndex().row(), wizard.view.currentIndex().column()) == (1, 2)
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        assert wizard.model.setData(index, "100")
    assert "error" not in texts(wizard)
    assert index.data() == "100"
    assert wizard.model.headerData(1, Qt.Orientation.Vertical) in ("✓ 2", "! 2")
    assert wizard.steps.item(0).text() == "1.  set client.csv!C2 to 100"
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.take_step_back()
    assert "error" in texts(wizard)


def test_an_unknown_layout_is_read_once_header_and_columns_are_chosen(look, qtbot):
    wizard = look(ODD)
    assert not wizard.open_new.isEnabled()
    assert "no position table was found" in wizard.words.text()
    assert wizard.words.property("tone") == "bad"
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.header.setValue(2)
    assert "No column is the quantity" in wizard.words.text()
    choose(qtbot, wizard, 1, "quantity")
    assert "No column is a price" in wizard.words.text()
    choose(qtbot, wizard, 2, "price")
    wizard.view.setCurrentIndex(wizard.model.index(3, 0))
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.ignore_row()
    assert "1 position  ·" in wizard.summary.text()
    assert wizard.open_new.isEnabled()


def test_an_account_without_type_is_given_one(look, qtbot, monkeypatch):
    from PySide6.QtWidgets import QInputDialog

    wizard = look(GOOD)
    assert any("has no type" in text for text in texts(wizard, 2))
    monkeypatch.setattr(QInputDialog, "getItem",
                        lambda *a, **k: ("portfolio_margin", True))
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.account_type.click()
    assert wizard.preview.imported.book.accounts[0].account_type == "portfolio_margin"
    assert not any("has no type" in text for text in texts(wizard, 2))


def test_issues_below_the_rows_shown_can_be_mended(look, qtbot, monkeypatch):
    from PySide6.QtWidgets import QInputDialog

    rows = "".join(f"A1,Q{chr(65 + n % 26)}{chr(65 + n // 26)},5,10,50\n" for n in range(300))
    wizard = look(GOOD + rows + "A1,IBM,oops,10,50\n")
    wizard.view.setCurrentIndex(wizard.model.index(1, 2))
    wizard.issues.view.selectRow(0)
    assert "client.csv!A304 lies outside the rows shown" in wizard.words.text()
    asked = []
    monkeypatch.setattr(QInputDialog, "getText",
                        lambda *a, **k: (asked.append((a[2], k["text"])), ("7", True))[1])
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.set_value.click()
    assert asked == [("client.csv!C304 should hold", "oops")]
    assert wizard.preview.imported.book.positions[-1].quantity == 7
    assert wizard.preview.imported.book.positions[0].quantity == 100


def test_another_sheet_is_shown_without_being_the_only_one_read(qtbot, tmp_path):
    path = workbook(tmp_path / "two.xlsx", {
        "Long": [("Symbol", "Quantity", "Price"), ("AAPL", 1, 268)],
        "Short": [("Symbol", "Quantity", "Price"), ("MSFT", -1, 412)]})
    wizard = ImportWizard(open_source(path), NO_DECISIONS)
    qtbot.addWidget(wizard)
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.show()
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.choose_sheet("Short")
    assert wizard.model.index(1, 0).data() == "MSFT"
    assert len(wizard.preview.imported.book.positions) == 2
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.only_sheet.click()
    assert [p.instrument.symbol for p in wizard.preview.imported.book.positions] == ["MSFT"]


def test_records_without_cells_are_summed_up_all_the_same(look):
    wizard = look('[{"symbol": "AAPL", "quantity": 100, "price": 268.4}]', "feed.json")
    assert "1 position  ·" in wizard.summary.text()
    assert wizard.model.rowCount() == 0


def test_two_quantity_columns_are_a_sentence_with_the_way_out(look, qtbot):
    wizard = look("Symbol,Quantity,Qty,Price\nAAPL,100,120,268.4\n")
    assert "say which one counts" in wizard.words.text()
    choose(qtbot, wizard, 2, "quantity")
    assert wizard.preview.imported.book.positions[0].quantity == 120


def test_units_and_marks_are_decisions(look, qtbot):
    wizard = look(GOOD)
    unit = wizard.choosers.choosers()[2][1]
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        unit.setCurrentIndex(unit.findData("thousands"))
        unit.activated.emit(unit.currentIndex())
    assert wizard.preview.imported.book.positions[0].quantity == 100_000
    assert wizard.choosers.choosers()[2][1].currentData() == "thousands"


def test_what_changed_against_the_open_review_and_the_same_bytes(look, tmp_path):
    path = tmp_path / "client.csv"
    path.write_text(GOOD, "utf-8")
    session = Session.from_file(path)
    same = look(GOOD, session=session)
    assert "already imported into the open review as client.csv" in same.words.text()
    assert same.tabs.tabText(3) == "Changes"
    changed = look(GOOD.replace(",100,268.4,26840", ",90,268.4,24156"), session=session)
    assert changed.tabs.tabText(3) == "Changes (1)"
    assert changed.changes.model.index(0, 0).data() == "quantity"
    assert not changed.update_open.isHidden()


def test_from_the_menu_to_the_desk_and_back_by_undo(window, qtbot, tmp_path):
    path = tmp_path / "client.csv"
    path.write_text(GOOD, "utf-8")
    before = window.desk.book
    window.opening.asking.file_to_open = lambda: path
    window.commands["file.import"].trigger()
    qtbot.waitUntil(lambda: window.importing.wizard is not None and (
        window.importing.wizard.preview is not None), timeout=10_000)
    wizard = window.importing.wizard
    if before is None:
        with qtbot.waitSignal(window.desk.run_changed, timeout=60_000):
            QTest.mouseClick(wizard.open_new, Qt.MouseButton.LeftButton)
        assert len(window.desk.book.positions) == 2
        return
    QTest.mouseClick(wizard.update_open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.desk.book is not before)
    assert {p.instrument.symbol for p in window.desk.book.positions} == {"AAPL", "MSFT"}
    assert window.desk.stack.undoText() == "Import client.csv"
    window.desk.stack.undo()
    assert window.desk.book is before


def test_a_profile_is_saved_and_used_by_plain_opening(window, qtbot, tmp_path, look):
    wizard = look(ODD, "odd.csv")
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.header.setValue(2)
    choose(qtbot, wizard, 1, "quantity")
    choose(qtbot, wizard, 2, "price")
    window.importing._keep("Bank X", wizard.preview)
    assert [profile.name for profile in ProfileStore().all()] == ["Bank X"]
    later = tmp_path / "later.csv"
    later.write_text(ODD.replace("oops", "7"), "utf-8")
    session = Session.from_file(later)
    assert [p.quantity for p in session.book.positions] == [100, 7]
    assert "Bank X" in "".join(p.what for p in session.input_problems)
    assert '"name": "Bank X"' in session.mapping


def test_a_file_read_without_being_sure_is_shown_before_it_is_opened(window, qtbot, tmp_path):
    path = tmp_path / "client.csv"
    path.write_text("Account,Symbol,Quantity,Price,Curency\nA1,AAPL,100,268.4,USD\n", "utf-8")
    before = window.desk.session
    window.opening.open_path(path)
    qtbot.waitUntil(lambda: window.importing.wizard is not None and (
        window.importing.wizard.preview is not None), timeout=10_000)
    assert "not sure what Curency is" in window.banner.words.text()
    assert window.desk.session is before
    window.importing.wizard.reject()
    qtbot.waitUntil(lambda: window.importing.wizard is None)


def test_a_refused_file_offers_the_preview(window, qtbot, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(ODD, "utf-8")
    with qtbot.waitSignal(window.opening.refused, timeout=10_000):
        window.opening.open_path(path)
    assert "no position table was found" in window.banner.words.text()
    window.banner._mend()
    qtbot.waitUntil(lambda: window.importing.wizard is not None and (
        window.importing.wizard.preview is not None), timeout=10_000)
    window.importing.wizard.reject()


@pytest.fixture
def previewed(window, qtbot, tmp_path):
    """The preview of an odd file in the window, with one decision taken."""
    path = tmp_path / "odd.csv"
    path.write_text(ODD.replace("oops", "5"), "utf-8")
    window.importing.look(path)
    qtbot.waitUntil(lambda: window.importing.wizard is not None and (
        window.importing.wizard.preview is not None), timeout=10_000)
    wizard = window.importing.wizard
    with qtbot.waitSignal(wizard.shown, timeout=10_000):
        wizard.header.setValue(2)
    choose(qtbot, wizard, 1, "quantity")
    choose(qtbot, wizard, 2, "price")
    return wizard


def test_decisions_are_not_given_up_without_asking(window, previewed, qtbot):
    asking = window.opening.asking
    asking.agrees = False
    QTest.keyClick(previewed, Qt.Key.Key_Escape)
    assert previewed.isVisible()
    assert asking.asked == ["Close the preview"]
    previewed.profile_wanted.emit("Bank", previewed.preview)
    asking.agrees = True
    QTest.keyClick(previewed, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.importing.wizard is None)


def test_a_preview_without_decisions_closes_at_once(window, qtbot, tmp_path):
    path = tmp_path / "client.csv"
    path.write_text(GOOD, "utf-8")
    window.importing.look(path)
    qtbot.waitUntil(lambda: window.importing.wizard is not None and (
        window.importing.wizard.preview is not None), timeout=10_000)
    window.opening.asking.agrees = False
    QTest.keyClick(window.importing.wizard, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.importing.wizard is None)
    assert window.opening.asking.asked == []


def test_decisions_that_no_profile_keeps_are_unsaved_changes(window, previewed, qtbot):
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        previewed.open_new.click()
    assert window.isWindowModified()
    assert window.importing.wizard is None


def test_who_keeps_the_open_review_keeps_the_preview_too(desk_window, qtbot, tmp_path):
    desk_window.desk.edit_position("Positions!A2", "quantity", Decimal(7))
    kept = desk_window.desk.session
    path = tmp_path / "client.csv"
    path.write_text(GOOD, "utf-8")
    desk_window.importing.look(path)
    qtbot.waitUntil(lambda: desk_window.importing.wizard is not None and (
        desk_window.importing.wizard.preview is not None), timeout=10_000)
    desk_window.opening.asking.leaving = "cancel"
    desk_window.importing.wizard.open_new.click()
    assert desk_window.importing.wizard.isVisible()
    assert desk_window.desk.session is kept
    desk_window.importing.wizard.reject()


def test_an_approved_review_takes_no_import_and_does_not_claim_it(desk_window, qtbot, tmp_path):
    path = tmp_path / "client.csv"
    path.write_text(GOOD, "utf-8")
    desk_window.importing.look(path)
    qtbot.waitUntil(lambda: desk_window.importing.wizard is not None and (
        desk_window.importing.wizard.preview is not None), timeout=10_000)
    book = desk_window.desk.book
    desk_window.desk.session.locked = "The review was approved by Ben and is read-only."
    desk_window.importing.wizard.update_open.click()
    assert "read-only" in desk_window.banner.text()
    assert desk_window.desk.book is book
    desk_window.importing.wizard.reject()
