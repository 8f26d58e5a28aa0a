"""What the user can mend, and what was left out of a total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the user can mend: where it is, what is wrong, what would fix it."""

    where: str
    what: str
    remedy: str = ""
    severity: Severity = "warning"

    def sentence(self) -> str:
        """Return the problem as one sentence: where, what, what to do."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.where}: {self.what}{remedy}."


class UnusableInputError(Exception):
    """The file or the call cannot be used at all; carries the problems that say why.

    The command line prints the first sentence and exits with status 2.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(problem.sentence() for problem in problems))
        self.problems = problems


def reason_of(error: Exception) -> str:
    """Return what the system says is wrong, without its number and the path."""
    return str(getattr(error, "strerror", None) or error)
