"""Positions as the client reported them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.instruments.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Position:
    """A holding; short positions have a negative quantity.

    `where` names the cell it came from (`Positions!A7`), and identifies the position in edits.
    `price` is None when the file has none. `extras` keeps columns the product does not know.
    """

    account_id: str
    instrument: Instrument
    quantity: Decimal
    price: Decimal | None
    where: str
    extras: tuple[tuple[str, str], ...] = ()

    @property
    def value(self) -> Decimal:
        """Return quantity x price x multiplier in the instrument's currency; 0 without a price."""
        if self.price is None:
            return Decimal(0)
        return self.quantity * self.price * self.instrument.multiplier

    def resized(self, quantity: Decimal) -> Position:
        """Return the same holding with another quantity."""
        return replace(self, quantity=quantity)
