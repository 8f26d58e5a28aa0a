"""Write the empty position workbook: drop-downs, notes, and one example row per product.

The examples, their notes and the notes on columns are resources (`resources/templates`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workstation.base.files import write_whole
from workstation.base.resources import resource_root
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.importers.canonical import SAFE, SHEETS
from workstation.importers.dates import day
from workstation.importers.figures import Fault, Figure, figure
from workstation.importers.side_sheets import LIEN_TYPES
from workstation.importers.write_book import DATE_FORMAT, Value, write_sheet

ROWS = 2000
"""Rows that carry the drop-downs."""
CHOICES: Mapping[tuple[str, str], Sequence[str]] = {
    ("Accounts", "account_type"): [kind.value for kind in AccountType],
    ("Accounts", "risk_profile"): ["hrp", "non_hrp"],
    ("Accounts", "programme"): ["ficc-cme", "occ-cme", "ice-cds"],
    ("Positions", "asset_class"): [kind.value for kind in AssetClass],
    ("Positions", "put_call"): ["C", "P"],
    ("Positions", "exercise_style"): ["american", "european"],
    ("Positions", "settlement"): ["physical", "cash", "linear", "inverse"],
    ("Positions", "pay_receive"): ["pay", "receive"],
    ("Market", "underlying_class"): [kind.value for kind in UnderlyingClass],
    ("Collateral", "asset_class"): [kind.value for kind in AssetClass],
    ("Liens", "type"): list(LIEN_TYPES),
}
LONGEST_LIST = 255
"""Excel's limit on a drop-down written out; longer ones refer to the Lists sheet."""
DATES = frozenset({"as_of", "expiry", "maturity", "ex_date", "date"})
TEXTS = frozenset({"account_id", "symbol", "underlying", "lot", "account_name", "description"})


def write_template(path: Path) -> None:
    """Write the template; its example rows import cleanly and are there to be overwritten.

    Raises OSError where the file cannot be written.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as workbook:
        formats = {"head": workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#DCE6F0"}),
                   "date": workbook.add_format({"num_format": DATE_FORMAT})}
        sheets = {name: workbook.add_worksheet(name) for name in SHEETS}
        notes = _notes()
        for name, sheet in sheets.items():
            records = _examples(name)
            columns = SHEETS[name] if name != "History" else tuple(records[0])
            write_sheet(sheet, columns, records, formats)
            _add_notes(sheet, columns, notes.get(name, {}))
        _add_choices(workbook, sheets)
        _add_reading(workbook)
    write_whole(path, buffer.getvalue())


def _folder() -> Path:
    return resource_root() / "templates"


def _examples(name: str) -> list[Mapping[str, Value]]:
    path = _folder() / f"{name.casefold()}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: _typed(key, text) for key, text in row.items()}
                for row in csv.DictReader(file)]


def _typed(column: str, text: str) -> Value:
    if column in DATES:
        found = day(text)
        return text if isinstance(found, Fault) else found
    if column in TEXTS:
        return text
    read = figure(text)
    return read.value if isinstance(read, Figure) else text


def _notes() -> dict[str, dict[str, str]]:
    notes: dict[str, dict[str, str]] = {}
    with (_folder() / "notes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            notes.setdefault(row["sheet"], {})[row["column"]] = row["note"]
    return notes


def _add_notes(sheet: Any, columns: Sequence[str], notes: Mapping[str, str]) -> None:
    for column, name in enumerate(columns):
        if name in notes:
            sheet.write_comment(0, column, notes[name], {"x_scale": 2})


def _add_choices(workbook: Any, sheets: Mapping[str, Any]) -> None:
    lists = workbook.add_worksheet("Lists")
    lists.hide()
    for place, ((name, column), choices) in enumerate(CHOICES.items()):
        lists.write_column(0, place, choices)
        source: Sequence[str] | str = choices
        if len(",".join(choices)) > LONGEST_LIST:
            letter = chr(ord("A") + place)
            source = f"=Lists!${letter}$1:${letter}${len(choices)}"
        number = SHEETS[name].index(column)
        sheets[name].data_validation(1, number, ROWS, number, {
            "validate": "list", "source": source, "error_type": "warning",
            "error_title": column, "error_message": "Choose one of the words of the list."})


def _add_reading(workbook: Any) -> None:
    """Add a sheet of instructions; it holds no table and is not read back."""
    sheet = workbook.add_worksheet("Notes")
    sheet.set_column(0, 0, 110)
    for row, line in enumerate((_folder() / "notes.txt").read_text("utf-8").splitlines()):
        sheet.write_string(row, 0, line)
