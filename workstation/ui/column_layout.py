"""Which columns of a table are shown, in what order: kept by field, restored where it can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workstation.ui.editable_model import EditableModel
from workstation.ui.table_view import TableView

Layout = list[tuple[str, bool]]
"""Fields in shown order, with whether each is hidden."""


def layout_of(view: TableView, model: EditableModel) -> Layout:
    """Return the arrangement of a view."""
    header = view.horizontalHeader()
    columns = [header.logicalIndex(place) for place in range(header.count())]
    return [(model.field(column), view.isColumnHidden(column)) for column in columns]


def read_layout(kept: object) -> Layout:
    """Return an arrangement as it was kept; an empty one where it cannot be read."""
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return []
    return [(str(pair[0]), bool(pair[1])) for pair in kept
            if isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2]


def arrange(view: TableView, model: EditableModel, layout: Layout) -> None:
    """Arrange the columns; fields that are not there any more are passed over."""
    header = view.horizontalHeader()
    known = [(model.column_of(field), hidden) for field, hidden in layout]
    for place, (column, hidden) in enumerate((c, h) for c, h in known if c >= 0):
        header.moveSection(header.visualIndex(column), place)
        view.setColumnHidden(column, hidden)
    view.columns_changed.emit()


def hide(view: TableView, model: EditableModel, fields: Iterable[str], *,
         is_hidden: bool = True) -> None:
    """Hide or show the columns of fields."""
    for column in map(model.column_of, fields):
        if column >= 0:
            view.setColumnHidden(column, is_hidden)
    view.columns_changed.emit()
