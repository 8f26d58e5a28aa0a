"""The main window: it places the parts, binds the commands, and knows no margin."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMainWindow,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from workstation.base.vocabulary import BASE
from workstation.ui.appearance import Appearance
from workstation.ui.asking import Asking
from workstation.ui.background import Background
from workstation.ui.banner import Banner
from workstation.ui.bindings import bindings
from workstation.ui.comparisons import Comparisons
from workstation.ui.copying import copy_selection
from workstation.ui.deciding import Deciding
from workstation.ui.desk import Desk
from workstation.ui.dialogs import Dialogs
from workstation.ui.dock_host import DockHost
from workstation.ui.feed import Feed
from workstation.ui.headline import Headline
from workstation.ui.icons import application_icon
from workstation.ui.importing import Importing
from workstation.ui.menus import PERSPECTIVE, Commands
from workstation.ui.navigation import Navigation
from workstation.ui.opening import Opening
from workstation.ui.perspectives import Perspectives
from workstation.ui.positions import PositionsPanel
from workstation.ui.reconciling import Reconciling
from workstation.ui.restyle import restyle
from workstation.ui.risk_files import ENDINGS, RiskFiles
from workstation.ui.status_strip import StatusStrip
from workstation.workspace.settings import Settings

if TYPE_CHECKING:
    from workstation.workspace.session import Session

SMALLEST = (960, 600)
FIRST_SIZE = (1600, 1000)
SETTLED_MS = 0
OUTLINE = 3
"""Pixels of the outline around a what-if, as the style sheet draws it."""


class MainWindow(QMainWindow):
    """One window on one review."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.appearance = Appearance(self)
        self.appearance.dress()
        self.appearance.choose_numerals()
        self.desk = Desk(self)
        self.asking = Asking(self, self.settings)
        self.banner = Banner()
        self.headline = Headline()
        self.positions = PositionsPanel()
        self.status = StatusStrip()
        self.opening = Opening(self.desk, self.settings, self.banner, self.asking)
        self.risk_files = RiskFiles(self, self.desk, self.opening, self.banner)
        self.importing = Importing(self, self.desk, self.opening, self.banner)
        self.reconciling = Reconciling(self, self.desk, self.opening, self.banner)
        self.comparisons = Comparisons(self, self.opening, self.banner)
        self.deciding = Deciding(self.desk, self.opening, self.banner)
        self.docks = DockHost(self)
        self.perspectives = Perspectives(self, self.docks, self.settings)
        self.feed = Feed(self.desk, self.positions, self.headline, self.status, self.docks,
                         self.banner)
        self.navigation = Navigation(self)
        self.dialogs = Dialogs(self)
        self.commands = Commands(self, bindings(self))
        self._is_arranged = False
        self._lay_out()
        self._connect()
        self.commands.repaint_icons()
        self.appearance.space_rows()
        self.appearance.write_amounts()
        self.positions.setFocus()

    # Layout -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas,
                            QTabWidget.TabPosition.North)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.addToolBar(self.commands.toolbar())
        self._add_strip(self.headline, "Headline")
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.positions, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)
        self.commands.list_docks(self.docks.frames)
        self._restore_size()
        self.name_window()

    def _add_strip(self, widget: QWidget, title: str) -> None:
        self.addToolBarBreak()
        strip = QToolBar(title)
        strip.setObjectName(f"toolbar.{title.lower()}")
        strip.setMovable(False)
        strip.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        strip.addWidget(widget)
        restyle(strip, "role", "strip")
        self.addToolBar(strip)

    def _restore_size(self) -> None:
        stored = str(self.settings["view.geometry"])
        if stored and self.restoreGeometry(QByteArray(b64decode(stored))):
            return
        room = self.screen().availableSize()
        self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))

    def showEvent(self, event: QShowEvent) -> None:
        """Arrange the docks at the first showing; build them once the shell is painted."""
        super().showEvent(event)
        if not self._is_arranged:
            self._is_arranged = True
            self.arrange()
            QTimer.singleShot(SETTLED_MS, self.docks.open)

    def name_window(self) -> None:
        """Put the client and the project file in the title; an asterisk marks changes."""
        session = self.desk.session
        if session is None:
            self.setWindowTitle("Crossmargin")
            return
        file = f"  ({session.project_path.name})" if session.project_path else ""
        self.setWindowTitle(f"{session.book.name}[*]{file} - Crossmargin")
        self._outline(is_branch=session.active != BASE)

    def _outline(self, *, is_branch: bool) -> None:
        """Draw the window of a what-if inside an outline no base ever has."""
        restyle(self, "branch", "what-if" if is_branch else "")
        self.setContentsMargins(*[OUTLINE if is_branch else 0] * 4)

    # Commands -----------------------------------------------------------------------------

    def _connect(self) -> None:
        desk, opening, stack = self.desk, self.opening, self.desk.stack
        self.feed.follow(opening)
        for changed in (desk.session_changed, desk.run_changed, stack.indexChanged,
                        stack.cleanChanged, desk.working, opening.working,
                        *(work.working for work in self.feed.beside)):
            changed.connect(self.enable)
        for renamed in (desk.session_changed, desk.book_changed):
            renamed.connect(self.name_window)
        desk.session_changed.connect(self.navigation.trail.clear)
        self.navigation.trail.changed.connect(self.enable)
        self.headline.asked.connect(self.navigation.show_dock)
        self.positions.why.connect(self.navigation.explain_position)
        self.feed.cell_wanted.connect(self.navigation.go_to_position)
        opening.saved.connect(lambda _: self.name_window())
        for used in (opening.saved, opening.opened):
            used.connect(lambda _: self._list_recent())
        self.status.cancelled.connect(self.cancel)
        self.status.editions_asked.connect(self.dialogs.editions)
        self.positions.open_wanted.connect(opening.ask_and_open)
        self.positions.sample_wanted.connect(opening.open_sample)
        self.docks.built.connect(lambda *_: self.appearance.space_rows())
        self.positions.export_wanted.connect(self.export_positions)
        self.positions.keep_columns(str(self.settings["view.columns"]))
        self.positions.views.read(str(self.settings["view.saved"]))
        self.positions.views.changed.connect(partial(self.settings.__setitem__, "view.saved"))
        self.positions.grouping.setCurrentText(str(self.settings["view.grouping"]))
        self.positions.grouping.currentTextChanged.connect(
            partial(self.settings.__setitem__, "view.grouping"))
        self.commands.samples.aboutToShow.connect(self._list_samples)
        self.commands.offer_samples()
        self._list_recent()
        self.enable()

    def enable(self) -> None:
        """Enable the commands that make sense now."""
        stack, commands = self.desk.stack, self.commands
        is_open = self.desk.session is not None
        for id_ in ("file.save", "file.save_as", "file.export_pack", "file.write_back",
                    "edit.paste", "edit.find", "edit.goto", "edit.history", "file.risk_files",
                    "review.recompute", "review.regimes", "review.versions",
                    "review.netting_sets", "review.calibration_steps", "review.programmes",
                    "review.why",
                    "review.design"):
            commands[id_].setEnabled(is_open)
        commands["review.cancel"].setEnabled(any(
            work.is_working for work in self._workers()))
        for id_, word, text, can in (
            ("edit.undo", "Undo", stack.undoText(), stack.canUndo()),
            ("edit.redo", "Redo", stack.redoText(), stack.canRedo()),
        ):
            commands[id_].setEnabled(can)
            commands[id_].setToolTip(f"{word}: {text}" if text else word)
        trail = self.navigation.trail
        commands["view.back"].setEnabled(bool(trail.last))
        commands["view.back"].setToolTip(f"Back to {trail.last}" if trail.last else "Back")
        self.setWindowModified(not stack.isClean())
        book = self.desk.book
        name = "Crossmargin" if book is None else book.name
        session = self.desk.session
        if session is not None and session.active != BASE:
            name = f"{session.active}: {session.base.name}"
        commands.name_client(name, is_changed=not stack.isClean())

    def _list_recent(self) -> None:
        self.commands.list_recent(self.settings.recent, self.opening.open_path)

    def _list_samples(self) -> None:
        from workstation.workspace.session import sample_books

        self.commands.list_samples(sample_books(), self.opening.open_path)

    def _workers(self) -> tuple[Desk | Opening | Background, ...]:
        """Return whatever may be at work."""
        return self.opening, self.desk, *self.feed.beside

    def cancel(self) -> None:
        """Stop whatever runs."""
        for work in self._workers():
            work.cancel()

    def copy(self) -> None:
        """Copy the selection of the table or tree that has the keyboard."""
        focused = QApplication.focusWidget()
        view = focused if isinstance(focused, QAbstractItemView) else self.positions.view
        copy_selection(view)

    def copy_bare(self) -> None:
        """Copy the selection without headings."""
        focused = QApplication.focusWidget()
        view = focused if isinstance(focused, QAbstractItemView) else self.positions.view
        copy_selection(view, headers=False)

    def paste(self) -> None:
        """Type the rows on the clipboard over the table that has the keyboard."""
        focused, market = QApplication.focusWidget(), self.docks.existing().get("market")
        if focused is self.positions.view:
            self.positions.paste()
        elif market is not None and focused is market.table.view:
            market.paste()
        else:
            self.banner.notice("Select the first position or underlying to paste over, then "
                               "paste.")

    def export_positions(self) -> None:
        """Write the positions shown, in their order, as CSV."""
        self.opening.export_table(self.positions.model, "positions.csv")

    def use_perspective(self, name: str) -> None:
        """Arrange the docks for one kind of work."""
        self.perspectives.use(name)
        self.arrange(restore=False)

    def arrange(self, *, restore: bool = True) -> None:
        """Put the docks where the perspective in use has them."""
        if restore:
            self.perspectives.restore()
        self.commands[f"{PERSPECTIVE}{self.perspectives.current}"].setChecked(True)

    def reset_layout(self) -> None:
        """Put every dock back in its place."""
        self.perspectives.reset()

    def compare_regimes(self) -> None:
        """Margin the securities accounts under each securities rulebook."""
        self.ask(self.comparisons.securities)

    def compare_versions(self) -> None:
        """Margin the swaps accounts under each calibration."""
        self.ask(self.comparisons.swaps)

    def ask(self, comparison: Callable[[Session], None]) -> None:
        """Run a comparison on the review on the desk."""
        if self.desk.session is not None:
            comparison(self.desk.session)

    # Files dropped, window closed ---------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            # After the event, so that a question about unsaved changes cannot block the source.
            QTimer.singleShot(0, self, lambda: self.take(paths))

    def take(self, paths: list[Path]) -> None:
        """Open a review, and load risk-parameter files beside it or beside the open one."""
        # Clients' files come unpacked, exchanges' mostly zipped.
        endings = ENDINGS if self.desk.session is None else ENDINGS | {".zip"}
        risks = [path for path in paths if path.suffix.lower() in endings]
        others = [path for path in paths if path not in risks]
        if others:
            self.risk_files.wanted = risks  # once the review they margin is open
            self.opening.open_paths(others)
        elif risks:
            self.risk_files.load(risks)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, then keep the arrangement and stop every worker."""
        if not self.opening.may_leave():
            event.ignore()
            return
        self.settings["view.geometry"] = b64encode(self.saveGeometry().data()).decode("ascii")
        if self._is_arranged:
            self.perspectives.save()
            self.settings["view.columns"] = self.positions.columns_state()
        for work in self._workers():
            work.stop()
        event.accept()


def _dropped(event: QDropEvent) -> list[Path]:
    """Return the local files of a drag."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
