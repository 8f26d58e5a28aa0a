"""Ways through the window: from any number to its reason, from there to its input, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QWidget

from workstation.ui.headline import FigureButton
from workstation.ui.table_model import TableModel
from workstation.ui.trail import Trail

if TYPE_CHECKING:
    from workstation.measures.requirement import Offset
    from workstation.ui.docks.explain_panel import ExplainPanel
    from workstation.ui.main_window import MainWindow


class Navigation(QObject):
    """Takes the analyst somewhere, and remembers where from."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.trail = Trail(self)

    # Going --------------------------------------------------------------------------------

    def go_to_position(self, where: str) -> None:
        """Select a position in the table and give it the keyboard."""
        self.leave()
        self._stand_at(where)

    def _stand_at(self, where: str) -> None:
        self._window.feed.choose_position(where)
        self._window.positions.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def explain_position(self, where: str) -> None:
        """Show what a position adds to its account's requirement, and by which rule."""
        self._window.positions.select(where)
        self.leave()
        self._window.docks.bring("margin").explain_position(where)

    def explain_account(self, account_id: str) -> None:
        """Explain what an account must post."""
        self.leave()
        self._window.docks.bring("margin").explain_account(account_id)

    def explain_design(self, name: str) -> None:
        """Explain what a design asks for."""
        self.leave()
        self._window.docks.bring("margin").explain_design(name)

    def show_offset(self, offset: Offset) -> None:
        """Show one offset of the ledger with its tests and its reason."""
        self.leave()
        self._window.docks.bring("offsets").choose(offset)

    def show_finding(self, where: str) -> None:
        """Show what is wrong with the input, and the position it is about."""
        self.leave()
        self._window.docks.bring("problems")
        if self._window.positions.model.row_of(where) >= 0:
            self._stand_at(where)

    def show_dock(self, id_: str) -> None:
        """Bring a dock to the front."""
        self.leave()
        self._window.docks.bring(id_)

    # Leaving and coming back --------------------------------------------------------------

    def leave(self) -> None:
        """Remember what is looked at now: the row, or the amount, that has the keyboard."""
        from workstation.ui.docks.explain_panel import ExplainPanel

        positions = self._window.positions
        focused = QApplication.focusWidget()
        panel = _above(focused, ExplainPanel)
        where = positions.selected_where()
        if isinstance(panel, ExplainPanel):
            node, path = panel.selected(), panel.path()
            name = "Explanation" if node is None else " ".join(node.label.split())
            self.trail.leave(name, lambda: self._return_to_panel(panel, path))
        elif where and (focused is positions.view or focused is None):
            row = positions.model.row_at(positions.view.currentIndex().row())
            self.trail.leave(f"{' '.join(row.symbol.split())} in {row.account}",
                             lambda: self._stand_at(where))
        elif focused is not None:
            name = focused.accessibleName() or "the last place"
            self.trail.leave(name, lambda: _focus(focused))

    def _return_to_panel(self, panel: ExplainPanel, path: tuple[int, ...]) -> None:
        self._window.docks.bring("margin")
        panel.stand_at(path)

    def back(self) -> None:
        """Return to where the last jump started."""
        self.trail.back()

    def next_panel(self) -> None:
        """Give the keyboard to the next part of the window: headline, positions, each panel."""
        window, focused = self._window, QApplication.focusWidget()
        docks = window.docks
        parts = [window.headline, window.positions,
                 *(frame for id_, frame in docks.frames.items() if docks.is_seen(id_))]
        place = next((number for number, part in enumerate(parts)
                      if focused is not None and part.isAncestorOf(focused)), -1)
        for step in range(1, len(parts) + 1):
            if _enter(parts[(place + step) % len(parts)]):
                return

    # Asking why ---------------------------------------------------------------------------

    def why(self) -> None:
        """Explain whatever has the keyboard: a figure, a row, a cell."""
        focused = QApplication.focusWidget()
        button = _above(focused, FigureButton)
        if isinstance(button, FigureButton):
            button.click()
            return
        model = focused.model() if isinstance(focused, QAbstractItemView) else None
        if isinstance(focused, QAbstractItemView) and isinstance(model, TableModel) \
                and focused.currentIndex().isValid():
            index = focused.currentIndex()
            self._why_row(model, model.row_at(index.row()), index.column())
        else:
            self._window.positions.ask_why()

    def _why_row(self, model: TableModel, row: Any, column: int) -> None:
        """Explain a row by what it is about; where nothing is, say what its column shows."""
        run = self._window.desk.run
        where, account = getattr(row, "where", ""), getattr(row, "account", "")
        design = getattr(row, "design", "") or getattr(row, "name", "")
        if run is None or row is None:
            return
        if where and any(position.where == where for position in run.book.positions):
            self.explain_position(where)
        elif account and run.silos.of_account(account) is not None:
            self.explain_account(account)
        elif design and run.design(design) is not None:
            self.explain_design(design)
        else:
            declared = model.columns[column]
            about = declared.hint or (model.table.about if model.table is not None else "")
            self._window.banner.notice(f"{declared.heading}: {about or model.tip(0, column)}")


def _above(widget: QWidget | None, kind: type[QWidget]) -> QWidget | None:
    """Return the nearest widget of a kind, from this one upwards."""
    while widget is not None and not isinstance(widget, kind):
        widget = widget.parentWidget()
    return widget


def _enter(part: QWidget) -> bool:
    """Give the keyboard to the main view of a part, else to its first control."""
    views = [v for v in part.findChildren(QAbstractItemView) if _takes_keys(v)]
    others = [w for w in part.findChildren(QWidget) if _takes_keys(w)]
    for widget in (*views[:1], *others[:1]):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        return True
    return False


def _takes_keys(widget: QWidget) -> bool:
    return bool(widget.isVisible() and widget.isEnabled()
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                and not isinstance(widget, QHeaderView))


def _focus(widget: QWidget) -> None:
    widget.window().activateWindow()
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
