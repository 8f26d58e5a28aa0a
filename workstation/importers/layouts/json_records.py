"""Positions as JSON records of any origin: a list, or a list inside a document, read by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workstation.importers.draft import Draft
from workstation.importers.layouts.grids import table_of
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Source
from workstation.importers.tables import names_positions
from workstation.importers.vocabulary import normal

KIND = "json positions"
ACCOUNT = frozenset({"account", "accountid", "accountnumber", "acct", "portfolio"})
DEEPEST = 4
Record = Mapping[str, Any]


def matches(source: Source) -> bool:
    """Say whether some list of the document holds records that name a thing and how much of it."""
    return source.sort == "json" and any(True for _ in _lists(source.document))


def read(source: Source, draft: Draft) -> None:
    """Read every such list as a table; what names the account above it gives it the account."""
    draft.kind = KIND
    for account, records in _lists(source.document):
        read_table(table_of([_flat(record) for record in records], source.path.name), draft,
                   account or "Account")


def _lists(node: Any, account: str = "", depth: int = 0) -> Iterator[tuple[str, list[Record]]]:
    """Yield the lists of position records with the account stated above each."""
    if depth > DEEPEST:
        return
    if isinstance(node, Mapping):
        account = next((str(value) for key, value in node.items() if normal(key) in ACCOUNT
                        and isinstance(value, str | int)), account)
        for value in node.values():
            yield from _lists(value, account, depth + 1)
    elif isinstance(node, list):
        records = [item for item in node if isinstance(item, Mapping)]
        names = tuple(dict.fromkeys(key for record in records for key in _flat(record)))
        if records and names_positions(names):
            yield account, records
        else:
            for item in records:
                yield from _lists(item, account, depth + 1)


def _flat(record: Record) -> dict[str, Any]:
    """Bring the fields of one nested level up beside the others, theirs losing to those there."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            for name, inner in value.items():
                flat.setdefault(name, inner)
        else:
            flat[key] = value
    return flat
