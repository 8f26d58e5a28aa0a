"""The rule-coverage page: which paragraphs are computed, and why the others are not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.results.coverage import COMPUTED, EXCUSED, NOT_YET, coverage_table
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.writing import attempt, copy_table, write_csv
from workstation.ui.table_model import Mark, TableModel
from workstation.ui.table_view import TableView

SIZE = (980, 620)
WIDEST = 460
STANDING = 2


class CoverageModel(TableModel):
    """Paragraphs; those not computed yet carry the mark of what is left out."""

    def marks(self, source: int, column: int) -> Mark:
        """Mark the standing of what is not computed yet."""
        is_open = column == STANDING and self.value(source, STANDING) == NOT_YET
        return Mark.EXCLUDED if is_open else Mark.PLAIN


class CoverageDialog(QDialog):
    """Every paragraph in a table that can be searched, copied and exported."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Rule coverage")
        self.resize(*SIZE)
        table = coverage_table()
        self.model = CoverageModel(table, self)
        self.view = TableView(self.model, "Rule coverage")
        self.view.fit_columns()
        self.view.setColumnWidth(3, WIDEST)
        self.standing = combo("Standing")
        self.rule = combo("Rule")
        self.search = QLineEdit()
        self.said = QLabel()
        self.said.setProperty("role", "muted")
        counts = Counter(row.standing for row in table.rows)
        refill(self.rule, [("Every rule", ""), *(
            (rule, rule) for rule in dict.fromkeys(row.rule for row in table.rows))])
        refill(self.standing, [(f"All ({len(table.rows)})", ""), *(
            (f"{name} ({counts[name]})", name) for name in (COMPUTED, EXCUSED, NOT_YET)
            if counts[name])])
        self._lay_out()
        for box in (self.rule, self.standing):
            box.activated.connect(lambda _: self._filter())
        self.search.textChanged.connect(lambda _: self._filter())

    def _lay_out(self) -> None:
        about = QLabel("Generated from the rulebooks: each paragraph names the function that "
                       "computes it, or says why none does.")
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        self.search.setPlaceholderText("Find a paragraph")
        self.search.setAccessibleName("Find a paragraph")
        bar = QHBoxLayout()
        bar.addWidget(self.rule, 2)
        bar.addWidget(self.standing, 2)
        bar.addWidget(self.search, 3)
        bar.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for text, run in (("Copy table", self.copy), ("Export as CSV…", self.ask_csv)):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, r=run: r())
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addLayout(bar)
        for widget in (self.view, self.said, buttons):
            column.addWidget(widget)

    def _filter(self) -> None:
        wanted = {0: self.rule.currentData(), STANDING: self.standing.currentData()}
        self.model.filter_by({column: text for column, text in wanted.items() if text},
                             self.search.text())

    def copy(self) -> None:
        """Put the paragraphs shown on the clipboard."""
        copy_table(self.model)
        self.said.setText("Copied.")

    def ask_csv(self) -> None:
        """Ask for a file and write the paragraphs shown."""
        name, _ = QFileDialog.getSaveFileName(self, "Export rule coverage", "rule-coverage.csv",
                                              "CSV (*.csv)")
        if name:
            self.export_csv(Path(name))

    def export_csv(self, path: Path) -> None:
        """Write the paragraphs shown; what went wrong is said below the table."""
        self.said.setText(attempt(lambda place: write_csv(self.model, place), path)[0])
