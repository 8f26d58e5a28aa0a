"""How tables write money: in units, thousands or millions, with so many decimals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from decimal import Decimal

    from workstation.results.table import Column

SCALES = {"units": (1, ""), "thousands": (1_000, "k"), "millions": (1_000_000, "m")}
_UNIT = re.compile(r"\(([A-Z]{3,5})\)$")


class AmountStyle(QObject):
    """The style in use; `changed` says that every table must be written again.

    Only money follows it: prices, quantities and shares keep the figures they were given with,
    and what is copied or exported is always the whole amount.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scale, self.decimals = "units", 0

    def use(self, scale: str, decimals: int) -> None:
        """Write money in another scale or with other decimals."""
        if (scale, decimals) != (self.scale, self.decimals):
            self.scale, self.decimals = scale, decimals
            self.changed.emit()

    def writer(self, column: Column) -> Callable[[Any], str]:
        """Return what writes the values of a column."""
        is_plain = self.scale == "units" and not self.decimals
        return column.text if is_plain or not _is_money(column) else self._write

    def _write(self, value: Decimal | float) -> str:
        from workstation.base.money import accounting

        return accounting(value / SCALES[self.scale][0], self.decimals)

    def heading(self, column: Column) -> str:
        """Return a column's heading with the scale of its figures: Maintenance (USD k)."""
        mark = SCALES[self.scale][1]
        if not mark or not _is_money(column):
            return column.heading
        named, found = _UNIT.subn(rf"(\1 {mark})", column.heading)
        return named if found else f"{column.heading} ({mark})"


def _is_money(column: Column) -> bool:
    from workstation.results.formats import amount_text

    return column.text is amount_text


AMOUNTS = AmountStyle()
