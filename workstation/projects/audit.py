"""The audit trail: an append-only chain in which each entry carries the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workstation.base.problem import Problem

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done to a review; `previous` is the SHA-256 of the entry before."""

    number: int
    at: datetime
    author: str
    action: str
    detail: str
    previous: str
    sha256: str


def entry_hash(number: int, at: datetime, author: str, action: str, detail: str,
               previous: str) -> str:
    """Return the SHA-256 over everything an entry says, the hash before it included."""
    said = json.dumps([number, at.isoformat(), author, action, detail, previous])
    return hashlib.sha256(said.encode()).hexdigest()


def appended(trail: Sequence[AuditEntry], at: datetime, author: str, action: str,
             detail: str = "") -> tuple[AuditEntry, ...]:
    """Return the trail with one more entry."""
    previous = trail[-1].sha256 if trail else FIRST
    number = len(trail) + 1
    sha = entry_hash(number, at, author, action, detail, previous)
    return (*trail, AuditEntry(number, at, author, action, detail, previous, sha))


def verify_audit(trail: Sequence[AuditEntry]) -> Problem | None:
    """Return what is wrong with the chain: the first entry that does not follow; None if sound."""
    previous = FIRST
    for number, entry in enumerate(trail, start=1):
        said = entry_hash(entry.number, entry.at, entry.author, entry.action, entry.detail,
                          entry.previous)
        if (entry.number, entry.previous, entry.sha256) != (number, previous, said):
            return Problem(
                f"audit trail, entry {number}",
                "it was changed, removed or put in after it was written",
                "compare with an earlier copy of this file before relying on the trail", "error")
        previous = entry.sha256
    return None
