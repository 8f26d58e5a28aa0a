"""What can be done with one position, or with a group: the menu of the positions table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QMenu

from workstation.book.remarks import FLAGS
from workstation.ui.copying import copy_selection

if TYPE_CHECKING:
    from workstation.ui.positions import PositionsPanel

NO_FLAG = "No flag"


def context_menu(panel: PositionsPanel, at: QPoint) -> QMenu:
    """Return the menu for the row at a point of the table."""
    menu = QMenu(panel)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    index = panel.view.indexAt(at)
    is_position = index.isValid() and panel.model.row_at(index.row()) is not None
    _explaining(menu, panel, index)
    _remarking(menu, panel, index, is_position=is_position)
    _copying(menu, panel)
    same = menu.addAction("Show only rows like this cell")
    same.setEnabled(is_position)
    same.triggered.connect(lambda: panel.filters.set_filter(index.column(), index.data()))
    if panel.model.group_columns:
        for words, is_folded in (("Fold every group", True), ("Unfold every group", False)):
            menu.addAction(words).triggered.connect(
                partial(panel.model.fold_all, is_folded=is_folded))
    columns = panel.view.columns_menu()
    columns.setTitle("Columns")
    menu.addMenu(columns)
    return menu


def _explaining(menu: QMenu, panel: PositionsPanel, index: QModelIndex) -> None:
    why = menu.addAction("Why this number?\tF1")
    why.triggered.connect(panel.ask_why)
    why.setEnabled(bool(panel.selected_where()))
    edit = menu.addAction("Edit this cell\tF2")
    edit.setEnabled(index.isValid()
                    and bool(panel.model.flags(index) & Qt.ItemFlag.ItemIsEditable))
    edit.triggered.connect(lambda: panel.view.edit(index))
    menu.addSeparator()


def _remarking(menu: QMenu, panel: PositionsPanel, index: QModelIndex, *,
               is_position: bool) -> None:
    flags = menu.addMenu("Flag")
    flags.setEnabled(is_position)
    row = panel.model.row_at(index.row()) if is_position else None
    column = panel.model.column_of("flag")
    now = panel.model.value(panel.model.source(index.row()), column) if is_position else ""
    for flag in FLAGS:
        action = flags.addAction(flag.capitalize() or NO_FLAG)
        action.setCheckable(True)
        action.setChecked(row is not None and now == flag)
        action.triggered.connect(partial(panel.flag, flag))
    comment = menu.addAction("Comment…")
    comment.setEnabled(is_position)
    comment.triggered.connect(panel.comment)
    menu.addSeparator()


def _copying(menu: QMenu, panel: PositionsPanel) -> None:
    menu.addAction("Copy with headings\tCtrl+C").triggered.connect(panel.view.copy)
    menu.addAction("Copy without headings\tCtrl+Shift+C").triggered.connect(
        lambda: copy_selection(panel.view, headers=False))
    menu.addAction("Paste rows\tCtrl+V").triggered.connect(panel.paste)
    menu.addAction("Export rows shown as CSV…").triggered.connect(panel.export_wanted)
    menu.addSeparator()
