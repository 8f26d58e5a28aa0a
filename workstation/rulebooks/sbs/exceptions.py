"""Rule 18a-3(c)(1)(iii) and (c)(2): who posts no initial margin, and who posts nothing at all.

The account's programme says what the counterparty is, the column `legacy` which swaps were there
before the rule. The edition's table `exceptions` says what each is excused from.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workstation.base.explain import Citation
from workstation.book.accounts import Account
from workstation.book.positions import Position
from workstation.parameters.store import Edition

MARK_COLUMNS = frozenset({"mark_to_market", "mtm", "npv", "current_exposure"})
LEGACY_COLUMN = "legacy"
_YES = frozenset({"yes", "y", "true", "1", "legacy"})


@dataclass(frozen=True, slots=True)
class Excepted:
    """What a counterparty is, and whether initial and variation margin are collected from it."""

    name: str
    initial: bool
    variation: bool
    cite: Citation


def exception_of(account: Account, rule: Edition) -> Excepted | None:
    """Return the exception the account's programme names, None where it names none."""
    said = account.programme.strip().lower().replace("-", " ").replace("_", " ")
    if not said:
        return None
    table = rule["exceptions"]
    for row in table.rows:
        if any(str(word) in said for word in row["words"]):
            return Excepted(str(row["name"]), bool(row["initial"]), bool(row["variation"]),
                            table.cite)
    return None


def is_legacy(position: Position) -> bool:
    """Say whether a swap was entered into before the rule's day of compliance."""
    return any(_plain(name) == LEGACY_COLUMN and text.strip().lower() in _YES
               for name, text in position.extras)


def marked(position: Position) -> Decimal | None:
    """Return what a swap is worth to the client by the file's own column, None without one."""
    for name, text in position.extras:
        if _plain(name) in MARK_COLUMNS and text.strip():
            try:
                found = Decimal(text.replace(",", "").strip())
            except InvalidOperation:
                continue
            return found if found.is_finite() else None
    return None


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")
