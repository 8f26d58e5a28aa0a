"""Read a risk-parameter file whatever its layout; the first bytes decide."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import is_zipfile

from workstation.importers.span_cache import keep_compiled, load_compiled
from workstation.importers.span_files import SpanFile, open_span_file
from workstation.importers.span_pa2 import Pa2Reader
from workstation.importers.span_spn import SpnReader
from workstation.importers.workbooks import refusal, truncated
from workstation.rulebooks.span.parameters import RiskParameters

FORMATS = "load an expanded unpacked (.pa2) or an XML (.spn) file"


def read_risk_parameters(path: Path, compiled: Sequence[Path] = ()) -> RiskParameters:
    """Return what a risk-parameter file holds; raises UnusableInputError when that is nothing.

    Parameters
    ----------
    path
        An expanded unpacked (.pa2) or XML (.spn) file, or a zip archive with one of them.
    compiled
        Folders of compiled copies: the second load of a large file is quick. All are looked
        into; a new copy goes into the first that can be written.
    """
    file = open_span_file(path)
    for folder in compiled:
        known = load_compiled(folder, file.sha256, file.name)
        if known is not None:
            return known
    parameters = _read(file)
    any(keep_compiled(folder, parameters) for folder in compiled)
    return parameters


def _read(file: SpanFile) -> RiskParameters:
    start = file.head.lstrip(b"\0 \t\r\n")
    if start.startswith(b"<"):
        return SpnReader(file).read()
    if start.startswith(b"0 "):
        return Pa2Reader(file).read(file)
    raise _stranger(file, start)


def _stranger(file: SpanFile, start: bytes) -> Exception:
    if start.startswith(b"1 ") or start[:2] == b"10":
        return refusal(file.name, "this is the standard unpacked (.par) layout, whose product "
                       "codes are cut to two characters", FORMATS)
    if b"pfCode" in start or b"acctId" in start:
        return refusal(file.name, "this is a position file, not risk parameters",
                       "give it as --positions")
    if start.startswith(b"PK"):
        return truncated(file.name) if not is_zipfile(file.path) else refusal(
            file.name, "this is a workbook, not risk parameters", FORMATS)
    return refusal(file.name, "its first line is no header record (type 0) and no XML", FORMATS)
