"""The Design dock: every knob of the chosen design, made from their declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.harmonised.design import Design, shipped
from workstation.harmonised.knobs import KNOBS
from workstation.ui.design_history import DesignHistory
from workstation.ui.knob_field import KnobField

if TYPE_CHECKING:
    from workstation.results.run import Run
    from workstation.workspace.session import Session

EMPTY = ("The knobs of the chosen harmonised design appear here.\n"
         "Open a client file to change them (Ctrl+O).")
LABEL_WIDTH = 168
FIXED = "This design repeats today's law; choose another one to change its knobs."


class DesignEditor(QWidget):
    """Shows and changes knobs; shipped files are never touched, every change can be undone."""

    knob_wanted = Signal(str, object, int)
    design_chosen = Signal(str)
    version_kept = Signal(str)
    version_restored = Signal(str)
    described = Signal(str, str)
    copy_wanted, file_wanted, removal_wanted = Signal(), Signal(), Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Design")
        self._session: Session | None = None
        self._name = ""
        self.designs = QComboBox()
        self.designs.setAccessibleName("Design")
        self.designs.activated.connect(
            lambda i: self.design_chosen.emit(str(self.designs.itemData(i))))
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a knob")
        self.search.setAccessibleName("Find a knob")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.about = QLabel()
        self.about.setProperty("role", "note")
        self.about.setWordWrap(True)
        self.history = DesignHistory()
        self.history.kept.connect(self.version_kept)
        self.history.restored.connect(self.version_restored)
        self.history.described.connect(self.described)
        self.fields = {name: KnobField(knob) for name, knob in KNOBS.items()}
        self._forms: list[tuple[QLabel, QFormLayout, list[str]]] = []
        self._lay_out()

    # Layout -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.designs, 2)
        head.addWidget(self.search, 1)
        head.addWidget(self._more())
        self.knobs = self._knobs()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.knobs)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.history)
        column.addWidget(scroll, 1)
        empty = QLabel(EMPTY)
        empty.setProperty("role", "empty")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(page)

    def _more(self) -> QToolButton:
        button = QToolButton()
        button.setText("Add")
        button.setAccessibleName("Add or remove a design")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self.copy = menu.addAction("New design from this one…")
        self.read = menu.addAction("Design from a file…")
        menu.addSeparator()
        self.remove = menu.addAction("Remove this design")
        for action, signal in ((self.copy, self.copy_wanted), (self.read, self.file_wanted),
                               (self.remove, self.removal_wanted)):
            action.triggered.connect(lambda _=False, wanted=signal: wanted.emit())
        button.setMenu(menu)
        return button

    def _knobs(self) -> QWidget:
        """Return one form a section, in the order of the declaration."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 8, 8)
        column.setSpacing(4)
        by_section: dict[str, list[str]] = {}
        for name, knob in KNOBS.items():
            by_section.setdefault(knob.section, []).append(name)
        for section, names in by_section.items():
            heading = QLabel(section)
            heading.setProperty("role", "heading")
            form = QFormLayout()
            form.setContentsMargins(0, 0, 0, 12)
            form.setSpacing(4)
            form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
            for name in names:
                field = self.fields[name]
                field.wanted.connect(self.knob_wanted)
                label = QLabel(KNOBS[name].title)
                label.setToolTip(KNOBS[name].help)
                label.setWordWrap(True)
                label.setFixedWidth(LABEL_WIDTH)
                form.addRow(label, field)
            column.addWidget(heading)
            column.addLayout(form)
            self._forms.append((heading, form, names))
        column.addStretch(1)
        return whole

    # Showing ------------------------------------------------------------------------------

    def show_run(self, run: Run | None) -> None:
        """Follow the window; the knobs come from the review's designs, not from a run."""
        self._refresh()

    def show_session(self, session: Session | None) -> None:
        """Show the designs of a review as they are now."""
        self._session = session
        with QSignalBlocker(self.designs):
            self.designs.clear()
            for design in () if session is None else session.designs:
                mark = " (edited)" if design.version.endswith("+edited") else ""
                self.designs.addItem(f"{design.title}{mark}", design.name)
        self._refresh()

    def show_design(self, name: str) -> None:
        """Show the knobs of another design."""
        self._name = name
        self._refresh()

    def _refresh(self) -> None:
        design = self._design()
        self._pages.setCurrentIndex(0 if design is None else 1)
        if design is None:
            return
        with QSignalBlocker(self.designs):
            self.designs.setCurrentIndex(self.designs.findData(design.name))
        original = shipped().get(design.name, design)
        is_fixed = design.repeats_silos
        self.knobs.setEnabled(not is_fixed)
        words = f"{design.name}, version {design.version}, {design.status}."
        self.about.setText(f"{words} {FIXED}" if is_fixed else words)
        if self._session is not None:
            self.history.show_design(self._session, design)
        for name, field in self.fields.items():
            field.show_value(design.knobs[name], original.knobs[name])

    def _design(self) -> Design | None:
        designs = () if self._session is None else self._session.designs
        return next((d for d in designs if d.name == self._name), next(iter(designs), None))

    def _find(self, text: str) -> None:
        """Show the knobs whose title, name or help hold every word typed."""
        words = text.casefold().split()
        for heading, form, names in self._forms:
            shown = 0
            for row, name in enumerate(names):
                knob = KNOBS[name]
                whole = f"{knob.section} {knob.title} {name} {knob.help}".casefold()
                is_shown = all(word in whole for word in words)
                form.setRowVisible(row, is_shown)
                shown += is_shown
            heading.setVisible(shown > 0)
