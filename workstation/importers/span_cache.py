"""Risk parameters compiled once: columns and definitions of a file, found by its digest.

A compiled copy is only ever a copy: damaged, older or missing, the file itself is read again.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.rulebooks.span.contracts import Contracts
from workstation.rulebooks.span.parameters import Organisation, RiskParameters

VERSION = 3
WORTH_KEEPING = 20_000
"""Contracts from which reading takes longer than a compiled copy costs."""
MOST_KEPT = 4
SUFFIX = ".compiled"
COLUMNS = ("series", "right", "strike", "price", "delta", "arrays", "order")
FRACTIONS = ("price", "delta", "arrays")
LARGEST_NARROW = np.iinfo(np.int32).max
_Stored = tuple[int, str, str, str, int, dict[str, int], list[Problem], list[dict[str, Any]]]
_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, msgspec.MsgspecError)


def load_compiled(folder: Path, sha256: str, name: str) -> RiskParameters | None:
    """Return the compiled copy of a file, under the name it has now; None where there is none."""
    path = folder / f"{sha256}{SUFFIX}"
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            version, _, digest, layout, records, skipped, problems, organisations = (
                msgspec.json.decode(stored["definitions"].tobytes(), type=_Stored))
            if version != VERSION or digest != sha256:
                return None
            loaded = tuple(_organisation(item, stored, number)
                           for number, item in enumerate(organisations))
        os.utime(path)
    except _DAMAGED:
        return None
    return RiskParameters(name, sha256, layout, loaded, records, skipped, tuple(problems))


def _organisation(item: dict[str, Any], stored: Any, number: int) -> Organisation:
    hints = get_type_hints(Organisation)
    values = {key: msgspec.convert(value, hints[key], strict=False)
              for key, value in item.items() if key != "conversions"}
    values["conversions"] = {(a, b): msgspec.convert(rate, hints["conversions"].__args__[1])
                             for a, b, rate in item["conversions"]}
    columns = {key: stored[f"{key}{number}"] for key in COLUMNS}
    for key in FRACTIONS:
        columns[key] = columns[key].astype(np.float64, copy=False)
    return Organisation(contracts=Contracts(**columns), **values)


def keep_compiled(folder: Path, parameters: RiskParameters) -> bool:
    """Write a compiled copy beside earlier ones, dropping the least recently used.

    False where the folder cannot be written, which costs time at the next load and nothing else.
    """
    if sum(len(item.contracts) for item in parameters.organisations) < WORTH_KEEPING:
        return True
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            written = Path(aside, "columns.npz")
            np.savez(written, allow_pickle=False, **_stored(parameters))
            written.replace(folder / f"{parameters.sha256}{SUFFIX}")
        _drop_oldest(folder)
    except OSError:
        return False
    return True


def _stored(parameters: RiskParameters) -> dict[str, Any]:
    organisations = []
    columns: dict[str, Any] = {}
    for number, item in enumerate(parameters.organisations):
        described = {field.name: getattr(item, field.name) for field in fields(item)
                     if field.name != "contracts"}
        described["conversions"] = [(*pair, rate) for pair, rate in item.conversions.items()]
        organisations.append(described)
        columns |= {f"{key}{number}": _narrow(getattr(item.contracts, key)) for key in COLUMNS}
    definitions = msgspec.json.encode((
        VERSION, parameters.name, parameters.sha256, parameters.layout, parameters.records,
        parameters.skipped, parameters.problems, organisations))
    return {"definitions": np.frombuffer(definitions, np.uint8), **columns}


def _narrow(column: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers of few digits in half the room; most risk arrays are such."""
    if column.dtype != np.float64 or not len(column) or not np.isfinite(column).all() or (
            np.abs(column).max() > LARGEST_NARROW):
        return column
    narrow = column.astype(np.int32)
    return narrow if np.array_equal(narrow, column) else column


def _drop_oldest(folder: Path) -> None:
    kept = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
