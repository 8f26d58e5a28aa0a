"""Comparisons from the menu, and the windows they open."""

from datetime import date
from decimal import Decimal

from PySide6.QtGui import QGuiApplication

from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.rulebooks.simm.editions import shipped
from workstation.rulebooks.simm.notice import LICENCE_NOTICE
from workstation.ui.comparisons import NETTING_SETS, NO_SECURITIES, NO_STEPS, NO_SWAPS, STEPS
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
    qtbot.waitUntil(lambda: NO_SECURITIES in window.banner.text(), timeout=5000)
    window.compare_versions()
    qtbot.waitUntil(lambda: NO_SWAPS in window.banner.text(), timeout=5000)


def adopt_swaps(window, qtbot):
    account = Account("SW-1", AccountType.UNCLEARED_SWAPS)
    rows = tuple(CrifRow("SW-1", "RatesFX", "Risk_IRCurve", "USD", "1", tenor, "OIS", usd)
                 for tenor, usd in (("5y", 250_000.0), ("10y", -90_000.0)))
    session = Session(Book("Swaps", date(2026, 11, 13), (account,), crif=rows))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(session)


def dialog_of(window, qtbot, command):
    window.commands[command].trigger()
    qtbot.waitUntil(lambda: window.findChild(TableDialog) is not None, timeout=10000)
    dialog = window.findChild(TableDialog)
    return dialog, [dialog.pane.model.row_at(n) for n in range(dialog.pane.model.rowCount())]


def test_netting_sets_show_what_each_posts(window, qtbot):
    adopt_swaps(window, qtbot)
    dialog, [row] = dialog_of(window, qtbot, "review.netting_sets")
    assert (row.portfolio, row.regulations) == ("SW-1", "Unspecified")
    assert Decimal(repr(row.total)) == window.desk.run.silos.maintenance.amount
    assert LICENCE_NOTICE in NETTING_SETS
    dialog.close()


def test_the_last_calibration_is_bridged_step_by_step(window, qtbot):
    adopt_swaps(window, qtbot)
    dialog, rows = dialog_of(window, qtbot, "review.calibration_steps")
    assert rows[0].label == f"Margin under {shipped()[-2].version}"
    assert rows[-1].label == f"Margin under {shipped()[-1].version}"
    assert abs(sum(row.amount for row in rows[:-1]) - rows[-1].amount) < 0.01
    assert LICENCE_NOTICE in STEPS
    dialog.close()


def test_programmes_stand_beside_each_other(window, qtbot):
    session = Session.from_file(next(p for p in sample_books() if "macro" in p.stem))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(session)
    dialog, rows = dialog_of(window, qtbot, "review.programmes")
    assert [row.programme for row in rows] == ["ficc-cme", "occ-cme", "cme-irs", "ice-cds"]
    assert all(row.note or row.saved is not None for row in rows)
    dialog.close()


def test_without_sensitivities_there_is_nothing_to_bridge(window, qtbot):
    session = Session.from_file(next(p for p in sample_books() if "harrow" in p.stem))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(session)
    window.commands["review.calibration_steps"].trigger()
    qtbot.waitUntil(lambda: NO_STEPS in window.banner.text(), timeout=5000)


def test_swaps_are_compared_under_every_calibration(window, qtbot):
    adopt_swaps(window, qtbot)
    window.commands["review.versions"].trigger()
    qtbot.waitUntil(lambda: window.findChild(TableDialog) is not None, timeout=10000)
    dialog = window.findChild(TableDialog)
    shown = [dialog.pane.model.row_at(n) for n in range(dialog.pane.model.rowCount())]
    assert len(shown) == len(shipped())
    used = next(row for row in shown if row.in_use)
    assert used.change == 0
    assert Decimal(repr(used.margin)) == window.desk.run.silos.maintenance.amount
    assert len({round(row.margin) for row in shown}) > 1
    dialog.close()
