"""Edit a position in its cell: the book follows every keystroke that reads as a value."""

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
from workstation.ui.positions_model import PositionsModel
from workstation.ui.restyle import restyle

Index = QModelIndex | QPersistentModelIndex


class _Readable(QValidator):
    """Lets anything be typed, but only what reads as a value be entered."""

    def __init__(self, model: PositionsModel, column: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._column = model, column

    def validate(self, text: str, position: int) -> object:
        """Accept text the column can read; the rest may still become readable."""
        refused = isinstance(self._model.read(self._column, text), str)
        state = QValidator.State.Intermediate if refused else QValidator.State.Acceptable
        return state, text, position


class PositionEditor(CellDelegate):
    """Opens the editor of a cell; `opened` starts an edit, `abandoned` takes it back."""

    opened = Signal(int)
    abandoned = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._opening = count(1)
        self.closeEditor.connect(self._closed)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem,
                     index: Index) -> QWidget:
        """Return a field for numbers, a list for accounts."""
        model = index.model()
        if not isinstance(model, PositionsModel):
            return super().createEditor(parent, option, index)
        self.opened.emit(next(self._opening))
        if model.field(index.column()) == "account":
            return self._account_list(parent, model)
        return self._number_field(parent, model, QPersistentModelIndex(index))

    def _account_list(self, parent: QWidget, model: PositionsModel) -> QComboBox:
        box = QComboBox(parent)
        box.addItems(list(model.accounts))
        box.setAccessibleName("Account")
        box.activated.connect(lambda _: self._enter(box))
        return box

    def _enter(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QAbstractItemDelegate.EndEditHint.NoHint)

    def _number_field(self, parent: QWidget, model: PositionsModel,
                      index: QPersistentModelIndex) -> QLineEdit:
        field = QLineEdit(parent)
        field.setAccessibleName(model.columns[index.column()].heading)
        field.setValidator(_Readable(model, index.column(), field))
        field.textEdited.connect(lambda text: self._typed(field, model, index, text))
        return field

    @staticmethod
    def _typed(field: QLineEdit, model: PositionsModel, index: QPersistentModelIndex,
               text: str) -> None:
        """Change the book while typing, or say under the cell why the text cannot be read."""
        wanted = model.read(index.column(), text)
        refusal = wanted if isinstance(wanted, str) else ""
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
        value = index.data(256)
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(value))
        elif isinstance(editor, QLineEdit):
            editor.setText("" if value is None else format(value, "f"))
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
