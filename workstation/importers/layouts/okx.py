"""OKX `account/positions`: every size in contracts, whose value in coin or dollars is the venue's.

A contract whose size is not listed is left out with its reason, never counted as one coin.
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

KIND, VENUE = "okx positions", "okx"
NAMED = ("instId", "pos")
FIELDS = {"instId": "symbol", "pos": "quantity", "markPx": "price", "avgPx": "cost",
          "idxPx": "underlying_price", "upl": "unrealized", "instType": "asset_class"}
KINDS = {"SWAP": "perpetual", "FUTURES": "perpetual", "OPTION": "crypto_option"}


def matches(source: Source) -> bool:
    """Say whether every record has OKX's names for an instrument and its size."""
    return names_in_every_record(source, NAMED)


def read(source: Source, draft: Draft) -> None:
    """Read the positions of one OKX account."""
    draft.kind = KIND
    found, first = exported(source)
    table = table_of([_signed(dict(record), draft) for record in found], source.path.name, first)
    read_venue(
        table, draft, VENUE, FIELDS,
        "sizes are contracts: linear ones of a fixed amount of coin, inverse "
        "ones of a fixed amount of dollars")


def _signed(record: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """Give a short side its sign, and pass the index on as the price of the coin."""
    record["instType"] = KINDS.get(str(record.get("instType", "SWAP")), record.get("instType"))
    side, size = str(record.pop("posSide", "net")).casefold(), figure(record["pos"])
    if side == "short" and isinstance(size, Figure) and size.value > 0:
        record["pos"] = str(-size.value)
    parsed = parse_symbol(str(record["instId"]), draft.desk.as_of)
    index = figure(record.get("idxPx", ""))
    if parsed is not None and isinstance(index, Figure) and index.value > Decimal(0):
        draft.implied_prices.setdefault(parsed.root, (index.value, "USD", draft.file_name))
    return record
