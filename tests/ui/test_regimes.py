"""The comparison of securities rulebooks from the menu, and the window it opens."""

from PySide6.QtGui import QGuiApplication

from workstation.ui.regimes import NO_ACCOUNT
from workstation.ui.table_dialog import TableDialog
from workstation.workspace.session import Session, sample_books


def test_the_menu_compares_and_shows(window, qtbot, tmp_path):
    session = Session.from_file(next(p for p in sample_books() if "harrow" in p.stem))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(session)
    window.commands["review.regimes"].trigger()
    qtbot.waitUntil(lambda: window.findChild(TableDialog) is not None, timeout=10000)
    dialog = window.findChild(TableDialog)
    assert [dialog.pane.model.row_at(n).account for n in range(2)] == ["HL-RT", "HL-PM"]
    dialog.copy()
    assert "Portfolio margin (USD)" in QGuiApplication.clipboard().text()
    dialog.export_csv(tmp_path / "rulebooks.csv")
    assert (tmp_path / "rulebooks.csv").exists()
    dialog.export_csv(tmp_path / "nowhere" / "rulebooks.csv")
    assert "was not written" in dialog.said.text()
    assert not dialog.grab().isNull()
    dialog.close()


def test_a_client_without_securities_is_told(window, qtbot):
    from dataclasses import replace

    session = Session.from_file(next(p for p in sample_books() if "macro" in p.stem))
    book = session.book
    kept = tuple(a for a in book.accounts if a.account_type == "futures")
    names = {a.account_id for a in kept}
    session.book = replace(book, accounts=kept, positions=tuple(
        p for p in book.positions if p.account_id in names))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(session)
    window.compare_regimes()
    qtbot.waitUntil(lambda: NO_ACCOUNT in window.banner.text(), timeout=5000)
