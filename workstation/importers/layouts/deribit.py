"""Deribit `get_positions`: inverse sizes in USD for futures, in coin for options.

The premium of an inverse option is in coin; it is kept beside the price in dollars.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.identifiers import parse_symbol
from workstation.importers.layouts.grids import exported, table_of
from workstation.importers.layouts.venue import names_in_every_record, read_venue
from workstation.importers.sheets import Source

KIND, VENUE = "deribit positions", "deribit"
NAMED = ("instrument_name", "direction", "size")
FIELDS = {"instrument_name": "symbol", "size": "quantity", "direction": "side",
          "mark_price": "price", "kind": "asset_class", "index_price": "underlying_price",
          "average_price": "cost", "currency": "currency"}


def matches(source: Source) -> bool:
    """Say whether every record names an instrument, a direction and a size."""
    return names_in_every_record(source, NAMED)


def read(source: Source, draft: Draft) -> None:
    """Read the positions of one Deribit account."""
    draft.kind = KIND
    found, first = exported(source)
    table = table_of([_priced(dict(record), draft) for record in found], source.path.name, first)
    read_venue(
        table, draft, VENUE, FIELDS,
        "sizes of inverse contracts are in USD, those of options and linear "
        "contracts in coin")


def _priced(record: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """Add the currency of the premium, and pass the index on as the price of the coin."""
    parsed = parse_symbol(str(record["instrument_name"]), draft.desk.as_of)
    if parsed is not None:
        coin = parsed.sort == "crypto option" and parsed.settlement == "inverse"
        record["currency"] = parsed.root if coin else "USD"
        _index(record, parsed.root, draft)
    return record


def _index(record: dict[str, Any], coin: str, draft: Draft) -> None:
    index = figure(record.get("index_price", ""))
    if isinstance(index, Figure) and index.value > Decimal(0):
        draft.implied_prices.setdefault(coin, (index.value, "USD", draft.file_name))
