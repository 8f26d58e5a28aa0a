"""Import of a 10,000-row workbook, recognition included, against reading its cells alone.

`python -m tests.benchmarks.importing` prints medians: our import, the bare reading of the same
cells by calamine and by openpyxl (read only), a CSV of the same rows, and a preview's dry run.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROWS, ROUNDS = 10_000, 5
AS_OF = date(2026, 11, 13)


def book(path: Path) -> Path:
    """Write shares and options, half each, under a client's headers and titles."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Holdings")
        sheet.write_string(0, 0, "Invented Partners LP, as of 2026-11-13")
        sheet.write_row(2, 0, ("Account", "Ticker", "Qty", "Last", "Ccy", "Mkt Val", "Asset Type"))
        for row in range(ROWS):
            letters = "Q" + chr(65 + row % 26) + chr(65 + row // 26 % 26) + chr(
                65 + row // 676)
            option = row % 2
            name = f"{letters:<6}261218C{(100 + row % 400) * 1000:08d}" if option else letters
            quantity, price = (-3, 1.25) if option else (100 + row, 10 + row / 7)
            sheet.write_row(row + 3, 0, (f"A{row % 5}", name, quantity, price, "USD",
                                         quantity * price * (100 if option else 1),
                                         "Option" if option else "Equity"))
    return path


def csv_of(path: Path) -> Path:
    """Write the same rows as delimited text."""
    import python_calamine

    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    target = path.with_suffix(".csv")
    target.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), "utf-8")
    return target


def median(work: Callable[[], object]) -> float:
    """Return the median seconds of a few rounds, after one to warm up."""
    work()
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def measured(folder: Path) -> dict[str, float]:
    """Return the medians by name."""
    import openpyxl
    import python_calamine

    from workstation.importers import import_file
    from workstation.importers.opening import open_source
    from workstation.importers.preview import preview
    from workstation.importers.recipe import NO_DECISIONS

    path = book(folder / "client.xlsx")
    text, data, source = csv_of(path), path.read_bytes(), open_source(path)

    def by_openpyxl() -> object:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        return list(sheet.iter_rows(values_only=True))

    read = import_file(path, as_of=AS_OF)
    if read.book is None or len(read.book.positions) != ROWS:
        raise AssertionError("the import lost rows")
    return {
        "import of 10,000 rows (.xlsx)": median(lambda: import_file(path, as_of=AS_OF)),
        "import of 10,000 rows (.csv)": median(lambda: import_file(text, as_of=AS_OF)),
        "dry run of the preview": median(lambda: preview(source, NO_DECISIONS)),
        "cells alone, calamine": median(lambda: python_calamine.CalamineWorkbook.from_filelike(
            io.BytesIO(data)).get_sheet_by_index(0).to_python()),
        "cells alone, openpyxl read only": median(by_openpyxl),
    }


def main() -> int:
    """Print the medians as JSON."""
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps({key: round(value, 4) for key, value in measured(Path(name)).items()},
                         indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
