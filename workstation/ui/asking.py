"""The few questions the window asks; tests answer them in place of the analyst."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

if TYPE_CHECKING:
    from workstation.ui.export_dialog import ExportChoice

Leaving = Literal["save", "discard", "cancel"]
READABLE = ("Client files (*.xlsx *.xls *.xlsb *.xlsm *.ods *.csv *.tsv *.txt *.json *.xml "
            "*.crossmargin);;Saved reviews (*.crossmargin);;All files (*)")


class Asking:
    """Asks by dialog."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def file_to_open(self) -> Path | None:
        """Ask which file to open."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a client file", "", READABLE)
        return Path(name) if name else None

    def files_to_load(self, title: str, kinds: str) -> list[Path]:
        """Ask for one or several files to load beside the open review."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, "", kinds)
        return [Path(name) for name in names]

    def file_to_save(self, title: str, start: Path, kinds: str) -> Path | None:
        """Ask where to write; an existing file is only replaced after asking."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(start), kinds)
        return Path(name) if name else None

    def folder(self, title: str) -> Path | None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self._window, title)
        return Path(name) if name else None

    def pack(self, page: str, template: str) -> ExportChoice | None:
        """Ask which parts of the pack to write, and where."""
        from workstation.ui.export_dialog import ExportDialog

        dialog = ExportDialog(page, template, self._window)
        return dialog.choice() if dialog.exec() else None

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
