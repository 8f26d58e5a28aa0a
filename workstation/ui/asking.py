"""The few questions the window asks; tests answer them in place of the analyst."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from workstation.base.files import with_ending

if TYPE_CHECKING:
    from workstation.ui.export_dialog import ExportChoice
    from workstation.workspace.settings import Settings

Leaving = Literal["save", "discard", "cancel"]
READABLE = ("Client files (*.xlsx *.xls *.xlsb *.xlsm *.ods *.csv *.tsv *.txt *.json *.xml *.pos "
            "*.crossmargin);;Saved reviews (*.crossmargin);;All files (*)")


class Asking:
    """Asks by dialog."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window, self._settings = window, settings

    def file_to_open(self) -> Path | None:
        """Ask which file to open."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a client file", self._here(),
                                              READABLE)
        return self._from_here(name)

    def files_to_load(self, title: str, kinds: str) -> list[Path]:
        """Ask for one or several files to load beside the open review."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, self._here(), kinds)
        return [path for name in names if (path := self._from_here(name)) is not None]

    def file_to_save(self, title: str, start: Path, kinds: str) -> Path | None:
        """Ask where to write; an existing file is only replaced after asking.

        A name without the ending of `start` gets it, before it is asked about.
        """
        place = start if start.is_absolute() else Path(self._here()) / start
        dialog = QFileDialog(self._window, title, str(place.parent), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(start.suffix)
        dialog.selectFile(place.name)
        if not dialog.exec():
            return None
        chosen = Path(dialog.selectedFiles()[0])
        path = with_ending(chosen, start.suffix)
        if path != chosen and path.exists() and not self.agree(
                "Replace the file", f"{path.name} exists already. Replace it?"):
            return None  # the dialog could not ask: the name was completed afterwards
        return self._from_here(str(path))

    def agree(self, title: str, words: str) -> bool:
        """Ask a question that is answered with yes or no."""
        over = QApplication.activeModalWidget() or self._window
        return QMessageBox.question(over, title, words) == QMessageBox.StandardButton.Yes

    def _here(self) -> str:
        """Return the folder files were last chosen in, empty where it is gone."""
        folder = str(self._settings["files.folder"])
        return folder if folder and Path(folder).is_dir() else ""

    def _from_here(self, name: str) -> Path | None:
        """Return a chosen file; the next question starts in its folder."""
        if not name:
            return None
        path = Path(name)
        self._settings["files.folder"] = str(path.parent)
        return path

    def pack(self) -> ExportChoice | None:
        """Ask which parts of the pack to write, and where; the answers are offered next time."""
        from workstation.ui.export_dialog import ExportDialog

        kept = self._settings
        dialog = ExportDialog(str(kept["report.page"]), str(kept["report.template"]), self._window,
                              folder=str(kept["report.folder"]))
        choice = dialog.choice() if dialog.exec() else None
        if choice is not None:
            kept["report.page"], kept["report.folder"] = choice.page, str(choice.folder)
            kept["report.template"] = str(choice.template or "")
        return choice

    def name(self, title: str, start: str = "") -> str:
        """Ask for a name; empty where it is called off."""
        text, is_given = QInputDialog.getText(self._window, title, "Name", text=start)
        return text.strip() if is_given else ""

    def decision(self, title: str) -> tuple[str, str] | None:
        """Ask for the name of who decides and the conditions; None where it is called off."""
        from workstation.ui.decision_dialog import DecisionDialog

        dialog = DecisionDialog(title, self._window)
        return dialog.given() if dialog.exec() else None

    def password(self, name: str) -> str:
        """Ask for a workbook's password; empty when the analyst gives none."""
        text, is_given = QInputDialog.getText(
            self._window, "Password", f"Password of {name}", QLineEdit.EchoMode.Password)
        return text if is_given else ""

    def unsaved(self, name: str) -> Leaving:
        """Ask what becomes of changes that were not saved."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"The changes to {name} are not saved.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        match buttons(box.exec()):
            case buttons.Save:
                return "save"
            case buttons.Discard:
                return "discard"
            case _:
                return "cancel"
