"""The headline strip: five figures that stay in every perspective and lead to their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.headline_figures import Figure, against_base, figures
from workstation.ui.restyle import literal, restyle
from workstation.ui.theme import scaled
from workstation.ui.veil import Veil

if TYPE_CHECKING:
    from workstation.results.run import DesignOutcome, Run

HEIGHT = 64
CHOOSER = (20, 16)


class FigureButton(QPushButton):
    """One figure; pressing it leads to what it is made of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "figure")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(scaled(HEIGHT))
        self.figure = Figure("")
        self.label, self.amount, self.note = QLabel(), QLabel(), QLabel()
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        self.head.addWidget(self.label)
        self.head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(0)
        column.addLayout(self.head)
        for part, role in ((self.label, "label"), (self.amount, "figure"), (self.note, "note")):
            part.setProperty("role", role)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            part.setMinimumWidth(0)
        self.label.setFixedHeight(CHOOSER[1])
        column.addWidget(self.amount)
        column.addWidget(self.note)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """Return the least room: the amount is never cut."""
        wide = QFontMetrics(self.amount.font()).horizontalAdvance(self.amount.text())
        return QSize(max(120, wide + 24), scaled(HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setFixedHeight(scaled(HEIGHT))
            self.label.setFixedHeight(scaled(CHOOSER[1]))

    def sizeHint(self) -> QSize:
        """Return the least room; the strip shares out the rest."""
        return self.minimumSizeHint()

    def show_figure(self, figure: Figure) -> None:
        """Show another figure."""
        self.figure = figure
        self.amount.setText(figure.amount)
        restyle(self.note, "tone", figure.tone)
        self._fit_words()
        self.setAccessibleName(figure.spoken())
        self.setToolTip(figure.spoken())
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut words, never numbers, to the room there is."""
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        room = self.width() - 24
        for part, text in ((self.label, self.figure.label), (self.note, self.figure.note)):
            part.ensurePolished()
            taken = 28 if part is self.label and self.head.count() > 2 else 0
            metrics = QFontMetrics(part.font())
            part.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - taken))


class Headline(QWidget):
    """The five figures and the choice of design."""

    asked = Signal(str)
    design_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Headline figures")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons = tuple(FigureButton(self) for _ in range(5))
        for button in self.buttons:
            button.clicked.connect(lambda _=False, b=button: self.asked.emit(b.figure.dock))
            row.addWidget(button, 1)
        self.designs = QMenu(self)
        self._add_chooser(self.buttons[1])
        self.veil = Veil(self)
        self.show_run(None, None, "")

    def _add_chooser(self, button: FigureButton) -> None:
        self.chooser = QToolButton(button)
        self.chooser.setText("▾")
        self.chooser.setAccessibleName("Choose the harmonised design")
        self.chooser.setToolTip("Choose the harmonised design")
        self.chooser.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.chooser.setMenu(self.designs)
        self.chooser.setProperty("role", "chooser")
        self.chooser.setFixedSize(*CHOOSER)
        button.head.addWidget(self.chooser)

    def offer_designs(self, designs: tuple[tuple[str, str], ...], chosen: str) -> None:
        """List the designs (name, title) that may be compared."""
        self.designs.clear()
        for name, title in designs:
            action = self.designs.addAction(literal(f"{name}    {title}"))
            action.setCheckable(True)
            action.setChecked(name == chosen)
            action.triggered.connect(lambda _=False, n=name: self.design_chosen.emit(n))
        self.chooser.setEnabled(bool(designs))

    def show_run(self, run: Run | None, outcome: DesignOutcome | None, chosen: str,
                 base: Run | None = None) -> None:
        """Show the figures of a run under the chosen design, beside the base's on a what-if."""
        shown = figures(run, outcome, chosen)
        if run is not None and base is not None:
            shown = against_base(shown, run, outcome, base)
        for button, figure in zip(self.buttons, shown, strict=True):
            button.show_figure(figure)

    def dim(self, is_stale: bool) -> None:
        """Dim the figures while they do not follow from the book."""
        self.veil.cover(is_stale)
