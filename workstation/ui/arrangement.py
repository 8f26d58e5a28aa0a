"""Which rows of a table are shown and in what order: filtered, sorted, gathered under headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from workstation.ui.table_groups import Group, groups_of, with_headings
from workstation.ui.table_order import SortKey, haystack, matching, sorted_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from workstation.results.table import Table

FEW = 16


class Arrangement:
    """`order` maps shown places to rows of the table; a negative entry is a group heading."""

    def __init__(self, table: Table | None = None) -> None:
        self.table = table
        self.order: list[int] = list(range(len(table.rows))) if table else []
        self.groups: tuple[Group, ...] = ()
        self.sort: list[SortKey] = []
        self.filters: dict[int, str] = {}
        self.anywhere = ""
        self.group_by: tuple[int, ...] = ()
        self.folded: set[tuple[str, ...]] = set()
        self._words: list[str] | None = None
        self._sort_columns: dict[int, NDArray[np.float64]] = {}
        self._inner: frozenset[int] = frozenset()

    def show(self, table: Table | None) -> None:
        """Take another table; what was remembered of the values before is forgotten."""
        self.table = table
        self._words = None
        self._sort_columns.clear()

    def start_over(self) -> None:
        """Forget sorting, filters and groups: the columns are other ones."""
        self.sort, self.filters, self.group_by = [], {}, ()

    def filter_by(self, filters: Mapping[int, str], anywhere: str) -> None:
        """Show only rows that pass every column's filter and hold every word of `anywhere`."""
        self.filters, self.anywhere = dict(filters), anywhere

    # Arranging ----------------------------------------------------------------------------

    def arrange(self) -> None:
        """Filter, sort and gather the rows of the table."""
        self._gather(self._rows())

    def regroup(self) -> None:
        """Gather the same rows, in the same order, by values that may have changed."""
        self._gather(self.rows())

    def _rows(self) -> list[int]:
        table = self.table
        if table is None:
            return []
        if not (self.filters or self.anywhere or self.sort):
            return list(range(len(table.rows)))
        if self.anywhere and self._words is None:
            self._words = haystack(table)
        found = matching(table, self.filters, self._words or (), self.anywhere)
        arranged: list[int] = sorted_rows(table, found, self.sort, self._sort_columns).tolist()
        return arranged

    def _gather(self, rows: list[int]) -> None:
        is_grouped = self.table is not None and bool(self.group_by)
        self.groups = groups_of(self.table, rows, self.group_by) if (
            self.table is not None and is_grouped) else ()
        self.order = with_headings(self.groups, self.folded, len(self.group_by) - 1) if (
            is_grouped) else rows
        self._inner = frozenset(row for group in self.groups
                                if group.level and group.has_heading for row in group.rows)

    # Asking -------------------------------------------------------------------------------

    def rows(self) -> list[int]:
        """Return the table's rows that pass the filters, in shown order, headings left out."""
        if self.group_by:
            return [row for group in self.groups if group.level == 0 for row in group.rows]
        return self.order

    def group_at(self, place: int) -> Group | None:
        """Return the group whose heading stands at a place."""
        row = self.order[place]
        return self.groups[-1 - row] if row < 0 else None

    def is_inner(self, row: int) -> bool:
        """Say whether a row stands under an inner heading, and not beside it."""
        return row in self._inner

    def fold(self, group: Group) -> None:
        """Fold or unfold a group."""
        self.folded ^= {group.path}

    def fold_outer(self, *, is_folded: bool) -> None:
        """Fold or unfold every outer group."""
        self.folded = {g.path for g in self.groups if g.level == 0} if is_folded else set()

    def places(self, rows: Iterable[int]) -> dict[int, int]:
        """Return where rows are shown now; a few are looked for without listing all."""
        wanted: Sequence[int] = tuple(set(rows))
        if len(wanted) > FEW:
            return {row: place for place, row in enumerate(self.order)}
        found = {}
        for row in wanted:
            try:
                found[row] = self.order.index(row)
            except ValueError:
                continue  # filtered out, or folded away
        return found
