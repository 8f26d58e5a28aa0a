"""A table in a window of its own, with its words, totals, copy and export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.results.table import Table
from workstation.ui.docks.panes import TablePane
from workstation.ui.docks.writing import attempt, copy_table, write_csv
from workstation.ui.theme import scaled

WIDE, AROUND, ROW_HEIGHT, MOST_ROWS = 1080, 230, 22, 16
"""A window as high as its words, buttons and rows, within reason."""


class TableDialog(QDialog):
    """Shows one table that was computed for it."""

    def __init__(self, table: Table, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(table.name)
        rows = min(len(table.rows), MOST_ROWS)
        self.resize(scaled(WIDE), scaled(AROUND + rows * ROW_HEIGHT))
        self.pane = TablePane(table.name, totals=any(column.total for column in table.columns))
        self.pane.view.wrap_headings()
        self.pane.show_table(table)
        self._name = table.name
        label, self.said = QLabel(words), QLabel()
        for text in (label, self.said):
            text.setWordWrap(True)
            text.setProperty("role", "muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for name, run in (("Copy table", self.copy), ("Export as CSV…", self.ask_csv)):
            button = QPushButton(name)
            button.clicked.connect(lambda _=False, r=run: r())
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (label, self.pane, self.said, buttons):
            column.addWidget(widget)

    def copy(self) -> None:
        """Put the table on the clipboard."""
        copy_table(self.pane.model)
        self.said.setText("Copied.")

    def ask_csv(self) -> None:
        """Ask for a file and write the table."""
        start = f"{'-'.join(self._name.lower().split())}.csv"
        name, _ = QFileDialog.getSaveFileName(self, f"Export {self._name}", start, "CSV (*.csv)")
        if name:
            self.export_csv(Path(name))

    def export_csv(self, path: Path) -> None:
        """Write the table; what went wrong is said below it."""
        self.said.setText(attempt(lambda place: write_csv(self.pane.model, place), path)[0])
