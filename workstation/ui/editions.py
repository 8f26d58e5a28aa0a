"""The rule editions behind the figures, and which of their numbers are still to confirm."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from workstation.results.run import Run
from workstation.results.tables import editions_table
from workstation.ui.table_model import TableModel
from workstation.ui.table_view import TableView

SIZE = (960, 420)


class EditionsDialog(QDialog):
    """A table of editions."""

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Rule editions")
        self.resize(*SIZE)
        self.model = TableModel(editions_table(run), self)
        self.view = TableView(self.model, "Rule editions")
        self.view.fit_columns()
        words = QLabel("Editions read by this review. Numbers listed under “To confirm” have not "
                       "been checked against their source.")
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (words, self.view, buttons):
            column.addWidget(widget)
