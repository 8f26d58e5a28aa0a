"""Binance `positionRisk`: USD-margined positions in coin, coin-margined ones in contracts."""

from __future__ import annotations

from workstation.importers.draft import Draft
from workstation.importers.layouts.grids import exported, table_of
from workstation.importers.layouts.venue import names_in_every_record, read_venue
from workstation.importers.sheets import Source

KIND, VENUE = "binance positions", "binance"
NAMED = ("symbol", "positionAmt")
FIELDS = {"symbol": "symbol", "positionAmt": "quantity", "markPrice": "price",
          "entryPrice": "cost", "unRealizedProfit": "unrealized", "asset_class": "asset_class"}


def matches(source: Source) -> bool:
    """Say whether every record has Binance's name for a position's size."""
    return names_in_every_record(source, NAMED)


def read(source: Source, draft: Draft) -> None:
    """Read the futures positions of one Binance account; BTCUSDT means the perpetual here."""
    draft.kind = KIND
    found, first = exported(source)
    records = [{**record, "asset_class": "perpetual"} for record in found]
    table = table_of(records, source.path.name, first)
    read_venue(
        table, draft, VENUE, FIELDS,
        "USD-margined positions are linear, in coin; coin-margined ones are "
        "inverse, in contracts of fixed USD size")
