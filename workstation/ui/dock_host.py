"""The docks of the window, declared once; each is built when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QWidget

from workstation.ui.veil import Veil

if TYPE_CHECKING:
    from workstation.results.run import Run

Area = Literal["right", "bottom", "corner"]


@dataclass(frozen=True, slots=True)
class DockSpec:
    """One dock: its id, its title, where its widget is defined, and its first place."""

    id: str
    title: str
    factory: str
    area: Area


DOCKS = (
    DockSpec("margin", "Margin", "workstation.ui.docks.margin:MarginDock", "right"),
    DockSpec("offsets", "Offsets", "workstation.ui.docks.offsets:OffsetsDock", "right"),
    DockSpec("collateral", "Collateral", "workstation.ui.docks.collateral:CollateralDock",
             "right"),
    DockSpec("strategies", "Strategies", "workstation.ui.docks.strategies:StrategiesDock",
             "right"),
    DockSpec("one_risk", "One risk", "workstation.ui.docks.one_risk:OneRiskDock", "right"),
    DockSpec("bridge", "Bridge", "workstation.ui.docks.bridge:BridgeDock", "bottom"),
    DockSpec("cascade", "Cascade", "workstation.ui.docks.cascade:CascadeDock", "bottom"),
    DockSpec("accounts", "Accounts", "workstation.ui.docks.accounts:AccountsDock", "bottom"),
    DockSpec("lab", "Lab", "workstation.ui.docks.lab:LabDock", "bottom"),
    DockSpec("venues", "Venues", "workstation.ui.docks.venues:VenuesDock", "bottom"),
    DockSpec("what_if", "What-if", "workstation.ui.docks.what_if:WhatIfDock", "bottom"),
    DockSpec("market", "Market", "workstation.ui.docks.market:MarketDock", "bottom"),
    DockSpec("curves", "Curves", "workstation.ui.docks.curves:CurvesDock", "bottom"),
    DockSpec("stresses", "Stresses", "workstation.ui.docks.stresses:StressesDock", "bottom"),
    DockSpec("attribution", "Attribution",
             "workstation.ui.docks.attribution:AttributionDock", "bottom"),
    DockSpec("scan", "Scan", "workstation.ui.docks.scan:ScanDock", "bottom"),
    DockSpec("span_log", "Spreads", "workstation.ui.docks.span_log:SpanLogDock", "bottom"),
    DockSpec("sensitivities", "Sensitivities",
             "workstation.ui.docks.sensitivities:SensitivitiesDock", "bottom"),
    DockSpec("past_tails", "Past moves", "workstation.ui.docks.past_tails:PastTailsDock",
             "bottom"),
    DockSpec("problems", "Problems", "workstation.ui.problems:ProblemsDock", "corner"),
    DockSpec("history", "History", "workstation.ui.history:HistoryDock", "corner"),
    DockSpec("design", "Design", "workstation.ui.design_editor:DesignEditor", "corner"),
)


INPUTS = frozenset({"problems", "design", "market", "history"})
"""Docks that show what the review is computed from, which is never out of date."""


class DockHost(QObject):
    """Owns the dock frames of a window and fills those that are looked at."""

    built = Signal(str, object)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.frames: dict[str, QDockWidget] = {}
        self._widgets: dict[str, Any] = {}
        self._veils: dict[str, Veil] = {}
        self._run: Run | None = None
        self._outdated: set[str] = set()
        self._is_stale = False
        self._is_open = False
        self._titles = QTimer(self, singleShot=True, interval=0)
        self._titles.timeout.connect(self._show_titles)
        for spec in DOCKS:
            self._add_frame(spec)

    def _add_frame(self, spec: DockSpec) -> None:
        frame = QDockWidget(spec.title, self._window)
        frame.setObjectName(f"dock.{spec.id}")
        frame.setAccessibleName(spec.title)
        frame.setWidget(_waiting())
        frame.visibilityChanged.connect(lambda on, i=spec.id: self._looked_at(i, on))
        for moved in (frame.dockLocationChanged, frame.topLevelChanged, frame.visibilityChanged):
            moved.connect(lambda *_: self._titles.start())
        self.frames[spec.id] = frame

    # Building -----------------------------------------------------------------------------

    def open(self) -> None:
        """Start building: from now on a dock that is seen is built and filled."""
        self._is_open = True
        self.look_again()

    def look_again(self) -> None:
        """Build and fill the docks on the screen, one in each turn of the event loop."""
        for id_ in self.frames:
            if self._is_open and self.is_seen(id_):
                QTimer.singleShot(0, self, partial(self._look_at_last, id_))

    def _look_at_last(self, id_: str) -> None:
        self._looked_at(id_, is_visible=self.is_seen(id_))

    @contextmanager
    def rearranging(self) -> Iterator[None]:
        """Build nothing while docks change places: most are seen only in passing."""
        was_open, self._is_open = self._is_open, False
        try:
            yield
        finally:
            self._is_open = was_open
            self.look_again()

    def widget(self, id_: str) -> Any:
        """Return a dock's widget, built now if it was not yet."""
        if id_ not in self._widgets:
            self._build(id_)
        return self._widgets[id_]

    def existing(self) -> dict[str, Any]:
        """Return the widgets built so far."""
        return dict(self._widgets)

    def _build(self, id_: str) -> None:
        spec = next(s for s in DOCKS if s.id == id_)
        module, _, name = spec.factory.partition(":")
        factory: Callable[[], QWidget] = getattr(import_module(module), name)
        widget = factory()
        frame = self.frames[id_]
        waiting = frame.widget()
        frame.setWidget(widget)
        waiting.deleteLater()
        self._widgets[id_] = widget
        self._veils[id_] = Veil(widget)
        self._outdated.add(id_)
        self.built.emit(id_, widget)

    def _looked_at(self, id_: str, is_visible: bool) -> None:
        if is_visible and self._is_open:
            self._fill(id_)

    def _fill(self, id_: str) -> None:
        widget = self.widget(id_)
        if id_ in self._outdated:
            self._outdated.discard(id_)
            widget.show_run(self._run)
        self._veils[id_].cover(self._is_stale)

    def _show_titles(self) -> None:
        """Give a title bar to docks that stand alone; the others have their tab."""
        for frame in self.frames.values():
            is_tab = bool(self._window.tabifiedDockWidgets(frame)) and not frame.isFloating()
            has_none = frame.titleBarWidget() is not None
            if is_tab != has_none:
                frame.setTitleBarWidget(QWidget(frame) if is_tab else None)  # type: ignore[arg-type]

    # Showing ------------------------------------------------------------------------------

    def show_run(self, run: Run | None) -> None:
        """Fill the docks being looked at; the others follow when they are."""
        self._run = run
        self._outdated |= set(self._widgets)
        if self._is_open:
            for id_ in list(self._widgets):
                if self.is_seen(id_):
                    self._fill(id_)

    def is_seen(self, id_: str) -> bool:
        """Say whether a dock is on the screen and not behind another tab."""
        return not self.frames[id_].visibleRegion().isEmpty()

    def dim(self, is_stale: bool) -> None:
        """Dim the docks' figures while they do not follow from the book."""
        self._is_stale = is_stale
        for id_, veil in self._veils.items():
            if id_ not in INPUTS:
                veil.cover(is_stale)

    def bring(self, id_: str) -> Any:
        """Show a dock, put it before its neighbours, and return its widget filled."""
        frame = self.frames[id_]
        frame.show()
        frame.raise_()
        self._is_open = True
        self._fill(id_)
        return self._widgets[id_]

    def title(self, id_: str, text: str) -> None:
        """Change the title a dock shows, such as to count its findings."""
        self.frames[id_].setWindowTitle(text)


def _waiting() -> QWidget:
    label = QLabel("")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
