"""Open one file by what its first bytes say it is; the extension is not believed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

from workstation.base.problem import Problem
from workstation.importers.sheets import Source
from workstation.importers.texts import decode, read_text
from workstation.importers.web_tables import web_tables
from workstation.importers.workbooks import read_workbook, refusal, truncated

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXPORT = "export the positions as .xlsx or .csv"
LARGEST = 512 * 1024 * 1024
_KNOWN_STRANGERS = ((b"%PDF", "a PDF document"), (b"\x89PNG", "a picture"),
                    (b"\xff\xd8\xff", "a picture"), (b"SQLite format 3", "a database"),
                    (b"\x1f\x8b", "a compressed file"), (b"Rar!", "a compressed file"))


def open_source(path: Path, password: str | None = None) -> Source:
    """Return the content of a file as sheets, JSON or XML text; raises UnusableInputError."""
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        names = _package_names(data, path.name)
        sheets = read_workbook(data, path.name, password)
        return Source(path, digest, "workbook", sheets, problems=_passengers(path.name, names))
    if data.startswith(OLE):
        return Source(path, digest, "workbook", read_workbook(data, path.name, password))
    for mark, what in _KNOWN_STRANGERS:
        if data.startswith(mark):
            raise refusal(path.name, f"this is {what}, not a position file", EXPORT)
    return _open_text(path, data, digest)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise refusal(path.name, "the file is larger than 512 MB", "split it")
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise refusal(str(path), reason[:1].lower() + reason[1:],
                      "check the path and the permissions") from error
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusal(path.name, "the file is empty", "export it again")
    return data


def _package_names(data: bytes, name: str) -> set[str]:
    """Return the parts of a package; refuse archives that are not spreadsheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise truncated(name) from error
    spreadsheet = names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
    if not spreadsheet:
        raise refusal(name, "this is an archive, not a spreadsheet",
                      "unpack it and open the workbook inside")
    return names


def _passengers(name: str, parts: set[str]) -> tuple[Problem, ...]:
    """Say what a workbook carries that is never run or followed."""
    found = [what for mark, what in (("vbaProject", "macros"), ("externalLinks/", "external links"),
                                     ("embeddings/", "embedded objects"))
             if any(mark in part for part in parts)]
    if not found:
        return ()
    return (Problem(name, f"the workbook carries {', '.join(found)}; they were ignored",
                    severity="info"),)


def _open_text(path: Path, data: bytes, digest: str) -> Source:
    decoded = decode(data)
    if decoded is None:
        raise refusal(path.name, "this is not a spreadsheet, nor text in a known encoding", EXPORT)
    text = decoded.text.lstrip("\ufeff")
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype html", "<html", "<table", "<style", "<meta")):
        return _open_page(path, text, digest)
    if start.startswith("<"):
        return Source(path, digest, "xml", text=text)
    if start.startswith(("{", "[")):
        return _open_json(path, text, digest)
    return Source(path, digest, "text", (read_text(text, path.name),), text=text,
                  problems=_encoding_note(path.name, decoded.encoding))


def _open_page(path: Path, text: str, digest: str) -> Source:
    sheets = web_tables(text)
    if not sheets:
        raise refusal(path.name, "this is a web page without a table",
                      "open it in Excel and save it as .xlsx")
    return Source(path, digest, "workbook", sheets, problems=(Problem(
        path.name, f"a web page under a spreadsheet's name; {len(sheets)} tables were found in it",
        severity="info"),))


def _open_json(path: Path, text: str, digest: str) -> Source:
    try:
        document = json.loads(text, parse_constant=lambda name: None)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        where = getattr(error, "lineno", 0)
        raise refusal(f"{path.name}, line {where}" if where else path.name,
                      "the JSON text is damaged or cut short", "export it again") from error
    return Source(path, digest, "json", document=document, text=text)


def _encoding_note(name: str, encoding: str) -> tuple[Problem, ...]:
    if encoding in ("utf-8", "utf-8-sig"):
        return ()
    return (Problem(name, f"the text was read as {encoding}",
                    "check accented letters; export as UTF-8 if they are wrong", "info"),)
