"""Totals and subtotals of a table, compared with the rows that were loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from workstation.book.positions import Position
from workstation.importers.cells import Columns
from workstation.importers.draft import Draft

RUNNING = Decimal("0.005")
"""Tolerance within which an unnamed number counts as the running sum."""
MEASURES = ("market_value", "quantity", "notional")
ZERO = Decimal(0)


@dataclass(slots=True)
class RunningTotals:
    """Sums of one table since its last subtotal (block) and since its head (whole)."""

    columns: Columns
    draft: Draft
    block: dict[str, Decimal] = field(default_factory=dict)
    whole: dict[str, Decimal] = field(default_factory=dict)
    rows: int = 0
    stated_quantity: Decimal = ZERO
    loaded_quantity: Decimal = ZERO
    stated_value: dict[str, Decimal] = field(default_factory=dict)
    loaded_value: dict[str, Decimal] = field(default_factory=dict)
    first: int = -1
    last: int = -1

    def read_row(self, k: int) -> None:
        """Count a row that should become a position, loaded or not."""
        self.first, self.last = (k if self.first < 0 else self.first), k
        self.rows += 1
        notional = self.columns.number("notional", k)
        if notional is not None:
            self._add("notional", abs(notional))

    def add(self, k: int, position: Position) -> None:
        """Count a position that was loaded."""
        self.loaded_quantity += position.quantity
        self._add("quantity", position.quantity)
        stated = self.columns.number("market_value", k)
        value = position.value if stated is not None or position.price is not None else ZERO
        self._add("market_value", value)
        self._compare(k, position.instrument.currency, stated, value)

    def add_cash(self, k: int, amount: Decimal, currency: str) -> None:
        """Count a cash line."""
        self.rows += 1
        self._add("market_value", amount)
        self._compare(k, currency, self.columns.number("market_value", k), amount)

    def _compare(self, k: int, currency: str, stated: Decimal | None, loaded: Decimal) -> None:
        if stated is None:
            return
        self.first, self.last = (k if self.first < 0 else self.first), k
        self.stated_value[currency] = self.stated_value.get(currency, ZERO) + stated
        self.loaded_value[currency] = self.loaded_value.get(currency, ZERO) + loaded

    def _add(self, measure: str, amount: Decimal) -> None:
        self.block[measure] = self.block.get(measure, ZERO) + amount
        self.whole[measure] = self.whole.get(measure, ZERO) + amount

    def is_running_sum(self, k: int) -> bool:
        """Say whether an unnamed row repeats the sum of the rows above it."""
        if self.rows < 2:  # noqa: PLR2004 - one row is no sum
            return False
        for measure in ("market_value", "quantity"):
            stated = self.columns.number(measure, k)
            sums = (self.block.get(measure), self.whole.get(measure))
            if stated and any(_near(stated, amount) for amount in sums):
                return True
        return False

    def stated(self, k: int) -> None:
        """Compare a total row with what was loaded above it, and start the next block."""
        for measure in MEASURES:
            stated = self.columns.number(measure, k)
            if stated is not None:
                options = (self.block.get(measure, ZERO), self.whole.get(measure, ZERO))
                computed = next((sums for sums in options if _near(stated, sums)), options[1])
                self.draft.control(f"{self.columns.where(k, measure)} {measure.replace('_', ' ')}",
                                   stated, computed)
                break
        else:
            self.draft.note(self.columns.where(k), "a subtotal row without numbers was left out")
        self.block = {}

    def close(self) -> None:
        """Compare the columns of quantities and market values with what was loaded."""
        for currency, stated in sorted(self.stated_value.items()):
            self.draft.control(f"{self._span('market_value')} market value {currency}", stated,
                               self.loaded_value[currency])
        if self.first >= 0 and "quantity" in self.columns.map.fields:
            self.draft.control(f"{self._span('quantity')} sum of signed quantity",
                               self.stated_quantity, self.loaded_quantity)

    def _span(self, measure: str) -> str:
        first = self.columns.where(max(self.first, 0), measure)
        last = self.columns.where(max(self.last, 0), measure).rsplit("!", 1)[-1]
        return f"{first}:{last}"


def _near(stated: Decimal, computed: Decimal | None) -> bool:
    return computed is not None and abs(stated - computed) <= RUNNING * abs(stated)
