"""Net sensitivities of swaps accounts, factor by factor, as their margin reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workstation.results.formats import money, whole, words
from workstation.results.run import Run
from workstation.results.table import Table

MOST_ROWS, MOST_COLUMNS = 16, 14
OTHERS = "others"
TENORS = ("2w", "1m", "3m", "6m", "1y", "2y", "3y", "5y", "10y", "15y", "20y", "30y")
NO_BUCKET = "no bucket"


@dataclass(frozen=True, slots=True)
class Grid:
    """Net amounts by row and column; a cell that nothing falls in is missing.

    Nothing is dropped: rows and columns beyond the largest are added up as others.
    """

    row_kind: str
    column_kind: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    amounts: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One risk factor with its net amount in USD."""

    product_class: str
    risk_type: str
    bucket: str
    qualifier: str
    tenor: str
    usd: float
    rows: int


def accounts_with_sensitivities(run: Run) -> tuple[str, ...]:
    """Return the accounts that have any, in file order."""
    found = {item.account_id for item in run.sensitivities}
    return tuple(a.account_id for a in run.book.accounts if a.account_id in found)


def risk_types(run: Run, account_id: str) -> tuple[str, ...]:
    """Return the risk types of an account, the largest gross amount first."""
    gross: dict[str, float] = {}
    for item in run.sensitivities:
        if item.account_id == account_id:
            gross[item.risk_type] = gross.get(item.risk_type, 0.0) + abs(item.usd)
    return tuple(sorted(gross, key=lambda name: (-gross[name], name)))


def sensitivity_grid(run: Run, account_id: str, risk_type: str) -> Grid:
    """Return one risk type by name and tenor, or by bucket and name where it has no tenors.

    Names give way to buckets where there are more names than rows.
    """
    items = [item for item in run.sensitivities
             if (item.account_id, item.risk_type) == (account_id, risk_type)]
    if not any(item.tenor for item in items):
        cells = [(item.bucket or NO_BUCKET, item.qualifier, item.usd) for item in items]
        return _grid("bucket", "name", cells)
    names = {item.qualifier for item in items}
    by_bucket = len(names) > MOST_ROWS and len({item.bucket for item in items}) > 1
    cells = [(item.bucket if by_bucket else item.qualifier, item.tenor, item.usd)
             for item in items]
    return _grid("bucket" if by_bucket else "name", "tenor", cells)


def _grid(row_kind: str, column_kind: str, cells: Sequence[tuple[str, str, float]]) -> Grid:
    rows = _largest([(row, usd) for row, _, usd in cells], MOST_ROWS)
    columns = _largest([(column, usd) for _, column, usd in cells], MOST_COLUMNS)
    amounts: dict[tuple[str, str], float] = {}
    for row, column, usd in cells:
        place = (row if row in rows else OTHERS, column if column in columns else OTHERS)
        amounts[place] = amounts.get(place, 0.0) + usd
    shown_rows = {row for row, _ in amounts}
    shown = {column for _, column in amounts}
    ordered = [t for t in TENORS if t in shown] if column_kind == "tenor" else []
    ordered += [c for c in columns if c not in ordered]
    return Grid(row_kind, column_kind, (*rows, *(r for r in (OTHERS,) if r in shown_rows)),
                (*ordered, *(c for c in (OTHERS,) if c in shown)), amounts)


def _largest(amounts: Sequence[tuple[str, float]], most: int) -> tuple[str, ...]:
    """Return the names with the largest gross amounts, largest first."""
    gross: dict[str, float] = {}
    for name, usd in amounts:
        gross[name] = gross.get(name, 0.0) + abs(usd)
    return tuple(sorted(gross, key=lambda name: (-gross[name], name))[:most])


def factors_table(run: Run, account_id: str, risk_type: str = "") -> Table:
    """Return the risk factors of an account, the largest first; of one risk type where named."""
    rows = sorted((
        FactorRow(i.product_class, i.risk_type, i.bucket, i.qualifier, i.tenor, i.usd, i.rows)
        for i in run.sensitivities
        if i.account_id == account_id and risk_type in ("", i.risk_type)),
        key=lambda row: (-abs(row.usd), row.risk_type, row.qualifier, row.tenor))
    columns = (
        words("Risk type", "risk_type"), words("Name", "qualifier"), words("Bucket", "bucket"),
        words("Tenor", "tenor"),
        money("Net sensitivity (USD)", "usd", "positive where the client gains", total=True),
        whole("Rows", "rows", "rows of the file, or of the positions, netted into it"),
        words("Product class", "product_class"),
    )
    return Table(f"Sensitivities {account_id}", columns, tuple(rows),
                 "Net sensitivities that the margin of the account is computed from.")
