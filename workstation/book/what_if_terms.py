"""What-if changes of the terms a book is margined on: rules, parameters, correlations, knobs.

They leave the book alone; `workspace.branch_terms` lays them over rules and designs.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

EVERY_RULE = "all"


@dataclass(frozen=True, slots=True)
class SetCorrelation:
    """Take two risk roots to move together at `rho` whatever their history says."""

    one: str
    other: str
    rho: Decimal

    def __str__(self) -> str:
        return f"correlation {quoted(self.one)} {quoted(self.other)} to {self.rho}"


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Take another number in a rule edition: the whole parameter, or a cell of its table.

    `cell` is empty, a column, a place of a list, or a row's text and a column.
    """

    rule: str
    name: str
    cell: tuple[str, ...]
    value: Decimal

    def __str__(self) -> str:
        words = " ".join(map(quoted, (self.rule, self.name, *self.cell)))
        return f"parameter {words} to {self.value}"


@dataclass(frozen=True, slots=True)
class UseEdition:
    """Take another edition of one rule, by name or date; of every rule, those of a date."""

    rule: str
    edition: str

    def __str__(self) -> str:
        return f"edition {quoted(self.rule)} to {quoted(self.edition)}"


@dataclass(frozen=True, slots=True)
class SetKnob:
    """Turn a knob of every design, or of one."""

    knob: str
    value: str
    design: str = ""

    def __str__(self) -> str:
        where = f" in {quoted(self.design)}" if self.design else ""
        return f"knob {self.knob} to {quoted(self.value)}{where}"


Term = SetCorrelation | SetParameter | UseEdition | SetKnob
TERMS = (SetCorrelation, SetParameter, UseEdition, SetKnob)


def quoted(name: str) -> str:
    """Return a name as a change's text writes it: in quotes where it holds a space."""
    return f'"{name}"' if not name or any(c.isspace() for c in name) else name
