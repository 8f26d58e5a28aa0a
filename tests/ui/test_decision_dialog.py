"""The dialog of a decision: by keyboard alone, and never without a name."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from workstation.ui.decision_dialog import DecisionDialog


@pytest.fixture
def dialog(qtbot):
    shown = DecisionDialog("Approve the review")
    qtbot.addWidget(shown)
    shown.open()
    return shown


def test_nothing_is_decided_without_a_name(dialog):
    assert not dialog.decide.isEnabled()
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClicks(dialog.name, "  ")
    assert not dialog.decide.isEnabled()


def test_enter_decides_from_either_field(dialog):
    QTest.keyClicks(dialog.name, "A. Checker ")
    QTest.keyClicks(dialog.conditions, "call weekly")
    QTest.keyClick(dialog.conditions, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.given() == ("A. Checker", "call weekly")


def test_escape_calls_it_off(dialog):
    QTest.keyClicks(dialog.name, "A. Checker")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Rejected
