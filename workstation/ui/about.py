"""What this is, which versions it runs on, and whose marks it names."""

from __future__ import annotations

import platform
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from workstation import __version__
from workstation.rulebooks.simm.notice import LICENCE_NOTICE
from workstation.ui.table_model import TableModel
from workstation.ui.table_view import TableView

PARTS = ("PySide6-Essentials", "pyqtgraph", "numpy", "openpyxl", "python-calamine", "XlsxWriter",
         "highspy", "msgspec", "platformdirs", "reportlab", "Jinja2", "defusedxml",
         "msoffcrypto-tool", "rapidfuzz", "charset-normalizer")
MARKS = (
    "SPAN is a mark of Chicago Mercantile Exchange Inc.; SIMM and CRIF are marks of the "
    "International Swaps and Derivatives Association. Crossmargin reads their file formats and "
    "implements published methods; it is neither endorsed by nor affiliated with either, and it "
    "ships no exchange file."
)
LEAST = ("Crossmargin computes estimates from published rules and from the files it is given. "
         "The requirement of a broker or clearing house prevails. Nothing leaves this machine.")
SIZE = (620, 560)


def part_rows() -> list[tuple[str, str, str]]:
    """Return name, version and licence of every library that is installed."""
    rows = [("Python", platform.python_version(), "PSF-2.0"), ("Qt", qVersion(), "LGPL-3.0")]
    for name in PARTS:
        try:
            found = metadata(name)
        except PackageNotFoundError:
            continue
        rows.append((name, found["Version"] or "", _licence(name, found)))
    rows.append(("Noto Sans", "2.004", "OFL-1.1"))
    return rows


def _licence(name: str, found: PackageMetadata) -> str:
    """Return a licence as one line: the expression, the classifier, or the field's first words."""
    classified = [str(c).rsplit("::", maxsplit=1)[-1].strip()
                  for c in found.get_all("Classifier") or () if str(c).startswith("License ::")]
    stated = [str(text).split("\n", maxsplit=1)[0] for field in ("License-Expression", "License")
              for text in found.get_all(field) or ()]
    return (stated[0] if "License-Expression" in found else ", ".join(classified)) or next(
        iter(stated), f"see {name}")


class AboutDialog(QDialog):
    """Versions, licences and marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Crossmargin")
        self.resize(*SIZE)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for text, role in ((f"Crossmargin {__version__}", "figure"),
                           ("Offline workstation for cross-product portfolio margin. "
                            "MIT licence.", ""), (LEAST, ""), (MARKS, "muted"),
                           (LICENCE_NOTICE, "muted")):
            label = QLabel(text)
            label.setWordWrap(True)
            label.setProperty("role", role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addWidget(self._parts(), 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _parts(self) -> TableView:
        from workstation.results.formats import words
        from workstation.results.table import Table

        rows = [_Part(*row) for row in part_rows()]
        columns = (words("Part", "name"), words("Version", "version"),
                   words("Licence", "licence"))
        view = TableView(TableModel(Table("Parts", columns, rows), self), "Versions and licences")
        view.fit_columns()
        return view


class _Part:
    """One library."""

    __slots__ = ("licence", "name", "version")

    def __init__(self, name: str, version: str, licence: str) -> None:
        self.name, self.version, self.licence = name, version, licence
