"""The rules and designs of a what-if branch: the review's, with the branch's terms laid over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import singledispatch
from pathlib import Path
from typing import Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.resources import resource_root
from workstation.base.vocabulary import BASE
from workstation.book.what_if import Branch
from workstation.book.what_if_terms import (
    EVERY_RULE,
    TERMS,
    SetCorrelation,
    SetKnob,
    SetParameter,
    UseEdition,
)
from workstation.cascade.factors import FactorMap
from workstation.harmonised.design import Design, with_knob
from workstation.harmonised.knobs import KNOBS, read_pair
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import (
    Edition,
    NoParametersInForceError,
    Parameter,
    editions,
    in_force,
)
from workstation.workspace.branch_book import branch_named

WHAT_IF = "what-if"
CORRELATIONS = ("copula.pairs", "tests.pairs")
"""Where a correlation taken by hand counts: draws of method M, and the tests of every method."""
LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Terms:
    """What a book is margined on: designs, editions laid over, and editions pinned by folder."""

    as_of: date
    designs: tuple[Design, ...] = ()
    overlays: tuple[Edition, ...] = ()
    pinned: Mapping[str, Edition] = field(default_factory=dict)
    risk_files: tuple[object, ...] = ()

    def rules(self) -> RuleSet:
        """Return the rules in force."""
        return RuleSet(self.as_of, self.overlays, self.pinned, risk_files=self.risk_files)

    def design(self, name: str) -> Design:
        """Return a design by name; raises KeyError when there is none."""
        return {design.name: design for design in self.designs}[name]


def branch_terms(base: Terms, branches: Sequence[Branch], name: str) -> Terms:
    """Return the terms of a branch; raises UnusableInputError with the change that cannot be."""
    if name == BASE:
        return base
    branch = branch_named(branches, name)
    terms = branch_terms(base, branches, branch.parent)
    for number, step in enumerate(branch.steps, start=1):
        if step.counts and isinstance(step.operation, TERMS):
            try:
                terms = _laid_over(step.operation, terms)
            except ValueError as refused:
                raise UnusableInputError(Problem(
                    f"What-if {name}, change {number} ({step.operation})", str(refused),
                    "mend or switch off the change")) from refused
    return terms


@singledispatch
def _laid_over(term: object, terms: Terms) -> Terms:
    """Return the terms after one change; raises ValueError with the reason it cannot be made."""
    raise TypeError(f"{term!r} is no change of terms")


@_laid_over.register
def _(term: SetCorrelation, terms: Terms) -> Terms:
    known = FactorMap(terms.rules())
    one, other = known.of(term.one.upper()), known.of(term.other.upper())
    if one == other:
        raise ValueError(f"{term.one} and {term.other} are the same risk, {one}")
    text = f"{one}~{other}={term.rho}"
    designs = []
    for design in terms.designs:
        changed = design
        for knob in () if design.keeps_silos else CORRELATIONS:
            kept = [pair for pair in design.texts(knob)
                    if {*read_pair(pair)[:2]} != {one, other}]
            changed = with_knob(changed, knob, (*kept, text))
        designs.append(_told(changed, design, term))
    return replace(terms, designs=tuple(designs))


def _told(changed: Design, design: Design, term: SetCorrelation | SetKnob) -> Design:
    """Let the version say what was changed, as every amount cites it."""
    if changed.knobs == design.knobs:
        return design
    return replace(changed, version=f"{design.version} + {term}")


@_laid_over.register
def _(term: SetKnob, terms: Terms) -> Terms:
    known = [design.name for design in terms.designs]
    if term.design and term.design not in known:
        raise ValueError(f"the review has no design {term.design!r}; it has {', '.join(known)}")
    return replace(terms, designs=tuple(
        _told(with_knob(d, term.knob, _knob_value(term)), d, term) if _meant_by(term, d) else d
        for d in terms.designs))


def _meant_by(term: SetKnob, design: Design) -> bool:
    """Say whether a knob is turned in a design; what repeats today's law is meant by name only."""
    return term.design == design.name or not (term.design or design.repeats_silos)


def _knob_value(term: SetKnob) -> object:
    kind = KNOBS[term.knob].kind if term.knob in KNOBS else ""
    if kind == "flag":
        return {"true": True, "false": False}.get(term.value.casefold(), term.value)
    if kind == "texts":
        return tuple(filter(None, (part.strip() for part in term.value.split(","))))
    if kind in ("number", "integer") and term.value.endswith("%"):
        return Decimal(term.value[:-1]) / 100
    return term.value


