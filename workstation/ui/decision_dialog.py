"""Who decides on a review, and on which conditions."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

LEAST_WIDTH = 440
TOLD = ("Name and time are written to the review's audit trail, and the review is saved. Who "
        "prepared a review cannot approve it; an approved one is no longer changed.")


class DecisionDialog(QDialog):
    """Asks for name and conditions at once; nothing is decided without a name."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(LEAST_WIDTH)
        self.name, self.conditions = QLineEdit(), QLineEdit()
        self.name.setAccessibleName("Your name")
        self.conditions.setAccessibleName("Conditions")
        self.conditions.setPlaceholderText("none")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.decide = self.buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        self.decide.setDefault(True)
        # With the default button disabled, Enter would press the next one: Cancel.
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._check)
        self._lay_out()
        self._check()

    def _lay_out(self) -> None:
        told = QLabel(TOLD)
        told.setProperty("role", "muted")
        told.setWordWrap(True)
        form = QFormLayout()
        form.addRow("&Your name", self.name)
        form.addRow("&Conditions", self.conditions)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(told)
        column.addLayout(form)
        column.addWidget(self.buttons)

    def _check(self) -> None:
        self.decide.setEnabled(bool(self.name.text().strip()))

    def given(self) -> tuple[str, str]:
        """Return name and conditions as typed."""
        return self.name.text().strip(), self.conditions.text().strip()
