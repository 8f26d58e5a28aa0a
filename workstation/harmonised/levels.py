"""The levels of the tree at which siblings meet, from the same underlying to the whole book."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Where two legs meet."""

    SAME_UNDERLYING = "same underlying"
    PRODUCT_GROUP = "product group"
    ASSET_CLASS = "asset class"
    BOOK = "book"


LEVEL_KNOBS = {
    Level.SAME_UNDERLYING: "offsets.same_underlying",
    Level.PRODUCT_GROUP: "offsets.product_group",
    Level.ASSET_CLASS: "offsets.asset_class",
    Level.BOOK: "offsets.book",
}
