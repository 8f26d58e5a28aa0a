"""Binance `positionRisk`: USD-margined positions in coin, coin-margined ones in contracts."""

from __future__ import annotations

from workstation.base.vocabulary import AccountType
from workstation.importers.draft import Draft
from workstation.importers.layouts.grids import exported, table_of
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Source

KIND, VENUE = "binance positions", "binance"
NAMED = ("symbol", "positionAmt")
FIELDS = {"symbol": "symbol", "positionAmt": "quantity", "markPrice": "price",
          "entryPrice": "cost", "unRealizedProfit": "unrealized", "asset_class": "asset_class"}


def matches(source: Source) -> bool:
    """Say whether every record has Binance's name for a position's size."""
    records, _ = exported(source)
    return bool(records) and all(key in record for record in records for key in NAMED)


def read(source: Source, draft: Draft) -> None:
    """Read the futures positions of one Binance account; BTCUSDT means the perpetual here."""
    draft.kind = KIND
    found, first = exported(source)
    records = [{**record, "asset_class": "perpetual"} for record in found]
    table = table_of(records, source.path.name, first)
    account = draft.account(VENUE, table.sheet.name)
    account.account_type, account.venue = AccountType.CRYPTO_VENUE, VENUE
    given = {i: FIELDS.get(name, "") for i, name in enumerate(table.headers) if name in FIELDS}
    draft.say(source.path.name, "USD-margined positions are linear, in coin; coin-margined ones "
              "are inverse, in contracts of fixed USD size")
    read_table(table, draft, VENUE, venue=VENUE, given=given)