@_laid_over.register
def _(term: UseEdition, terms: Terms) -> Terms:
    if term.rule == EVERY_RULE:
        return replace(terms, pinned={**terms.pinned, **dict(_of_date(_date(term.edition)))})
    return replace(terms, pinned={
        **terms.pinned, term.rule: _edition(_folder(term.rule), term.edition)})


def _of_date(day: date) -> Iterator[tuple[str, Edition]]:
    """Yield the edition of every rule that had one in force on a day."""
    for folder in _folders().values():
        try:
            yield folder.name, in_force(folder, day)
        except NoParametersInForceError:
            continue


def _edition(folder: Path, wanted: str) -> Edition:
    known = editions(folder)
    for edition in known:
        if wanted.casefold() in (edition.edition.casefold(), edition.path.stem.casefold(),
                                 edition.effective.isoformat()):
            return edition
    names = ", ".join(e.edition for e in known)
    raise ValueError(f"{folder.name} has no edition {wanted!r}; it has {names}")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2026-06-04") from None


@_laid_over.register
def _(term: SetParameter, terms: Terms) -> Terms:
    folder = _folder(term.rule).name
    edition = terms.rules().edition(folder)
    if term.name not in edition:
        raise ValueError(f"{folder} has no parameter {term.name!r}"
                         f"{_meant(term.name, edition.values)}")
    parameter = edition[term.name]
    raw, before = _replaced(parameter, term)
    name = f"{WHAT_IF} {' '.join((term.name, *term.cell))} {term.value} (was {before})"
    own = replace(parameter, raw=raw, cite=replace(
        parameter.cite, edition=f"{parameter.cite.edition} + {WHAT_IF}", standing="house"))
    overlay = Edition(edition.rule, name, terms.as_of, f"{WHAT_IF}: {term}", {term.name: own},
                      Path(f"{WHAT_IF}.toml"), str(term))
    return replace(terms, overlays=(*terms.overlays, overlay))


def _folders() -> Mapping[str, Path]:
    root = resource_root() / "parameters"
    return {path.name: path for path in sorted(root.iterdir()) if path.is_dir()}


def _folder(rule: str) -> Path:
    known = _folders()
    if rule.casefold() not in known:
        raise ValueError(f"there is no rule {rule!r}{_meant(rule, known)}; "
                         "`crossmargin parameters list` names them")
    return known[rule.casefold()]


def _meant(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, list(known), 3, LIKE)
    return f"; did you mean {' or '.join(close)}" if close else ""


# Cells of a parameter ---------------------------------------------------------------------


def _replaced(parameter: Parameter, term: SetParameter) -> tuple[Any, Any]:
    """Return the parameter's value with one number replaced, and that number as it was."""
    raw = parameter.raw
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        if term.cell:
            raise ValueError(f"{term.name} is one number and has no {' '.join(term.cell)}")
        return term.value, raw
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"{term.name} is a text; only numbers can be changed")
    if isinstance(raw[0], dict):
        return _in_table(raw, term)
    place = _place(term, len(raw))
    return [term.value if i == place else item for i, item in enumerate(raw)], raw[place]


def _place(term: SetParameter, count: int) -> int:
    if len(term.cell) == 1 and term.cell[0].isdigit() and 1 <= int(term.cell[0]) <= count:
        return int(term.cell[0]) - 1
    raise ValueError(f"{term.name} is a list; say which number of it, from 1 to {count}")


def _in_table(rows: list[Any], term: SetParameter) -> tuple[list[Any], Any]:
    columns = [c for c, v in rows[0].items() if isinstance(v, Decimal | int)
               and not isinstance(v, bool)]
    column = term.cell[-1] if term.cell else ""
    if column not in columns:
        raise ValueError(f"{term.name} is a table; name one of its number columns: "
                         f"{', '.join(columns)}")
    places = [i for i, row in enumerate(rows) if len(term.cell) == 1 or _holds(row, term.cell[0])]
    if len(places) != 1:
        raise ValueError(f"{term.name} has {len(places)} rows of that name; before the column, "
                         f"name one of: {', '.join(_names(rows))}")
    at = places[0]
    return [{**row, column: term.value} if i == at else row for i, row in enumerate(rows)], (
        rows[at][column])


def _holds(row: Mapping[str, Any], text: str) -> bool:
    """Say whether the first cell, or any text of a row, is the one named."""
    first = next(iter(row.values()))
    texts = [v for v in row.values() if isinstance(v, str)]
    return text.casefold() in (str(v).casefold() for v in (first, *texts))


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(next(iter(row.values()))) for row in rows))[:12]
