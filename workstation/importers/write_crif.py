"""Write a CRIF: every column the reader knows, in a form that reads back the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from workstation.base.files import write_whole
from workstation.book.crif import Crif
from workstation.importers.crif_words import HEADERS


def write_crif(crif: Crif, path: Path, delimiter: str = ",") -> None:
    """Write the rows as delimited text in UTF-8; the file appears whole or not at all."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(HEADERS.values())
    writer.writerows(_rows(crif))
    write_whole(path, stream.getvalue().encode())


def _rows(crif: Crif) -> Iterator[tuple[str, ...]]:
    texts = {name: [label.names[code] for code in label.codes.tolist()]
             for name in HEADERS if name not in ("amount", "amount_usd")
             for label in (getattr(crif, name),)}
    numbers = {"amount": crif.amount.tolist(), "amount_usd": crif.usd.tolist()}
    columns = [texts[name] if name in texts else [repr(value) for value in numbers[name]]
               for name in HEADERS]
    yield from zip(*columns, strict=True)
