"""What the import preview consists of, and where each part stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.docks.panes import TablePane
from workstation.ui.import_grid import ChooserBar, SheetModel, SheetView
from workstation.ui.theme import scaled

FOUND = "as found"
CONTROLS = (("Decimal mark", "decimal mark", ("point", "comma")),
            ("Dates", "date order", ("day first", "month first")),
            ("Days from", "date system", ("1900", "1904")))
SIZE = (1320, 820)
CHANGES = 3
"""The tab of what changed, which only an open review has."""


class WizardParts(QDialog):
    """The widgets of the preview: controls above, cells and choosers, tabs below, buttons."""

    def __init__(self, parent: QWidget | None = None, *, has_review: bool = False) -> None:
        super().__init__(parent)
        self._has_review = has_review
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(*SIZE)
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self.title, self.words = QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.words.setWordWrap(True)
        self.words.setProperty("role", "note")
        self.sheet = QComboBox()
        self.only_sheet = QCheckBox("Read only this one")
        self.header = QSpinBox()
        self.header.setRange(0, 1)
        self.header.setSpecialValueText("none found")
        self.header.setKeyboardTracking(False)
        self.header.setMaximumWidth(scaled(84))
        self.sheet.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.account, self.as_of = QLineEdit(), QLineEdit()
        self.account.setPlaceholderText("as found")
        self.as_of.setPlaceholderText("YYYY-MM-DD")
        self.marks: dict[str, QComboBox] = {}
        for _, kind, choices in CONTROLS:
            self.marks[kind] = QComboBox()
            self.marks[kind].addItem(FOUND, "")
            for choice in choices:
                self.marks[kind].addItem(choice, choice)
        self.model = SheetModel(self)
        self.view = SheetView(self.model)
        self.choosers = ChooserBar(self.view)
        self.issues, self.totals = TablePane("Issues"), TablePane("Control totals")
        self.changes = TablePane("Changes")
        self.steps = QListWidget()
        self.steps.setAccessibleName("Steps")
        self.set_value, self.leave_out = QPushButton("Set value…"), QPushButton("Leave out row")
        self.account_type = QPushButton("Account type…")
        self.take_back = QPushButton("Take step back")
        self.summary = QLabel()
        self.summary.setProperty("role", "heading")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(self._controls())
        body = QSplitter(Qt.Orientation.Vertical)
        body.setHandleWidth(1)
        body.setChildrenCollapsible(False)
        body.addWidget(_stacked(self.choosers, self.view))
        body.addWidget(self._below())
        body.setStretchFactor(0, 3)
        body.setStretchFactor(1, 2)
        column.addWidget(body, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.summary, 1)
        for button in self._buttons():
            foot.addWidget(button)
        column.addLayout(foot)

    def _controls(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        named = [("Sheet", self.sheet), ("Header row", self.header),
                 *((label, self.marks[kind]) for label, kind, _ in CONTROLS),
                 ("Account of rows without one", self.account), ("As of", self.as_of)]
        for text, widget in named:
            label = QLabel(text)
            label.setProperty("role", "label")
            label.setBuddy(widget)
            widget.setAccessibleName(text)
            line.addWidget(label)
            line.addWidget(widget)
            if widget is self.sheet:
                line.addWidget(self.only_sheet)
            line.addSpacing(8)
        self.account.setMaximumWidth(120)
        self.as_of.setMaximumWidth(96)
        line.addStretch(1)
        return line

    def _below(self) -> QWidget:
        self.tabs = QTabWidget()
        issues = _stacked(self.issues, _row(self.set_value, self.leave_out,
                                             self.account_type))
        for widget, name in ((issues, "Issues"), (self.totals, "Control totals"),
                             (_stacked(self.steps, _row(self.take_back)), "Steps"),
                             (self.changes, "Changes")):
            self.tabs.addTab(widget, name)
        self.tabs.setTabVisible(CHANGES, self._has_review)
        return self.tabs

    def _buttons(self) -> tuple[QPushButton, ...]:
        self.save_profile, self.cancel = QPushButton("Save as profile…"), QPushButton("Cancel")
        self.update_open = QPushButton("Update the open review")
        self.open_new = QPushButton("Open as a new review")
        self.update_open.setVisible(self._has_review)
        buttons = self.save_profile, self.cancel, self.update_open, self.open_new
        for button in buttons:
            button.setAutoDefault(button is self.open_new)
        self.open_new.setDefault(True)
        return buttons


def _stacked(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    return box


def _row(*widgets: QWidget) -> QWidget:
    box = QWidget()
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 4)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return box
