"""Edit a figure in its cell: the book follows every keystroke that reads as a value."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QComboBox,
    QLineEdit,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from workstation.ui.cell_delegate import CellDelegate
from workstation.ui.editable_model import EditableModel, Refusal
from workstation.ui.restyle import restyle

Index = QModelIndex | QPersistentModelIndex
OPENINGS = count(1)
"""Every opened editor of the window has its own number, so that none takes back another's edit."""


class _Readable(QValidator):
    """Lets anything be typed, but only what reads as a value be entered."""

    def __init__(self, model: EditableModel, column: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._column = model, column

    def validate(self, text: str, position: int) -> object:
        """Accept text the column can read; the rest may still become readable."""
        refused = isinstance(self._model.read(self._column, text), Refusal)
        state = QValidator.State.Intermediate if refused else QValidator.State.Acceptable
        return state, text, position


class CellEditor(CellDelegate):
    """Opens the editor of a cell; `opened` starts an edit, `abandoned` takes it back."""

    opened = Signal(int)
    abandoned = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.closeEditor.connect(self._closed)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem,
                     index: Index) -> QWidget:
        """Return a field for what is typed, a list for what is chosen."""
        model = index.model()
        if not isinstance(model, EditableModel):
            return super().createEditor(parent, option, index)
        self.opened.emit(next(OPENINGS))
        offered = model.choices(model.field(index.column()))
        if offered:
            return self._list(parent, model.columns[index.column()].heading, offered)
        return self._number_field(parent, model, QPersistentModelIndex(index))

    def _list(self, parent: QWidget, name: str, offered: tuple[str, ...]) -> QComboBox:
        box = QComboBox(parent)
        box.addItems(list(offered))
        box.setAccessibleName(name)
        box.activated.connect(lambda _: self._enter(box))
        return box

    def _enter(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QAbstractItemDelegate.EndEditHint.NoHint)

    def _number_field(self, parent: QWidget, model: EditableModel,
                      index: QPersistentModelIndex) -> QLineEdit:
        field = QLineEdit(parent)
        field.setAccessibleName(model.columns[index.column()].heading)
        field.setValidator(_Readable(model, index.column(), field))
        field.textEdited.connect(lambda text: self._typed(field, model, index, text))
        return field

    @staticmethod
    def _typed(field: QLineEdit, model: EditableModel, index: QPersistentModelIndex,
               text: str) -> None:
        """Change the book while typing, or say under the cell why the text cannot be read."""
        wanted = model.read(index.column(), text)
        refusal = str(wanted) if isinstance(wanted, Refusal) else ""
        restyle(field, "invalid", bool(refusal))
        field.setAccessibleDescription(refusal)
        if refusal:
            QToolTip.showText(field.mapToGlobal(field.rect().bottomLeft()), refusal, field)
        else:
            QToolTip.hideText()
            model.setData(index, text)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the editor once; later results must not overwrite what is being typed."""
        if editor.property("filled"):
            return
        editor.setProperty("filled", True)
        value, model = index.data(256), index.model()
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(value))
        elif isinstance(editor, QLineEdit) and isinstance(model, EditableModel):
            editor.setText(model.typing_text(index.column(), value))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand over what was entered; unreadable text takes the whole edit back."""
        text = editor.currentText() if isinstance(editor, QComboBox) else (
            editor.text() if isinstance(editor, QLineEdit) else "")
        if not model.setData(index, text):
            self.abandoned.emit()

    def _closed(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache:
            self.abandoned.emit()
