"""What the position exports of all crypto venues share: one account, sizes in the venue's units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workstation.base.vocabulary import AccountType
from workstation.importers.draft import Draft
from workstation.importers.layouts.grids import exported
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Source, is_blank, text_of
from workstation.importers.tables import Table


def names_in_every_record(source: Source, names: Sequence[str]) -> bool:
    """Say whether there are records and every one of them has the fields named."""
    if source.document is None and not _names_columns(source, names):
        return False  # before a long table is turned into records for nothing
    records, _ = exported(source)
    return bool(records) and all(name in record for record in records for name in names)


def _names_columns(source: Source, names: Sequence[str]) -> bool:
    rows = source.visible[0].rows if len(source.visible) == 1 else []
    head = next((row for row in rows if not all(map(is_blank, row))), [])
    return set(names) <= {text_of(cell) for cell in head}


def read_venue(table: Table, draft: Draft, venue: str, fields: Mapping[str, str],
               sizes: str) -> None:
    """Read a table of positions as one account of the venue; `sizes` says what sizes mean."""
    account = draft.account(venue, table.sheet.name)
    account.account_type, account.venue = AccountType.CRYPTO_VENUE, venue
    given = {i: fields[name] for i, name in enumerate(table.headers) if name in fields}
    draft.say(table.sheet.name, sizes)
    read_table(table, draft, venue, venue=venue, given=given)
