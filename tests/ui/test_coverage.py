"""The rule-coverage dialog: filters, copying and export."""

import csv

from PySide6.QtGui import QGuiApplication

from workstation.results.coverage import COMPUTED
from workstation.ui.coverage import CoverageDialog


def shown(qtbot):
    dialog = CoverageDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_paragraphs_are_found_by_rule_standing_and_words(qtbot):
    dialog = shown(qtbot)
    every = dialog.model.rowCount()
    dialog.standing.setCurrentIndex(dialog.standing.findData(COMPUTED))
    dialog.standing.activated.emit(1)
    computed = dialog.model.rowCount()
    assert 0 < computed < every
    dialog.rule.setCurrentIndex(dialog.rule.findText("Regulation T, 12 CFR 220"))
    dialog.rule.activated.emit(1)
    dialog.search.setText("short")
    rows = [dialog.model.row_at(n) for n in range(dialog.model.rowCount())]
    assert rows
    assert {(r.rule, r.standing) for r in rows} == {("Regulation T, 12 CFR 220", COMPUTED)}


def test_what_is_shown_is_exported_and_copied(qtbot, tmp_path):
    dialog = shown(qtbot)
    dialog.search.setText("covered call")
    dialog.export_csv(tmp_path / "coverage.csv")
    with (tmp_path / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0][:2] == ["Rule", "Paragraph"]
    assert len(lines) == 1 + dialog.model.rowCount()
    dialog.copy()
    assert "covered call" in QGuiApplication.clipboard().text()
    dialog.export_csv(tmp_path / "nowhere" / "coverage.csv")
    assert "was not written" in dialog.said.text()


def test_the_menu_opens_it(window):
    window.commands["help.coverage"].trigger()
    dialog = window.findChild(CoverageDialog)
    assert dialog.isVisible()
    assert not dialog.grab().isNull()
    dialog.close()
