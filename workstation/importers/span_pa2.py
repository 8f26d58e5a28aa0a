"""Read expanded unpacked risk-parameter files (.pa2) as a stream of blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.importers.span_arrays import ArrayReader, RawContracts
from workstation.importers.span_drafts import FamilyDraft, OrganisationDraft
from workstation.importers.span_files import SpanFile
from workstation.importers.span_prices import in_units
from workstation.importers.span_records import READERS, Record, header, is_option
from workstation.importers.workbooks import refusal
from workstation.rulebooks.span.contracts import STRIKE_UNITS, Contracts, no_contracts
from workstation.rulebooks.span.parameters import RiskParameters

LAYOUT = "expanded unpacked"
HEADER = "0 "
DOWNLOAD = "download the file again"


class Pa2Reader:
    """Fills one organisation's draft from the lines of a file."""

    def __init__(self, file: SpanFile) -> None:
        self._name = file.name
        self._draft: OrganisationDraft | None = None
        self._problems: list[Problem] = []
        self._skipped: Counter[str] = Counter()
        self._records = 0
        self._array_reader = ArrayReader(file.name, self._series)
        self._last_line_whole = True

    def read(self, file: SpanFile) -> RiskParameters:
        """Return everything the file holds; raises UnusableInputError when it holds nothing."""
        for line, block, whole in self._blocks(file):
            self._last_line_whole = whole
            for number, text in self._array_reader.lines(block, line):
                self._record(number, text)
            if self._array_reader.stop_line is not None:
                break
        self._array_reader.finish()
        if self._draft is None:
            raise refusal(file.name, "no header record (type 0) was found",
                          "load an expanded unpacked (.pa2) or an XML (.spn) file")
        return self._finished(file, self._draft)

    def _blocks(self, file: SpanFile) -> Iterator[tuple[int, bytes, bool]]:
        """Yield blocks of whole lines with the number of their first line."""
        line, rest = 1, b""
        for block in file.blocks():
            text = rest + block
            cut = text.rfind(b"\n") + 1
            text, rest = text[:cut], text[cut:]
            if text:
                yield line, text, True
                line += text.count(b"\n")
        if rest.strip(b"\0\x1a \r\n"):
            yield line, rest + b"\n", False

    def _series(self, exchange: str, code: str, kind: str, future: str, option: str) -> int:
        """Return the number of the series an array record belongs to."""
        if self._draft is None:
            raise refusal(self._name, "array records come before the header (type 0)", DOWNLOAD)
        future, option = ("" if m.strip("0") == "" else m.replace(" ", "")
                          for m in (future, option))
        month, underlying = (option, future) if is_option(kind) else (future or option, "")
        return self._draft.series_number((exchange, code, kind), month or future, underlying)

    def _record(self, line: int, text: bytes) -> None:
        kind = text[:2].decode("latin-1").ljust(2)
        if not text.strip(b"\0\x1a "):
            return
        self._records += 1
        if not self._last_line_whole and kind in READERS:
            self._problems.append(Problem(
                f"{self._name} line {line}", "the last record has no line end and may be cut "
                "short; it was left out", DOWNLOAD, "error"))
        elif kind == HEADER:
            self._header(line, text)
        elif kind not in READERS:
            self._skipped[kind.strip() or "blank"] += 1
        elif self._draft is None:
            raise refusal(f"{self._name} line {line}", "a record before the header (type 0)",
                          "load an expanded unpacked (.pa2) or an XML (.spn) file")
        else:
            try:
                READERS[kind](Record(text), self._draft)
            except (ValueError, ArithmeticError) as error:
                self._problems.append(Problem(
                    f"{self._name} line {line}", f"record type {kind.strip()}: {error}",
                    f"{DOWNLOAD}; the record was left out", "error"))

    def _header(self, line: int, text: bytes) -> None:
        try:
            found = header(Record(text))
        except ValueError as error:
            raise refusal(f"{self._name} line {line}", f"the header cannot be read: {error}",
                          DOWNLOAD) from error
        known = self._draft
        if known is None:
            self._draft = found
        elif (found.code, found.business_date, found.cycle, found.time) != (
                known.code, known.business_date, known.cycle, known.time):
            self._problems.append(Problem(
                f"{self._name} line {line}",
                f"a second header ({found.code} {found.business_date}): two files are mixed; "
                f"everything from here on was left out", "load the files one by one", "error"))
            self._array_reader.stop_line = line

    def _finished(self, file: SpanFile, draft: OrganisationDraft) -> RiskParameters:
        if not self._last_line_whole and self._records:
            self._problems.append(Problem(
                file.name, "the file does not end with a whole line; it may be cut short",
                DOWNLOAD, "error" if self._problems or self._array_reader.problems
                else "warning"))
        contracts = decoded(self._array_reader.raw, draft)
        self._problems += repeated(contracts, draft, file.name)
        return RiskParameters(
            file.name, file.sha256, LAYOUT, (draft.finished(contracts),),
            self._records + self._array_reader.array_records, dict(self._skipped),
            (*self._problems, *self._array_reader.problems))


