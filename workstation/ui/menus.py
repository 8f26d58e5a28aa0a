"""Menus, toolbar and shortcuts, made from the declared table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QWidget,
)

from workstation.ui.icons import icon
from workstation.ui.restyle import literal
from workstation.workspace.actions import ACTIONS, Action

PERSPECTIVE = "view.perspective."
WIDEST_CLIENT = 240
ICON = QSize(16, 16)
SEARCH_WIDTH = 208
MENUS = ("File", "Edit", "Review", "View", "Help")
AFTER_LINE = ("file.template", "file.save", "file.export_pack", "file.quit", "edit.copy",
              "edit.find", "edit.history", "review.why", "review.mark_reviewed", "view.palette",
              "view.perspective.import", "view.reset_layout", "help.coverage", "help.about")
ALSO = {"view.back": "Backspace"}
"""Second keys of a command; fields keep theirs while they are typed in."""
SHORT = {"file.export_pack": "Export pack"}
"""What the toolbar says, where the menu says more."""
Run = Callable[[], object]


class Commands:
    """Every declared action as a `QAction`, bound to what the window does."""

    def __init__(self, window: QMainWindow, bindings: Mapping[str, Run]) -> None:
        self._window = window
        self.actions = {a.id: self._action(a, bindings[a.id]) for a in ACTIONS}
        self.client = QLabel("Crossmargin")
        self.recent = QMenu("Open recent", window)
        self.samples = QMenu(window)
        self.search = self._search_button()
        self.menus = {title: self._menu(title) for title in MENUS}
        self._group_perspectives()

    def __getitem__(self, id_: str) -> QAction:
        return self.actions[id_]

    def _action(self, declared: Action, run: Run) -> QAction:
        action = QAction(declared.title, self._window)
        action.setObjectName(declared.id)
        action.setIconText(SHORT.get(declared.id, declared.title.removesuffix("…")))
        keys = [key for key in (declared.shortcut, ALSO.get(declared.id)) if key]
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setStatusTip(declared.hint)
        told = f"  ({declared.shortcut})" if declared.shortcut else ""
        action.setToolTip(f"{declared.hint or declared.title}{told}")
        action.triggered.connect(lambda _=False: run())
        return action

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        for declared in (a for a in ACTIONS if a.menu == title):
            if declared.id in AFTER_LINE:
                menu.addSeparator()
            menu.addAction(self.actions[declared.id])
            if declared.id == "file.open":
                menu.addMenu(self.recent)
        return menu

    def _group_perspectives(self) -> None:
        group = self.perspectives = QActionGroup(self._window)
        for id_, action in self.actions.items():
            if id_.startswith(PERSPECTIVE):
                action.setCheckable(True)
                group.addAction(action)

    def toolbar(self) -> QToolBar:
        """Return the toolbar: the daily actions at the left, the perspectives at the right."""
        bar = QToolBar("Main")
        bar.setObjectName("toolbar.main")
        bar.setMovable(False)
        bar.setIconSize(ICON)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.client.setProperty("role", "client")
        bar.addWidget(self.client)
        for declared in (a for a in ACTIONS if a.toolbar):
            bar.addAction(self.actions[declared.id])
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        for id_, action in self.actions.items():
            if id_.startswith(PERSPECTIVE):
                bar.addAction(action)
        bar.addSeparator()
        bar.addWidget(self.search)
        return bar

    def _search_button(self) -> QPushButton:
        """Return what looks like a field: pressing it opens the search."""
        action = self.actions["edit.search"]
        button = QPushButton(f"Search  {action.shortcut().toString()}")
        button.setProperty("role", "search")
        button.setFixedWidth(SEARCH_WIDTH)
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.text().removesuffix("…"))
        button.clicked.connect(lambda _=False: action.trigger())
        return button

    def list_docks(self, frames: Mapping[str, QDockWidget]) -> None:
        """Add to the View menu what shows and hides each dock."""
        menu = self.menus["View"].addMenu("Docks")
        for frame in frames.values():
            menu.addAction(frame.toggleViewAction())

    def list_recent(self, paths: tuple[Path, ...], open_path: Callable[[Path], object]) -> None:
        """List the files opened last."""
        self.recent.clear()
        for path in paths:
            entry = self.recent.addAction(literal(f"{path.name}    {path.parent}"))
            entry.triggered.connect(lambda _=False, p=path: open_path(p))
        self.recent.setEnabled(bool(paths))

    def offer_samples(self) -> None:
        """Hang the list of sample clients on its menu entry; it is filled when it opens."""
        self["file.open_sample"].setMenu(self.samples)

    def list_samples(self, paths: tuple[Path, ...], open_path: Callable[[Path], object]) -> None:
        """Offer the sample clients by name."""
        self.samples.clear()
        for path in paths:
            entry = self.samples.addAction(literal(path.stem.replace("_", " ").capitalize()))
            entry.triggered.connect(lambda _=False, p=path: open_path(p))

    def name_client(self, name: str, *, is_changed: bool) -> None:
        """Name the client, shortened where its name would push commands off the bar."""
        metrics = self.client.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, WIDEST_CLIENT)
        self.client.setText(f"{shown} *" if is_changed else shown)
        self.client.setToolTip(name)

    def repaint_icons(self) -> None:
        """Draw the icons in the colours of the palette in use."""
        for id_, action in self.actions.items():
            drawn = icon(id_)
            if drawn is not None:
                action.setIcon(drawn)
