"""What the lab is asked with: designs, stress, days replayed; and how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from workstation.cascade.scenarios import scenario_names
from workstation.lab.experiment import DAYS, DEFAULT_STRESS
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.panes import labelled

FEWEST_DAYS, MOST_DAYS, DAYS_STEP = 50, 5_000, 50
FULL = 1000
WIDEST, PADDING = 520, 12
SHORTEST = 4
"""Letters of a stress that stay readable in a narrow panel."""


class LabControls(QObject):
    """The controls in the header of the lab and its progress; announces what is asked for."""

    requested = Signal(object, str, int)
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.designs, self.days = QListWidget(), _days()
        self.choose = _menu_button(self.designs, self.days)
        self.stress = combo("Stress of the lab")
        self.stress.setMinimumContentsLength(SHORTEST)
        self.button = QPushButton("Run")
        self.button.setAccessibleName("Run the lab")
        self.stop = QPushButton("Cancel")
        self.stop.setAccessibleName("Cancel the lab")
        self.progress, self.doing = QProgressBar(), QLabel()
        self.bar = self._bar()
        refill(self.stress, [(name, name) for name in scenario_names()], DEFAULT_STRESS)
        self.designs.itemChanged.connect(lambda _: self._count())
        self.button.clicked.connect(self._request)
        self.stop.clicked.connect(self.cancelled)
        self.rest()

    def _bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 0, 8, 4)
        row.setSpacing(8)
        self.progress.setRange(0, FULL)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.progress.setAccessibleName("Progress of the lab")
        self.doing.setProperty("role", "label")
        self.doing.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.progress, 2)
        row.addWidget(self.doing, 3)
        row.addWidget(self.stop)
        return bar

    def stand_in(self, header: QHBoxLayout) -> None:
        """Take place in a header."""
        header.addWidget(self.choose)
        header.addWidget(self.stress, 10)
        header.addWidget(self.button)

    # Designs ------------------------------------------------------------------------------

    def offer_designs(self, designs: Sequence[tuple[str, str]]) -> None:
        """List designs by name and title, all of them chosen."""
        self.designs.blockSignals(True)
        self.designs.clear()
        for name, title in designs:
            item = QListWidgetItem(title or name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.designs.addItem(item)
        self.designs.blockSignals(False)
        self._size_list()
        self._count()

    def _size_list(self) -> None:
        """Give the list room for every title, up to a width."""
        rows, edge = max(1, self.designs.count()), 2 * self.designs.frameWidth() + PADDING
        self.designs.setFixedSize(min(WIDEST, self.designs.sizeHintForColumn(0) + edge),
                                  rows * max(self.designs.sizeHintForRow(0), 1) + edge)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the names of the designs to compare."""
        items = (self.designs.item(row) for row in range(self.designs.count()))
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in items
                     if item.checkState() is Qt.CheckState.Checked)

    def choose_designs(self, names: Sequence[str]) -> None:
        """Compare these designs and no others."""
        for row in range(self.designs.count()):
            item = self.designs.item(row)
            is_chosen = item.data(Qt.ItemDataRole.UserRole) in names
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)

    def _count(self) -> None:
        count = len(self.chosen)
        self.choose.setText("1 design" if count == 1 else f"{count} designs")
        self._enable()

    # Running ------------------------------------------------------------------------------

    def _request(self) -> None:
        self.show_working(0.0, "Starting")
        self.requested.emit(self.chosen, self.stress.currentText(), self.days.value())

    def show_working(self, done: float, doing: str) -> None:
        """Show how far the lab is, and offer to stop it."""
        self.progress.setValue(round(done * FULL))
        self.doing.setText(doing)
        self.bar.show()
        self._enable()

    def rest(self) -> None:
        """Show that nothing runs."""
        self.bar.hide()
        self._enable()

    def _enable(self) -> None:
        self.button.setEnabled(bool(self.chosen) and self.bar.isHidden())
        self.button.setToolTip("" if self.chosen else "Choose a design to run the lab")


def _menu_button(designs: QListWidget, days: QSpinBox) -> QToolButton:
    button = QToolButton()
    button.setText("Designs")
    button.setAccessibleName("Designs to compare")
    button.setToolTip("Choose the designs to compare, and the days to replay")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    designs.setAccessibleName("Designs to compare")
    designs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    designs.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    menu = QMenu(button)
    holder = QWidgetAction(menu)
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 8)
    column.addWidget(designs)
    row = QHBoxLayout()
    row.setContentsMargins(8, 0, 8, 0)
    row.addWidget(labelled("History replayed, the last", days))
    row.addWidget(days)
    row.addStretch(1)
    column.addLayout(row)
    holder.setDefaultWidget(content)
    menu.addAction(holder)
    button.setMenu(menu)
    return button


def _days() -> QSpinBox:
    box = QSpinBox()
    box.setRange(FEWEST_DAYS, MOST_DAYS)
    box.setSingleStep(DAYS_STEP)
    box.setValue(DAYS)
    box.setSuffix(" days")
    box.setGroupSeparatorShown(True)
    box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    box.setMaximumWidth(96)
    box.setAccessibleName("Days replayed")
    box.setToolTip("Last dates of the history to replay")
    return box
