"""What a reviewer says of a position: a flag and a comment, which never move a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Flag = Literal["", "check", "query", "agreed"]
FLAGS: tuple[Flag, ...] = get_args(Flag)


@dataclass(frozen=True, slots=True)
class Remark:
    """A flag and a comment on the position read from one cell (`where`).

    `check` asks the reviewer to look again, `query` awaits the client's answer, `agreed` is done.
    """

    where: str
    flag: Flag = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether it says nothing any more."""
        return not (self.flag or self.text)


def with_remark(remarks: Iterable[Remark], remark: Remark) -> tuple[Remark, ...]:
    """Return the remarks with one put in the place of what was said of that position before."""
    others = [known for known in remarks if known.where != remark.where]
    return tuple(others if remark.is_empty else [*others, remark])
