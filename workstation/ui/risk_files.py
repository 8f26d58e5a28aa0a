"""Risk-parameter files in the window: load them, see what is in them, take them away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.base.progress import Progress
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk
from workstation.ui.opening import Opening
from workstation.ui.table_model import TableModel
from workstation.ui.table_view import TableView

if TYPE_CHECKING:
    from workstation.rulebooks.span.parameters import RiskParameters
    from workstation.workspace.risk_sources import RiskSource

ENDINGS = frozenset({".pa2", ".spn"})
KINDS = "Risk-parameter files (*.pa2 *.spn *.xml *.zip);;All files (*)"
SIZE = (980, 560)
NONE_LOADED = ("No risk-parameter file is loaded: futures are margined at published rates, and "
               "options on futures and contracts of unknown size are left out. Load an exchange's "
               ".pa2 or .spn file.")
NOT_KEPT = "It is too large to be saved with the review: load it again after opening that."


class RiskFiles(QObject):
    """Puts risk-parameter files on the desk, undoably; an unreadable one changes nothing."""

    def __init__(self, window: QWidget, desk: Desk, opening: Opening, banner: Banner) -> None:
        super().__init__(window)
        self._window, self._desk, self._opening, self._banner = window, desk, opening, banner
        self.wanted: list[Path] = []
        """Files dropped with the review that is being opened, loaded beside it."""
        opening.opened.connect(lambda _: self._load_wanted())
        opening.refused.connect(lambda _: self.wanted.clear())

    def _load_wanted(self) -> None:
        paths, self.wanted = self.wanted, []
        if paths:
            self.load(paths)

    @property
    def loaded(self) -> tuple[RiskParameters, ...]:
        """Return the files the review is computed with."""
        session = self._desk.session
        return () if session is None else tuple(session.risk_files)

    def show(self) -> None:
        """Show what the loaded files hold."""
        dialog = RiskFilesDialog(self.loaded, self._window)
        dialog.load_wanted.connect(self.ask_and_load)
        dialog.removal_wanted.connect(self.remove)
        dialog.open()

    def ask_and_load(self) -> None:
        """Let the analyst choose files, and load them."""
        paths = self._opening.asking.files_to_load("Load risk-parameter files", KINDS)
        if paths:
            self.load(paths)

    def load(self, paths: list[Path]) -> None:
        """Read files in the background and compute with them beside those already loaded."""
        if self._desk.session is None:
            self._banner.error("Open a client file first; risk-parameter files margin its "
                               "futures accounts.")
            return

        project = self._desk.session.project_path

        def read(progress: Progress) -> list[RiskSource]:
            from workstation.workspace.risk_sources import compiled_folders, read_source

            compiled = compiled_folders(project)
            found = []
            for number, path in enumerate(paths):
                progress(number / len(paths), f"Reading {path.name}")
                found.append(read_source(path, compiled))
            return found

        self._opening.work(read, self._read)

    def _read(self, sources: list[RiskSource]) -> None:
        from workstation.workspace.edits import SetRiskFiles

        session = self._desk.session
        if session is None:
            return
        session.keep_bytes(sources)
        names = {source.parameters.name for source in sources}
        kept = [file for file in session.risk_files if file.name not in names]
        left_out = len(session.book.excluded)
        if not self._desk.push(SetRiskFiles(
                session, (*kept, *(source.parameters for source in sources)))):
            return
        came_in = left_out - len(session.book.excluded)
        self._banner.notice(_loaded(sources, came_in), "What is in it", self.show)

    def remove(self) -> None:
        """Compute without risk-parameter files again."""
        from workstation.workspace.edits import SetRiskFiles

        if self.loaded and self._desk.session is not None:
            self._desk.push(SetRiskFiles(self._desk.session, ()))


def _loaded(sources: list[RiskSource], came_in: int) -> str:
    """Say what was loaded, and how many positions came in because a file sizes them."""
    from workstation.results.risk_files_table import reading

    words = reading(sources[0].parameters) if len(sources) == 1 else (
        f"Loaded {len(sources)} risk-parameter files.")
    if came_in > 0:
        many = "1 position" if came_in == 1 else f"{came_in:,} positions"
        words = f"{words} Contract sizes brought in {many} that no contract table sizes."
    return f"{words} {NOT_KEPT}" if any(source.file is None for source in sources) else words


class RiskFilesDialog(QDialog):
    """The combined commodities of the loaded files, in a table that can be searched."""

    load_wanted = Signal()
    removal_wanted = Signal()

    def __init__(self, files: tuple[RiskParameters, ...], parent: QWidget | None = None) -> None:
        from workstation.results.risk_files_table import reading, risk_contents_table

        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Risk-parameter files")
        self.resize(*SIZE)
        self.model = TableModel(risk_contents_table(files), self)
        self.view = TableView(self.model, "Contents of the risk-parameter files")
        self.view.fit_columns()
        self.words = QLabel("\n".join(map(reading, files)) or NONE_LOADED)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a commodity or a product")
        self.search.setAccessibleName("Find a commodity or a product")
        self.search.textChanged.connect(lambda text: self.model.filter_by({}, text))
        self.search.setEnabled(bool(files))
        column = QVBoxLayout(self)
        for widget in (self.words, self.search, self.view, self._buttons(bool(files))):
            column.addWidget(widget)

    def _buttons(self, any_loaded: bool) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.load, self.remove = QPushButton("Load…"), QPushButton("Remove all")
        self.remove.setEnabled(any_loaded)
        for button, wanted in ((self.load, self.load_wanted), (self.remove, self.removal_wanted)):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
            button.clicked.connect(self.accept)
            button.clicked.connect(lambda _=False, w=wanted: w.emit())
        buttons.rejected.connect(self.reject)
        return buttons
