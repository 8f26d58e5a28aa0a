"""What changed between two imports of a client's positions: added, removed, quantity, price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from workstation.book.book import Book
from workstation.book.positions import Position

Kind = Literal["added", "removed", "quantity", "price", "quantity and price"]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One holding that is not as it was; quantities and prices are None where it was not held."""

    kind: Kind
    account_id: str
    symbol: str
    old_quantity: Decimal | None
    new_quantity: Decimal | None
    old_price: Decimal | None
    new_price: Decimal | None
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Holding:
    """All rows of one instrument in one account: their sum, and the price of the last."""

    position: Position
    quantity: Decimal


def difference(old: Book, new: Book) -> tuple[Change, ...]:
    """Return the changes from one book to another, in the order of the new file, removals last.

    Rows of the same instrument in one account count together, so that a file which splits a
    holding into lots shows no change.
    """
    before, after = _holdings(old.positions), _holdings(new.positions)
    changes = [change for key, holding in after.items()
               if (change := _change(before.get(key), holding)) is not None]
    changes += [Change("removed", gone.position.account_id, gone.position.instrument.symbol,
                       gone.quantity, None, gone.position.price, None, gone.position.where)
                for key, gone in before.items() if key not in after]
    return tuple(changes)


def _holdings(positions: Iterable[Position]) -> dict[Key, _Holding]:
    held: dict[Key, _Holding] = {}
    for position in positions:
        key = (position.account_id, replace(position.instrument, description=""))
        known = held.get(key)
        held[key] = _Holding(position, position.quantity + (known.quantity if known else 0))
    return held


def _change(before: _Holding | None, now: _Holding) -> Change | None:
    position = now.position
    if before is None:
        return Change("added", position.account_id, position.instrument.symbol, None, now.quantity,
                      None, position.price, position.where)
    kinds = [name for name, same in (("quantity", before.quantity == now.quantity),
                                     ("price", before.position.price == position.price))
             if not same]
    if not kinds:
        return None
    kind: Kind = "quantity and price" if len(kinds) == 2 else (  # noqa: PLR2004 - both of them
        "quantity" if kinds[0] == "quantity" else "price")
    return Change(kind, position.account_id, position.instrument.symbol, before.quantity,
                  now.quantity, before.position.price, position.price, position.where)
