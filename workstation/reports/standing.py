"""How far a review is decided: draft, reviewed or approved, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """The states of a review; only an approved one is printed without DRAFT."""

    DRAFT = "Draft"
    REVIEWED = "Reviewed"
    APPROVED = "Approved"


@dataclass(frozen=True, slots=True)
class Decision:
    """One step of the approval: by whom, when, to which state, on which conditions."""

    author: str
    at: datetime
    status: Status
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a review stands, with the steps that led there in order."""

    status: Status = Status.DRAFT
    decisions: tuple[Decision, ...] = ()

    def last(self, status: Status) -> Decision | None:
        """Return the latest step to a state, None where there is none."""
        return next((d for d in reversed(self.decisions) if d.status is status), None)
