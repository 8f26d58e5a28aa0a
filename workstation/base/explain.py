"""Amounts that carry the reason for themselves.

Requirements are positive. Amounts are `Decimal`; figures that come from scenario arithmetic
cross from float once, in `base.money.money`, and are never rounded here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Combine = Literal["leaf", "sum", "max", "min"]
Standing = Literal["sourced", "computed", "unverified", "house"]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a requirement is written, in which edition, and how well that is established."""

    rule: str
    paragraph: str
    edition: str
    standing: Standing = "sourced"

    def __str__(self) -> str:
        mark = " (to confirm)" if self.standing == "unverified" else ""
        return f"{self.rule}{self.paragraph} [{self.edition}]{mark}"


@dataclass(frozen=True, slots=True)
class Explained:
    """One amount, the rule that fixes it, its inputs, and the amounts it was made from.

    Raises `ValueError` when a parent is not the sum, maximum or minimum of its parts, so a wrong
    tree cannot exist.
    """

    label: str
    amount: Decimal
    cite: Citation | None = None
    inputs: tuple[tuple[str, str], ...] = ()
    parts: tuple[Explained, ...] = ()
    combine: Combine = "leaf"

    def __post_init__(self) -> None:
        if self.combine != "leaf" and self.amount != self._from_parts():
            raise ValueError(f"{self.label}: {self.amount} is not the {self.combine} of its parts")

    def _from_parts(self) -> Decimal:
        amounts = [part.amount for part in self.parts]
        match self.combine:
            case "sum":
                return sum(amounts, ZERO)
            case "max":
                return max(amounts)
            case "min":
                return min(amounts)
            case _:
                return self.amount

    @property
    def binding(self) -> Explained | None:
        """Return the part that fixes a maximum or minimum; None for sums and leaves."""
        if self.combine not in ("max", "min"):
            return None
        return next(part for part in self.parts if part.amount == self.amount)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Explained]]:
        """Yield every node with its depth, parents first."""
        yield depth, self
        for part in self.parts:
            yield from part.walk(depth + 1)

    def unverified(self) -> tuple[Citation, ...]:
        """Return the citations in this tree that still need confirming, without repeats."""
        found = {
            node.cite: None
            for _, node in self.walk()
            if node.cite is not None and node.cite.standing == "unverified"
        }
        return tuple(found)


def leaf(label: str, amount: Decimal, cite: Citation | None = None, **inputs: object) -> Explained:
    """Return an amount without parts; keyword inputs are written as text in the order given."""
    shown = tuple((name.replace("_", " "), str(value)) for name, value in inputs.items())
    return Explained(label, amount, cite, shown)


def greater_of(label: str, *parts: Explained, cite: Citation | None = None) -> Explained:
    """Return the larger amount, keeping the losing branch visible."""
    return Explained(
        label, max(part.amount for part in parts), cite, parts=parts, combine="max"
    )


def lesser_of(label: str, *parts: Explained, cite: Citation | None = None) -> Explained:
    """Return the smaller amount, keeping the losing branch visible."""
    return Explained(
        label, min(part.amount for part in parts), cite, parts=parts, combine="min"
    )


def total(label: str, *parts: Explained, cite: Citation | None = None) -> Explained:
    """Return the sum of the parts."""
    amount = sum((part.amount for part in parts), ZERO)
    return Explained(label, amount, cite, parts=parts, combine="sum")
