"""Open risk-parameter and position files, plain or zipped, as a stream of guarded blocks."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workstation.importers.workbooks import refusal, truncated

BLOCK = 4 * 1024 * 1024
HEAD = 4096
GIGABYTE = 1024**3
LARGEST, RATIO_LIMIT, RATIO_FREE = 4 * GIGABYTE, 250, 16 * 1024 * 1024
"""Exchange files pack twenty to fifty times; a part beyond these limits is refused."""
PARAMETER_ENDINGS = (".pa2", ".pa5", ".par", ".spn", ".xml", ".pos", ".csv", ".txt")
ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".bz2")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SpanFile:
    """One file on disk, or the one part of an archive that is read."""

    path: Path
    part: str
    sha256: str
    head: bytes

    @property
    def name(self) -> str:
        """Name the file (and part) for messages."""
        return f"{self.path.name}/{self.part}" if self.part else self.path.name

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """Yield the content in blocks; raises UnusableInputError where an archive is damaged."""
        with _opened(self.path, self.part) as stream:
            seen, declared = 0, _declared(self.path, self.part)
            while block := _read(stream, size, self.name):
                seen += len(block)
                if seen > declared:
                    raise refusal(self.name, "the archive unpacks to more than it declares",
                                  "download it again")
                yield block


def open_span_file(path: Path) -> SpanFile:
    """Look at a file: its digest, its one readable part, its first bytes."""
    try:
        digest = _digest(path)
        part = _part(path) if zipfile.is_zipfile(path) else ""
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise refusal(str(path), reason[:1].lower() + reason[1:],
                      "check the path and the permissions") from error
    with _opened(path, part) as stream:
        head = _read(stream, HEAD, path.name).removeprefix(_BYTE_ORDER_MARK)
    if not head.strip(b"\0 \t\r\n"):
        raise refusal(path.name, "the file is empty", "download or export it again")
    return SpanFile(path, part, digest, head)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _part(path: Path) -> str:
    """Return the one part of an archive that can be a file of ours, within the size limits."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise truncated(path.name) from error
    if any(e.filename.startswith(("xl/", "content.xml")) for e in entries):
        return ""  # a workbook is opened whole, by its own reader
    for entry in entries:
        if entry.filename.lower().endswith(ARCHIVES):
            raise refusal(path.name, f"it contains another archive, {entry.filename}",
                          "unpack it and open the file inside")
    known = [e for e in entries if e.filename.lower().endswith(PARAMETER_ENDINGS)]
    if len(known) != 1:
        count = "no" if not known else "more than one"
        raise refusal(path.name, f"the archive holds {count} parameter or position file",
                      "unpack it and open one file")
    _check_size(path.name, known[0])
    return known[0].filename


def _check_size(name: str, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > LARGEST or (
            entry.file_size > RATIO_FREE and entry.file_size > RATIO_LIMIT * entry.compress_size):
        raise refusal(name, f"its part {entry.filename} unpacks to {entry.file_size:,} bytes, "
                      "more than any honest file", "download it again from the exchange")


def _declared(path: Path, part: str) -> int:
    if not part:
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(part).file_size


@contextmanager
def _opened(path: Path, part: str) -> Iterator[IO[bytes]]:
    if not part:
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive, archive.open(part) as inside:
        yield inside


def _read(stream: IO[bytes], size: int, name: str) -> bytes:
    try:
        return stream.read(size)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError,
            zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise truncated(name) from error
