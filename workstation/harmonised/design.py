"""Harmonised designs: dated, cited settings of the knobs, read from TOML with overlays.

A design file names what it is (`name`, `title`, `version`, `effective`, `status`, `citation`)
and the knobs it sets; `base = "..."` inherits the rest from another design.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from workstation.base.explain import Citation
from workstation.base.resources import resource_root
from workstation.harmonised.knobs import KNOBS, KnobValue, KnobValueError
from workstation.parameters.store import ParameterFileError

DesignStatus = Literal["current law", "programme", "proposal", "experiment"]
TEXT_FIELDS = ("name", "title", "version", "citation")
KNOWN_FIELDS = {*TEXT_FIELDS, "effective", "status", "notes", "base", "default", "knobs"}


class DesignFileError(ParameterFileError):
    """A design file that cannot be used; one sentence that names file and field.

    `sentences` has one for every knob refused, the message being the first of them.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__(sentences[0])
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Design:
    """One joint margin design: what it is, where it comes from, and how its knobs are set."""

    name: str
    title: str
    version: str
    effective: date
    status: DesignStatus
    citation: str
    base: str
    knobs: Mapping[str, KnobValue]
    notes: str = ""
    default: bool = False
    """Whether a new review compares this design without being asked."""

    def number(self, knob: str) -> Decimal:
        """Return a knob that is a number or a count."""
        return Decimal(cast("Decimal | int", self.knobs[knob]))

    def rate(self, knob: str) -> float:
        """Return a number knob for scenario arithmetic."""
        return float(self.number(knob))

    def count(self, knob: str) -> int:
        """Return a knob that is a count."""
        return int(self.number(knob))

    def flag(self, knob: str) -> bool:
        """Return a knob that is true or false."""
        return bool(self.knobs[knob])

    def choice(self, knob: str) -> str:
        """Return a knob that is one of a list."""
        return str(self.knobs[knob])

    def texts(self, knob: str) -> tuple[str, ...]:
        """Return a knob that is a list of texts."""
        return cast("tuple[str, ...]", self.knobs[knob])

    def cite(self, *knobs: str) -> Citation:
        """Cite the design's own knobs; its numbers are house choices, never sourced ones."""
        where = f", {', '.join(knobs)}" if knobs else ""
        return Citation(f"Design {self.name}", where, self.version, "house")

    @property
    def repeats_silos(self) -> bool:
        """Say whether the design asks for today's requirement as it stands."""
        return self.choice("method") == "silos"

    @property
    def keeps_silos(self) -> bool:
        """Say whether each account stays under today's rulebook, programmes apart."""
        return self.choice("method") in ("silos", "programmes")

    def scan_key(self) -> tuple[tuple[str, KnobValue], ...]:
        """Return the knobs the priced scan depends on; equal keys may share one scan."""
        return tuple((name, v) for name, v in self.knobs.items() if name.startswith("scan."))


def read_design(path: Path) -> Design:
    """Read one design file with what it inherits; raises DesignFileError in one sentence."""
    return _read(path, ())


def with_knob(design: Design, knob: str, value: object) -> Design:
    """Return the design with one knob changed; raises KnobValueError where it is refused."""
    if knob not in KNOBS:
        raise KnobValueError(f"there is no knob {knob!r}{_meant(knob)}")
    checked = KNOBS[knob].checked(value)
    edited = design.version.removesuffix("+edited") + "+edited"
    return replace(design, version=edited, status="experiment",
                   knobs={**design.knobs, knob: checked})


@cache
def shipped() -> dict[str, Design]:
    """Return the designs that come with the product: those compared by default, then the rest.

    Within each, current law first, then programmes, proposals, experiments, and by name.
    """
    found = [read_design(path) for path in sorted(_folder().glob("*.toml"))]
    order = get_args(DesignStatus)
    return {d.name: d for d in sorted(
        found, key=lambda d: (not d.default, order.index(d.status), d.name))}


def shipped_by_default() -> tuple[Design, ...]:
    """Return the shipped designs a new review compares without being asked."""
    return tuple(design for design in shipped().values() if design.default)


