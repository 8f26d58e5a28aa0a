"""Find and run any command by typing part of its name."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

ACTION = int(Qt.ItemDataRole.UserRole)
WEAKEST = 45
WIDTH, HEIGHT = 520, 360


def ranked(names: Mapping[str, str], typed: str) -> list[str]:
    """Return the ids whose names fit what was typed, the best first; all of them for nothing."""
    if not typed.strip():
        return list(names)
    from rapidfuzz import fuzz, process, utils

    found = process.extract(typed, names, scorer=fuzz.WRatio, processor=utils.default_process,
                            limit=None, score_cutoff=WEAKEST)
    starts = {id_ for id_, name in names.items()
              if any(w.startswith(typed.casefold()) for w in name.casefold().split())}
    best = sorted(found, key=lambda match: (match[2] not in starts, -match[1]))
    return [id_ for _, _, id_ in best]


class CommandPalette(QDialog):
    """A field and the commands that fit it; Enter runs the first or the chosen one."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commands")
        self.resize(WIDTH, HEIGHT)
        self._actions = actions
        self._names = {id_: f"{a.text()} {a.statusTip()}" for id_, a in actions.items()
                       if id_ != "help.palette"}
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type a command")
        self.field.setAccessibleName("Command")
        self.field.textChanged.connect(self._list)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.itemActivated.connect(self._run)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self._list("")

    def _list(self, typed: str) -> None:
        self.list.clear()
        for id_ in ranked(self._names, typed):
            action = self._actions[id_]
            keys = action.shortcut().toString()
            hint = action.statusTip()
            text = action.text().replace("…", "")
            item = QListWidgetItem(f"{text}    {keys}\n{hint}" if keys else f"{text}\n{hint}")
            item.setData(ACTION, id_)
            if not action.isEnabled():
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            action = self._actions[str(item.data(ACTION))]
            self.accept()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk the list and Enter run, while the field has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
        return False
