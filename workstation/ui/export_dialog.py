"""What of the review pack to write, on which paper, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

PAGES = ("A4", "Letter")
PARTS = (
    ("memo.pdf", "Memo (PDF)", "thirteen sections, for the committee"),
    ("memo.html", "Memo (web page)", "the same in one self-contained file"),
    ("review.xlsx", "Workbook (Excel)", "one sheet a table, with charts and check totals"),
    ("review.json", "Document (JSON)", "every figure, for other programs"),
    ("explain.pdf", "Explain report (PDF)", "every amount down to its rule"),
)
NOTICES = "notices"
USUAL = ("memo.pdf", "memo.html", "review.xlsx", "review.json")
LEAST_WIDTH = 560


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the analyst chose; `previous` and `template` are None where none was given."""

    folder: Path
    parts: tuple[str, ...] = USUAL
    page: str = PAGES[0]
    notices: bool = False
    template: Path | None = None
    previous: Path | None = None


class PathField(QWidget):
    """A path to type or to choose."""

    def __init__(self, name: str, kinds: str = "") -> None:
        super().__init__()
        self._name, self._kinds = name, kinds
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        choose = QPushButton("Choose…")
        choose.setAccessibleName(f"Choose {name.lower()}")
        choose.clicked.connect(self._choose)
        choose.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(choose)
        self.setFocusProxy(self.line)

    @property
    def path(self) -> Path | None:
        """Return the path given, None where the field is empty."""
        text = self.line.text().strip()
        return Path(text) if text else None

    def _choose(self) -> None:
        if self._kinds:
            name, _ = QFileDialog.getOpenFileName(self, self._name, self.line.text(), self._kinds)
        else:
            name = QFileDialog.getExistingDirectory(self, self._name, self.line.text())
        if name:
            self.line.setText(name)


class ExportDialog(QDialog):
    """Asks for parts, paper, folder, the firm's template and the earlier review."""

    def __init__(self, page: str, template: str = "", parent: QWidget | None = None, *,
                 folder: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Export the review pack")
        self.setMinimumWidth(LEAST_WIDTH)
        self.parts = {name: self._part(title, told, name in USUAL) for name, title, told in PARTS}
        self.notices = self._part("Margin-call notices (PDF, XML, JSON)",
                                  "one for every account that is called", checked=False)
        self.page = QComboBox()
        self.page.addItems(PAGES)
        self.page.setCurrentText(page)
        self.page.setAccessibleName("Paper")
        self.folder = PathField("Folder")
        self.folder.line.setText(folder)
        self.template = PathField("Firm's template", "Templates (*.toml)")
        self.template.line.setText(template)
        self.previous = PathField("Earlier review", "Reviews (*.crossmargin *.json *.xlsx *.csv)")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.write = self.buttons.addButton("Write", QDialogButtonBox.ButtonRole.AcceptRole)
        self.write.setDefault(True)
        # With the default button disabled, Enter would press the next one: Cancel.
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        self._lay_out()
        for box in (*self.parts.values(), self.notices):
            box.toggled.connect(self._check)
        self.folder.line.textChanged.connect(self._check)
        self._check()

    @staticmethod
    def _part(title: str, told: str, checked: bool) -> QCheckBox:
        box = QCheckBox(f"{title}: {told}")
        box.setChecked(checked)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        for box in (*self.parts.values(), self.notices):
            column.addWidget(box)
        form = QFormLayout()
        for name, field in (("&Folder", self.folder), ("&Paper", self.page),
                            ("Firm's &template", self.template),
                            ("&Earlier review", self.previous)):
            form.addRow(name, field)
        column.addLayout(form)
        column.addWidget(self.hint)
        column.addWidget(self.buttons)

    def _check(self) -> None:
        """Let the pack be written once there is something to write and somewhere to write it."""
        missing = "" if any(box.isChecked() for box in (*self.parts.values(), self.notices)) \
            else "Choose at least one part."
        if not missing and self.folder.path is None:
            missing = "Choose the folder to write to."
        self.hint.setText(missing)
        self.write.setEnabled(not missing)

    def choice(self) -> ExportChoice | None:
        """Return what was chosen, None without a folder."""
        folder = self.folder.path
        if folder is None:
            return None
        parts = tuple(name for name, box in self.parts.items() if box.isChecked())
        return ExportChoice(folder, parts, self.page.currentText(), self.notices.isChecked(),
                            self.template.path, self.previous.path)