def differences(design: Design, base: Design) -> tuple[tuple[str, KnobValue, KnobValue], ...]:
    """Return the knobs in which a design departs from another: name, theirs, its own."""
    return tuple((name, base.knobs[name], design.knobs[name]) for name in KNOBS
                 if base.knobs[name] != design.knobs[name])


def _folder() -> Path:
    return resource_root() / "designs"


def _read(path: Path, inherited_by: tuple[str, ...]) -> Design:
    raw = _document(path)
    unknown = sorted(set(raw) - KNOWN_FIELDS)
    if unknown:
        raise DesignFileError(
            f"{path.name}: {unknown[0]} is not a field of a design{_field_meant(unknown[0])}.")
    base = str(raw.get("base", ""))
    start = _base_knobs(base, path, inherited_by) if base else {
        name: knob.default for name, knob in KNOBS.items()}
    return Design(
        **{name: _text(raw, name, path) for name in TEXT_FIELDS},
        effective=_effective(raw, path), status=_status(raw, path), base=base,
        knobs={**start, **_own_knobs(raw, path)}, notes=str(raw.get("notes", "")),
        default=_flag(raw, path))


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        reason = error.strerror
        raise DesignFileError(f"{path.name}: the file cannot be read ({reason}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DesignFileError(f"{path.name}: the file is not TOML ({error}).") from error


def _text(raw: Mapping[str, Any], field: str, path: Path) -> str:
    value = raw.get(field)
    if not isinstance(value, str) or not value.strip():
        raise DesignFileError(f"{path.name}: {field} is missing or not a text.")
    return value


def _effective(raw: Mapping[str, Any], path: Path) -> date:
    value = raw.get("effective")
    if not isinstance(value, date) or isinstance(value, datetime):
        raise DesignFileError(f"{path.name}: effective is missing or not a date such as "
                              "2026-06-26.")
    return value


def _status(raw: Mapping[str, Any], path: Path) -> DesignStatus:
    value = raw.get("status")
    if value not in get_args(DesignStatus):
        allowed = ", ".join(get_args(DesignStatus))
        raise DesignFileError(f"{path.name}: status is {value!r} but must be one of {allowed}.")
    return cast("DesignStatus", value)


def _flag(raw: Mapping[str, Any], path: Path) -> bool:
    value = raw.get("default", False)
    if not isinstance(value, bool):
        raise DesignFileError(f"{path.name}: default is {value!r} but must be true or false.")
    return value


def _base_knobs(base: str, path: Path, inherited_by: tuple[str, ...]) -> Mapping[str, KnobValue]:
    if base in inherited_by or base == path.stem:
        raise DesignFileError(f"{path.name}: base {base!r} inherits from this design itself.")
    for candidate in (path.with_name(f"{base}.toml"), _folder() / f"{base}.toml"):
        if candidate.is_file():
            return _read(candidate, (*inherited_by, path.stem)).knobs
    known = [p.stem for folder in (path.parent, _folder()) for p in folder.glob("*.toml")]
    raise DesignFileError(
        f"{path.name}: base {base!r} is neither beside it nor shipped{_meant(base, known)}.")


def _own_knobs(raw: Mapping[str, Any], path: Path) -> dict[str, KnobValue]:
    table = raw.get("knobs", {})
    if not isinstance(table, dict):
        raise DesignFileError(f"{path.name}: knobs must be a table.")
    own: dict[str, KnobValue] = {}
    refused = []
    for name, value in _flattened(table, ""):
        if name not in KNOBS:
            refused.append(f"{path.name}: knobs.{name} is not a knob of a design{_meant(name)}.")
            continue
        try:
            own[name] = KNOBS[name].checked(value)
        except KnobValueError as error:
            refused.append(f"{path.name}: knobs.{error}.")
    if refused:
        raise DesignFileError(*refused)
    return own


def _meant(name: str, known: Iterable[str] = KNOBS) -> str:
    """Suggest the name that was probably meant."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}" if close else ""


def _field_meant(name: str) -> str:
    """Suggest a field, or the table in which a knob belongs."""
    is_knob = any(knob == name or knob.startswith(f"{name}.") for knob in KNOBS)
    return "; knobs stand under [knobs]" if is_knob else _meant(name, sorted(KNOWN_FIELDS))


def _flattened(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flattened(value, f"{path}.")
        else:
            yield path, value
