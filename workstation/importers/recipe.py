"""What was decided about reading a file: an ordered list of named steps that can be replayed.

A step names what it is about (a column, a cell, a sheet) and what was decided. Steps about single
cells belong to one file; the others make a profile that serves the next file of the same layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.vocabulary import AccountType
from workstation.importers.conventions import PLAIN, Unit, unit_named
from workstation.importers.vocabulary import field_words, normal

SHEET, HEADER_ROW, COLUMN, UNIT = "sheet", "header row", "column", "unit"
DECIMAL, DATES, SYSTEM = "decimal mark", "date order", "date system"
ACCOUNT, ACCOUNT_TYPE, AS_OF = "account", "account type", "as of"
IGNORE_ROW, SET_CELL = "ignore row", "set cell"
WORDS: Mapping[str, str] = {
    SHEET: "read only sheet {value}", HEADER_ROW: "take row {value} as the header{of_target}",
    COLUMN: "read column {target} as {value}", UNIT: "read column {target} {value}",
    DECIMAL: "read the {value} as the decimal mark", DATES: "read dates {value}",
    SYSTEM: "count days from {value}", ACCOUNT: "give rows without account to {value}",
    ACCOUNT_TYPE: "treat account {target} as {value}", AS_OF: "review as of {value}",
    IGNORE_ROW: "leave out row {target}", SET_CELL: "set {target} to {value}",
}
OF_ONE_FILE = frozenset({IGNORE_ROW, SET_CELL, AS_OF})
EXTRA = "extra"
"""The field of a column that is kept but means nothing to us."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    DECIMAL: ("point", "comma"), DATES: ("day first", "month first"), SYSTEM: ("1900", "1904"),
    ACCOUNT_TYPE: tuple(kind.value for kind in AccountType)}


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: its kind, what it is about, and what was decided."""

    kind: str
    value: str
    target: str = ""

    @property
    def words(self) -> str:
        """Return the step as a line of the list of steps."""
        of_target = f" of {self.target}" if self.target else ""
        return WORDS[self.kind].format(value=self.value, target=self.target, of_target=of_target)

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes a later step replace an earlier one."""
        about = normal(self.target) if self.kind in (COLUMN, UNIT) else self.target
        return self.kind, about


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in the order they were decided; a later step about the same thing replaces one."""

    steps: tuple[Step, ...] = ()

    def with_step(self, step: Step) -> Recipe:
        """Return the recipe with one more decision; raises UnusableInputError for a bad one."""
        check(step)
        kept = tuple(each for each in self.steps if each.key != step.key)
        return Recipe((*kept, step))

    def without(self, kind: str, target: str = "") -> Recipe:
        """Return the recipe without a decision."""
        key = Step(kind, "", target).key
        return Recipe(tuple(each for each in self.steps if each.key != key))

    def joined(self, other: Recipe) -> Recipe:
        """Return both recipes, the other's decisions winning."""
        joined = self
        for step in other.steps:
            joined = joined.with_step(step)
        return joined

    @property
    def portable(self) -> Recipe:
        """Return the steps that serve other files of the same layout."""
        return Recipe(tuple(step for step in self.steps if step.kind not in OF_ONE_FILE))

    def value(self, kind: str, target: str = "") -> str:
        """Return what was decided about something, or an empty text."""
        key = Step(kind, "", target).key
        return next((step.value for step in self.steps if step.key == key), "")

    def of_kind(self, kind: str) -> tuple[Step, ...]:
        """Return the decisions of one kind."""
        return tuple(step for step in self.steps if step.kind == kind)

    def field(self, header: str) -> str:
        """Return the field a column was given, or an empty text where none was."""
        return self.value(COLUMN, header)

    def unit(self, header: str) -> tuple[bool, Unit | None]:
        """Say whether a column's unit was decided, and which one."""
        chosen = self.value(UNIT, header)
        return bool(chosen), unit_named(chosen)

    @property
    def as_of(self) -> date | None:
        """Return the review date decided."""
        text = self.value(AS_OF)
        return date.fromisoformat(text) if text else None


NO_DECISIONS = Recipe()


def fields() -> tuple[str, ...]:
    """Return every field a column can be read as."""
    return (*(entry.field for entry in field_words()), EXTRA)


def check(step: Step) -> None:
    """Raise UnusableInputError for a step that cannot be meant."""
    if step.kind not in WORDS:
        raise _bad(step, f"there is no step {step.kind!r}", "use " + ", ".join(WORDS))
    allowed = CHOICES.get(step.kind)
    if allowed is not None and step.value not in allowed:
        raise _bad(step, f"{step.value!r} is none of its choices", "use " + ", ".join(allowed))
    if step.kind == COLUMN and step.value not in fields():
        raise _bad(step, f"{step.value!r} is not a field", "use " + ", ".join(fields()))
    if step.kind == UNIT and step.value != PLAIN and unit_named(step.value) is None:
        raise _bad(step, f"{step.value!r} is not a unit we know", "see import --help")
    if step.kind == HEADER_ROW and not (step.value.isdecimal() and int(step.value)):
        raise _bad(step, f"{step.value!r} is not a row number", "count rows from 1")
    if step.kind == AS_OF:
        _check_date(step)


def _check_date(step: Step) -> None:
    try:
        date.fromisoformat(step.value)
    except ValueError:
        raise _bad(step, f"{step.value!r} is not a date", "write YYYY-MM-DD") from None


def _bad(step: Step, what: str, remedy: str) -> UnusableInputError:
    where = f"{step.kind.capitalize()} {step.target}".strip()
    return UnusableInputError(Problem(where, what, remedy, "error"))


def plain(recipe: Recipe) -> list[dict[str, str]]:
    """Return the steps as JSON-able values."""
    return [{"step": step.kind, **({"target": step.target} if step.target else {}),
             "value": step.value} for step in recipe.steps]


def parsed(steps: Sequence[Any], where: str) -> Recipe:
    """Read steps back; raises UnusableInputError that names the place and the step."""
    recipe = Recipe()
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, Mapping) or not all(
                isinstance(step.get(name, ""), str) for name in ("step", "target", "value")):
            raise UnusableInputError(Problem(
                f"{where}, step {number}", "it is not a step with texts for step, target and value",
                "correct the file, or save the profile again", "error"))
        recipe = recipe.with_step(Step(step.get("step", ""), step.get("value", ""),
                                       step.get("target", "")))
    return recipe


def recipe_of(steps: Iterable[Step]) -> Recipe:
    """Return a recipe of steps in order; raises UnusableInputError for a bad one."""
    recipe = Recipe()
    for step in steps:
        recipe = recipe.with_step(step)
    return recipe
