"""What the first bytes of a project file say, read without opening it as a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workstation.projects.schema import APPLICATION_ID, VERSION

MAGIC = b"SQLite format 3\0"
HEADER_LENGTH = 100
USER_VERSION = slice(60, 64)
APPLICATION = slice(68, 72)


@dataclass(frozen=True, slots=True)
class Header:
    """Which product wrote a SQLite file, and in which version of its tables."""

    application: int
    version: int

    @property
    def is_review(self) -> bool:
        """Say whether the file is one of ours."""
        return self.application == APPLICATION_ID

    @property
    def is_current(self) -> bool:
        """Say whether the file is one of ours in today's version."""
        return self.is_review and self.version == VERSION


def header_of(path: Path) -> Header | None:
    """Return the header of a SQLite file, None where the file is something else."""
    with path.open("rb") as file:
        head = file.read(HEADER_LENGTH)
    if len(head) < HEADER_LENGTH or not head.startswith(MAGIC):
        return None
    return Header(int.from_bytes(head[APPLICATION], "big"),
                  int.from_bytes(head[USER_VERSION], "big"))
