"""Every control of the window says what it is, to those who cannot see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollBar,
    QSlider,
    QTabBar,
    QTextBrowser,
    QTextEdit,
)

from workstation.ui.dock_host import DOCKS
from workstation.ui.plots.canvas import Canvas

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit,
            QProgressBar, QSlider, QTextBrowser, QTextEdit, Canvas)
WHOLE = (QComboBox, QAbstractSpinBox, QHeaderView, QTabBar)
"""Qt's own controls, whose inner parts are not controls of ours."""


@pytest.fixture
def full_window(desk_window, qtbot):
    for spec in DOCKS:
        desk_window.docks.bring(spec.id)
    qtbot.wait(20)
    return desk_window


def is_inner(widget):
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, WHOLE):
            return True
        parent = parent.parentWidget()
    return False


def is_ours(widget):
    inner_names = ("qt_", "ScrollLeftButton", "ScrollRightButton")
    return not (is_inner(widget) or isinstance(widget, (QHeaderView, QScrollBar))
                or widget.objectName().startswith(inner_names)
                or type(widget).__name__ in ("QTableCornerButton", "QDockWidgetTitleButton",
                                             "QToolBarExtension"))


def controls(window):
    return [widget for kind in CONTROLS for widget in window.findChildren(kind)
            if is_ours(widget)]


def buddies(window):
    return {label.buddy(): label.text() for label in window.findChildren(QLabel)
            if label.buddy() is not None}


def spoken(widget, named):
    if widget.accessibleName():
        return widget.accessibleName()
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return text or named.get(widget, "")


def chain(window):
    """Return the class names above a widget, to find a nameless one by."""
    names = []
    while window is not None:
        names.append(type(window).__name__)
        window = window.parentWidget()
    return " < ".join(names[:5])


def test_every_control_has_a_name(full_window):
    named = buddies(full_window)
    nameless = sorted({chain(widget) for widget in controls(full_window)
                       if not (spoken(widget, named) or widget.isHidden())})
    assert not nameless, "; ".join(nameless)
    assert len(controls(full_window)) > 100


def test_signs_alone_are_not_names(full_window):
    named = buddies(full_window)
    said = {spoken(widget, named) for widget in controls(full_window)}
    assert not {name for name in said if name and not any(c.isalnum() for c in name)}


def test_every_control_that_acts_can_be_reached_by_keyboard(full_window):
    unreachable = sorted({chain(widget) for widget in controls(full_window)
                          if isinstance(widget, (QLineEdit, QComboBox, QAbstractItemView,
                                                 QCheckBox, QSlider))
                          and widget.focusPolicy() == Qt.FocusPolicy.NoFocus})
    assert unreachable == []


def test_tab_order_follows_the_screen(full_window, qtbot):
    """Headline before positions, search before the table it searches."""
    places, widget = {}, full_window.headline.buttons[0]
    for number in range(3000):
        places.setdefault(widget, number)
        widget = widget.nextInFocusChain()
    positions = full_window.positions
    assert places[full_window.headline.buttons[0]] < places[full_window.headline.buttons[4]]
    assert places[positions.grouping] < places[positions.search] < places[positions.view]


def test_charts_say_what_they_show(full_window):
    full_window.docks.bring("bridge")
    charts = [canvas for canvas in full_window.findChildren(Canvas) if canvas.isVisible()]
    assert charts
    assert all(canvas.accessibleName() and canvas.accessibleDescription() for canvas in charts)


def test_actions_say_what_they_do(full_window):
    assert all(action.statusTip() or action.text()
               for action in full_window.commands.actions.values())
    silent = [id_ for id_, action in full_window.commands.actions.items()
              if not action.statusTip()]
    assert silent == []


def test_tab_leads_out_of_a_table(full_window):
    view = full_window.positions.view
    view.setFocus()
    view.selectRow(1)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert full_window.focusWidget() is not view
