"""Rows gathered under headings: by one column, or by several inside one another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.results.table import Table

NONE = "(none)"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that share a value: the heading shown above them.

    `path` holds the labels of the groups it stands in, its own last. An inner group of one row
    has no heading, since the row says as much.
    """

    path: tuple[str, ...]
    rows: tuple[int, ...]
    has_heading: bool = True

    @property
    def label(self) -> str:
        """Return what the heading says."""
        return self.path[-1]

    @property
    def level(self) -> int:
        """Return how many groups it stands in."""
        return len(self.path) - 1


def groups_of(table: Table, rows: Sequence[int], columns: Sequence[int]) -> tuple[Group, ...]:
    """Return the groups of rows by the text of columns, outer before inner, as first met."""
    return tuple(_groups(table, rows, columns, ()))


def _groups(table: Table, rows: Sequence[int], columns: Sequence[int],
            within: tuple[str, ...]) -> list[Group]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(table.text(row, columns[0]) or NONE, []).append(row)
    groups: list[Group] = []
    for label, members in found.items():
        path = (*within, label)
        inner = _groups(table, members, columns[1:], path) if columns[1:] else []
        in_order = [row for group in inner if group.level == len(path) for row in group.rows]
        groups.append(Group(path, tuple(in_order or members), not within or len(members) > 1))
        groups += inner
    return groups


def with_headings(groups: Sequence[Group], folded: Collection[tuple[str, ...]],
                  deepest: int) -> list[int]:
    """Return what is shown: rows, and for the heading of group n the number -1 - n.

    `deepest` is the level whose groups hold the rows themselves.
    """
    order: list[int] = []
    for number, group in enumerate(groups):
        if any(group.path[:cut] in folded for cut in range(1, len(group.path))):
            continue
        if group.has_heading:
            order.append(-1 - number)
        if group.level == deepest and not (group.has_heading and group.path in folded):
            order.extend(group.rows)
    return order
