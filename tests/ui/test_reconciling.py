"""Reconcile with a stated margin in the window: break list, dispute sheet, what is refused."""

from workstation.results.breaks import StatedFigure, reconcile
from workstation.ui.reconciling import BreakList


def test_the_break_list_says_what_differs_and_writes_the_dispute_sheet(run, qtbot, tmp_path):
    account = run.silos.accounts[0]
    found = reconcile(run, [StatedFigure(account.account_id, account.maintenance.amount + 1000)])
    dialog = BreakList(run, found, "broker.csv")
    qtbot.addWidget(dialog)
    model = dialog.pane.model
    assert model.index(0, 0).data()
    assert "figures differ" in dialog.findChildren(type(dialog.said))[0].text()
    dialog.write(tmp_path / "out")
    assert "Saved dispute.pdf, breaks.xlsx" in dialog.said.text()
    (tmp_path / "file").write_text("x")
    dialog.write(tmp_path / "file")
    assert "cannot be written to" in dialog.said.text()


def test_nothing_is_compared_before_the_figures_are_there(window, qtbot, tmp_path):
    window.desk.session = None
    window.reconciling.compare(tmp_path / "broker.csv")
    assert "no finished review to reconcile" in window.banner.words.text()
