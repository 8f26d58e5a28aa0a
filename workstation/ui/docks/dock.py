"""What every panel has: an empty state, a header, exports, and the palette in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.results.run import Run
from workstation.ui.docks.writing import attempt, copy_table, write_csv
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.export import save_pdf, save_png, save_svg
from workstation.ui.table_model import TableModel
from workstation.ui.theme import THEME
from workstation.ui.tokens import Tokens

PADDING = 8
GAP = 4


class Dock(QWidget):
    """One panel of the window; `show_run` fills it, None empties it. Signals carry ids."""

    position_chosen = Signal(str)
    account_chosen = Signal(str)
    design_chosen = Signal(str)

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.run: Run | None = None
        self.base_run: Callable[[], Run | None] = lambda: None
        self.setAccessibleName(title)
        self.header = QHBoxLayout()
        self.header.setContentsMargins(PADDING, GAP, PADDING, GAP)
        self.header.setSpacing(PADDING)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.notice = _notice()
        self._pages = QStackedWidget()
        self._pages.addWidget(_empty_state(empty))
        self._pages.addWidget(self._content())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        THEME.changed.connect(self.apply_theme)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.header)
        column.addLayout(self.body, 1)
        column.addWidget(self.notice)
        return content

    @property
    def is_empty(self) -> bool:
        """Say whether the panel shows its empty state."""
        return self._pages.currentIndex() == 0

    def follow_base(self, base: Callable[[], Run | None]) -> None:
        """Learn where to ask for the base's run while a what-if is shown."""
        self.base_run = base

    def show_run(self, run: Run | None) -> None:
        """Show a review, or what would be here when there is none."""
        self.run = run
        self.say("")
        is_filled = run is not None and self.has_content(run)
        if run is not None and is_filled:
            self.fill(run)
        self._pages.setCurrentIndex(int(is_filled))

    def has_content(self, run: Run) -> bool:
        """Say whether the review has anything to show here."""
        return bool(run.book.accounts)

    def fill(self, run: Run) -> None:
        """Put the review into the panel's views."""

    def apply_theme(self, palette: Tokens) -> None:
        """Draw charts again in another palette; everything else follows the style sheet."""
        for canvas in self.findChildren(Canvas):
            canvas.apply_theme(palette)

    # Exports ------------------------------------------------------------------------------

    def shown_table(self) -> TableModel | None:
        """Return the table that copying and exporting take; None without one."""
        return None

    def chart(self) -> QGraphicsView | None:
        """Return the chart that is saved as a picture; None without one."""
        return None

    def export_button(self, *further: QAction) -> QToolButton:
        """Return the button whose menu copies and saves what the panel shows."""
        button = QToolButton()
        button.setText("Export")
        button.setAccessibleName(f"Export {self.title}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addAction("Copy table").triggered.connect(self.copy_table)
        menu.addAction("Export table as CSV…").triggered.connect(self._ask_csv)
        if self.chart() is not None:
            menu.addAction("Save chart as PNG…").triggered.connect(self._ask_png)
            menu.addAction("Save chart as SVG…").triggered.connect(self._ask_svg)
            menu.addAction("Save chart as PDF…").triggered.connect(self._ask_pdf)
        menu.addActions(list(further))
        button.setMenu(menu)
        return button

    def copy_table(self) -> None:
        """Put the table on the clipboard with its headings, in the order shown."""
        model = self.shown_table()
        if model is not None and copy_table(model):
            self.say("Copied.")

    def export_csv(self, path: Path) -> None:
        """Write the table as CSV, in the order shown."""
        model = self.shown_table()
        if model is not None:
            write_csv(model, path)

    def save_png(self, path: Path) -> None:
        """Write the chart as a picture."""
        view = self.chart()
        if view is not None:
            save_png(view, path)

    def save_svg(self, path: Path) -> None:
        """Write the chart as scalable graphics."""
        view = self.chart()
        if view is not None:
            save_svg(view, path, self.title)

    def save_pdf(self, path: Path) -> None:
        """Write the chart as a PDF page."""
        view = self.chart()
        if view is not None:
            save_pdf(view, path, self.title)

    def _ask_csv(self) -> None:
        self._ask("CSV", self.export_csv)

    def _ask_png(self) -> None:
        self._ask("PNG", self.save_png)

    def _ask_svg(self) -> None:
        self._ask("SVG", self.save_svg)

    def _ask_pdf(self) -> None:
        self._ask("PDF", self.save_pdf)

    def _ask(self, kind: str, write: Callable[[Path], None]) -> None:
        """Ask for a file and write it; what went wrong is said at the foot of the panel."""
        suffix = f".{kind.lower()}"
        name, _ = QFileDialog.getSaveFileName(
            self, f"Save {self.title} as {kind}", f"{self.title.lower()}{suffix}",
            f"{kind} (*{suffix})")
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(name + suffix)
        self.say(*attempt(write, path))

    def say(self, text: str, tone: str = "") -> None:
        """Write a sentence at the foot of the panel, or remove it."""
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.setVisible(bool(text))


def _notice() -> QLabel:
    label = QLabel()
    label.setProperty("role", "note")
    label.setContentsMargins(PADDING, GAP, PADDING, GAP)
    label.setWordWrap(True)
    label.hide()
    return label


def _empty_state(text: str) -> QWidget:
    label = QLabel(text)
    label.setProperty("role", "empty")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setAccessibleName(text)
    return label
