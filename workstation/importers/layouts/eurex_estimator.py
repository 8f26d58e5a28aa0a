"""Eurex margin estimator portfolios: listed contracts by product and date, swaps as CSV text."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from workstation.importers.draft import Draft
from workstation.importers.layouts.grids import table_of
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Source

KIND, ACCOUNT = "eurex estimator portfolio", "Eurex"
FIELDS = {"product_id": "underlying", "contract_date": "expiry", "net_ls_balance": "quantity",
          "call_put_flag": "put_call", "exercise_price": "strike", "asset_class": "asset_class"}


def _components(source: Source) -> list[Mapping[str, Any]]:
    document = source.document
    parts = document.get("portfolio_components") if isinstance(document, Mapping) else None
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def matches(source: Source) -> bool:
    """Say whether the document has the estimator's portfolio components."""
    return bool(_components(source))


def read(source: Source, draft: Draft) -> None:
    """Read listed contracts as positions; refuse each embedded swap by its row."""
    draft.kind = KIND
    records: list[dict[str, Any]] = []
    for part in _components(source):
        for record in part.get("etd_portfolio") or ():
            if isinstance(record, Mapping):
                option = bool(record.get("call_put_flag"))
                kind = "future_option" if option else "future"
                records.append({**record, "asset_class": kind})
        _refuse_swaps(part.get("otc_csv"), source, draft)
    if records:
        table = table_of(records, source.path.name)
        read_table(table, draft, ACCOUNT, given={
            i: FIELDS[name] for i, name in enumerate(table.headers) if name in FIELDS})


def _refuse_swaps(part: Any, source: Source, draft: Draft) -> None:
    text = part.get("csv") if isinstance(part, Mapping) else None
    if not isinstance(text, str):
        return
    rows = list(csv.reader(text.splitlines()))
    for number, row in enumerate(rows[1:], start=2):
        if row:
            draft.rows_read += 1
            draft.exclude(f"{source.path.name}, otc_csv line {number}",
                          f"swap {' '.join(row[:3])} is an OTC trade, not a listed position",
                          "send it as CRIF sensitivities, or list it as a swap in the template",
                          ACCOUNT)
