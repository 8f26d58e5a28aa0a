"""Open .xlsx, .xlsb, .xls and .ods files: values by calamine, what it cannot see by openpyxl."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import python_calamine as calamine

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.archive import (
    CELL_LIMIT,
    BombError,
    check_archive,
)
from workstation.importers.book_marks import marks_of_archive, marks_of_stream
from workstation.importers.sheets import Cell, Sheet

SAVE_AGAIN = "open it in Excel and save it again as .xlsx"
_VISIBLE = calamine.SheetVisibleEnum.Visible


def read_workbook(data: bytes, name: str, password: str | None) -> tuple[Sheet, ...]:
    """Return every sheet of a workbook; raises UnusableInputError with a remedy."""
    zipped = data.startswith(b"PK")
    second_look = False
    if zipped:
        second_look = _guard(data, name)
    elif _is_encrypted(data):
        data = _decrypted(data, name, password)
        return read_workbook(data, name, None)
    elif not _is_whole(data):
        raise truncated(name)
    sheets = _marked(data, _values(data, name), zipped=zipped)
    if second_look:
        sheets = _with_second_look(data, sheets)
    return sheets


def _marked(data: bytes, sheets: tuple[Sheet, ...], *, zipped: bool) -> tuple[Sheet, ...]:
    """Add what calamine does not report: days from 1904, percentages, cells in error."""
    try:
        marks = marks_of_archive(data) if zipped else marks_of_stream(_stream(data))
    except (struct.error, ValueError, KeyError, OSError, zipfile.BadZipFile):
        return sheets  # the values are read; a part that tells of looks alone is not sound
    if not (marks.from_1904 or marks.percents or marks.errors or marks.unplaced):
        return sheets
    return tuple(replace(sheet, from_1904=marks.from_1904, has_unplaced_percents=marks.unplaced,
                         rows=_with_errors(sheet.rows, marks.errors.get(sheet.name, {})),
                         percents=marks.percents.get(sheet.name, frozenset()))
                 for sheet in sheets)


def _with_errors(rows: list[list[Cell]], errors: Mapping[tuple[int, int], str]
                 ) -> list[list[Cell]]:
    """Put errors such as #N/A into their cells, which the reader leaves empty."""
    for (row, column), error in errors.items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            rows[row][column] = error
    return rows


def _stream(data: bytes) -> bytes:
    """Return the workbook stream of an .xls file."""
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(io.BytesIO(data)) as package:
        name = "Workbook" if package.exists("Workbook") else "Book"
        content: bytes = package.openstream(name).read()
        return content


def _guard(data: bytes, name: str) -> bool:
    try:
        return check_archive(data)
    except BombError as error:
        raise refusal(name, f"the workbook is not safe to open: {error}", SAVE_AGAIN) from error
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error, OSError, RuntimeError,  # type: ignore[attr-defined]
            NotImplementedError, ValueError) as error:
        raise truncated(name) from error


def _values(data: bytes, name: str) -> tuple[Sheet, ...]:
    try:
        with calamine.CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            return tuple(
                Sheet(meta.name, _rows(book, meta.name, name), meta.visible == _VISIBLE)
                for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet
            )
    except calamine.PasswordError as error:
        raise _locked(name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise truncated(name) from error
    except BaseException as error:
        # The reader is compiled code; its own failures are outside Exception and cannot be named.
        if type(error).__name__ != "PanicException":
            raise
        raise truncated(name) from None


def _rows(book: calamine.CalamineWorkbook, sheet_name: str, file_name: str) -> list[list[Cell]]:
    sheet = book.get_sheet_by_name(sheet_name)
    if sheet.total_height * sheet.total_width > CELL_LIMIT:
        raise refusal(f"{file_name}, sheet {sheet_name}", "it spans more than five million cells",
                      "delete the empty rows and columns below and beside the table")
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    return rows


def _with_second_look(data: bytes, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """Add formulas without stored values and hidden rows, which calamine does not report."""
    book = _openpyxl(data)
    if book is None:
        return sheets
    looked = []
    for sheet in sheets:
        grid = book[sheet.name] if sheet.name in book.sheetnames else None
        looked.append(sheet if grid is None else replace(
            sheet, hidden_rows=frozenset(_hidden(grid)), unread=frozenset(_unread(grid, sheet)),
            hidden_columns=tuple(name for name, form in grid.column_dimensions.items()
                                 if form.hidden)))
    return tuple(looked)


def _openpyxl(data: bytes) -> Any:
    """Return the workbook as openpyxl sees it, or None: it refuses files that calamine reads."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
            zipfile.BadZipFile):
        return None


def _hidden(grid: Any) -> Iterator[int]:
    return (row - 1 for row, form in grid.row_dimensions.items() if form.hidden)


def _unread(grid: Any, sheet: Sheet) -> Iterator[tuple[int, int]]:
    for row in grid.iter_rows():
        for cell in row:
            if cell.data_type == "f" and _is_empty(sheet, cell.row - 1, cell.column - 1):
                yield cell.row - 1, cell.column - 1


def _is_empty(sheet: Sheet, row: int, column: int) -> bool:
    return row >= len(sheet.rows) or column >= len(sheet.rows[row]) or sheet.rows[row][column] == ""


def _is_encrypted(data: bytes) -> bool:
    """Say whether an OLE file is a protected package rather than an .xls workbook."""
    return "EncryptedPackage".encode("utf-16-le") in data


def _is_whole(data: bytes) -> bool:
    """Say whether an OLE file has a workbook stream of the length it states."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as package:
            names = [name for name in ("Workbook", "Book") if package.exists(name)]
            return any(len(package.openstream(name).read()) == package.get_size(name)
                       for name in names)
    except (OSError, ValueError, IndexError, struct.error):
        return False


def _decrypted(data: bytes, name: str, password: str | None) -> bytes:
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    if not password:
        raise _locked(name)
    out = io.BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(data))
        locked.load_key(password=password)
        locked.decrypt(out)
    except (InvalidKeyError, DecryptionError) as error:
        raise refusal(name, "the password does not open it", "type the password again") from error
    except (FileFormatError, ParseError, OSError, ValueError) as error:
        raise truncated(name) from error
    return out.getvalue()


def refusal(where: str, what: str, remedy: str) -> UnusableInputError:
    """Return the error that says why a whole file cannot be used."""
    return UnusableInputError(Problem(where, what, remedy, "error"))


def truncated(name: str) -> UnusableInputError:
    """Return the error for a file cut short or damaged."""
    return refusal(name, "the file is damaged or cut short", "export or copy it again")


def _locked(name: str) -> UnusableInputError:
    return refusal(name, "the workbook is protected by a password",
                   "give the password, or save a copy without one")