def decoded(raw: RawContracts, draft: OrganisationDraft) -> Contracts:
    """Turn fields into strikes, prices and losses by what each family's records say."""
    if not raw.series:
        return no_contracts()
    series = np.concatenate(raw.series)
    family = np.array([item.family for item in draft.series], np.int64)[series]
    drafts = [draft.families[key] for key in draft.families]
    strikes = _decoded(np.concatenate(raw.strike), family,
                       [(item.strike_decimals, item.strike_alignment) for item in drafts])
    found = _decoded(np.concatenate(raw.price), family,
                     [(item.price_decimals, item.price_alignment) for item in drafts])
    impossible = found == _IMPOSSIBLE
    price = np.where(impossible | ~np.concatenate(raw.priced), np.nan, found / STRIKE_UNITS)
    arrays = np.concatenate(raw.arrays)
    raw.arrays.clear()
    _scale(arrays, family, drafts)
    return Contracts(series, np.concatenate(raw.right), strikes, price,
                     np.concatenate(raw.delta), arrays)


def repeated(contracts: Contracts, draft: OrganisationDraft, name: str) -> list[Problem]:
    """Name contracts that stand in the file more than once under one key."""
    keys = (contracts.strike, contracts.right, contracts.series)
    order = np.lexsort(keys)
    same = np.ones(max(len(order) - 1, 0), np.bool_)
    for column in keys:
        same &= column[order[1:]] == column[order[:-1]]
    rows = order[:-1][same]
    if not len(rows):
        return []
    series = draft.series[int(contracts.series[rows[0]])]
    family = list(draft.families.values())[series.family]
    return [Problem(
        name, f"{len(rows)} contracts repeat the key of another, the first of them "
        f"{family.code} {family.kind} {series.month}",
        "ask the exchange for a corrected file; positions in them are left out")]


_IMPOSSIBLE = np.iinfo(np.int64).min


def _decoded(raw: NDArray[np.int64], family: NDArray[np.int64], styles: list[tuple[int, str]]
             ) -> NDArray[np.int64]:
    """Decode signed fields in billionths, alignment by alignment."""
    decimals = np.array([places for places, _ in styles], np.int64)[family]
    letters = sorted({letter for _, letter in styles})
    code = np.array([letters.index(letter) for _, letter in styles], np.int64)[family]
    answer = np.empty(len(raw), np.int64)
    for number, letter in enumerate(letters):
        rows = code == number
        size = in_units(np.abs(raw[rows]), decimals[rows], letter)
        answer[rows] = np.where(size < 0, _IMPOSSIBLE, np.where(raw[rows] < 0, -size, size))
    return answer


def _scale(arrays: NDArray[np.float64], family: NDArray[np.int64], drafts: list[FamilyDraft]
           ) -> None:
    """Apply array decimal locators."""
    for number, item in enumerate(drafts):
        if item.array_scale != 1.0:
            rows = family == number
            arrays[rows] *= item.array_scale
