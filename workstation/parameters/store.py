"""Dated, cited rule parameters read from resources/parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from workstation.base.explain import Citation, Standing
from workstation.parameters.group_table import GroupTableError, edition_text

GROUP_TABLE = ".csv"


class NoParametersInForceError(LookupError):
    """No edition of the rule had taken effect on the review date."""


class ParameterFileError(ValueError):
    """An edition file lacks something every edition must state; names file and field."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number (or table) from a rule, its unit, and the paragraph that states it."""

    name: str
    raw: Any
    unit: str
    cite: Citation
    note: str = ""

    @property
    def value(self) -> Decimal:
        """Return the number; raises `TypeError` where the parameter is a table or text."""
        if isinstance(self.raw, bool) or not isinstance(self.raw, Decimal | int):
            raise TypeError(f"{self.cite} {self.name} is not a single number")
        return Decimal(self.raw)

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """Return a list of numbers."""
        return tuple(Decimal(item) for item in self.raw)

    @property
    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """Return a table: one mapping per row, numbers as Decimal."""
        return tuple(self.raw)

    @property
    def text(self) -> str:
        """Return a text parameter."""
        return str(self.raw)


@dataclass(frozen=True, slots=True)
class Edition:
    """The parameters of one rule from its effective date until the next edition."""

    rule: str
    edition: str
    effective: date
    source: str
    values: Mapping[str, Parameter]
    path: Path
    text: str = ""
    """The file's whole text, which a saved review keeps."""

    def __getitem__(self, name: str) -> Parameter:
        if name not in self.values:
            raise ParameterFileError(f"{self.path.name}: no parameter {name!r}")
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values


def read_edition(path: Path) -> Edition:
    """Read one edition file; every value must name its unit, paragraph and standing.

    A .csv file is a group table of portfolio margin, read as an edition that holds it alone.
    """
    try:
        stamp = path.stat()
        return _read_once(path, stamp.st_mtime_ns, stamp.st_size)
    except OSError as error:
        raise ParameterFileError(f"{path}: cannot be read ({error.strerror}); check its "
                                 "name and that you may read it") from error
    except UnicodeDecodeError as error:
        raise ParameterFileError(f"{path.name}: an edition file is UTF-8 text, this is not; save "
                                 "it as UTF-8, or name another file") from error


@lru_cache(maxsize=256)
def _read_once(path: Path, changed: int, size: int) -> Edition:
    """Parse a file again only after it changed: reviews ask for the same editions on every edit."""
    _ = changed, size
    text = path.read_text("utf-8")
    if path.suffix.lower() != GROUP_TABLE:
        return parse_edition(text, path)
    try:
        return parse_edition(edition_text(text, path.name), path)
    except GroupTableError as error:
        raise ParameterFileError(str(error)) from error


def parse_edition(text: str, path: Path) -> Edition:
    """Read an edition from its text; `path` names it in messages."""
    try:
        raw: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
        rule, edition, source = raw["rule"], raw["edition"], raw["source"]
        values = {
            name: _parameter(name, item, rule, edition)
            for name, item in raw.get("parameter", {}).items()
        }
        return Edition(rule, edition, raw["effective"], source, values, path, text)
    except KeyError as error:
        raise ParameterFileError(f"{path.name}: the field {error} is missing") from error
    except tomllib.TOMLDecodeError as error:
        raise ParameterFileError(f"{path.name}: not readable as TOML: {error}") from error


def _parameter(name: str, item: Mapping[str, Any], rule: str, edition: str) -> Parameter:
    standing = cast("Standing", item["standing"])
    cite = Citation(rule, item["paragraph"], edition, standing)
    return Parameter(name, item["value"], item["unit"], cite, item.get("note", ""))


def editions(folder: Path) -> list[Edition]:
    """Return every edition of a rule, oldest first."""
    return sorted((read_edition(p) for p in folder.glob("*.toml")), key=lambda e: e.effective)


def in_force(folder: Path, on: date) -> Edition:
    """Pick the latest edition already effective on the review date."""
    candidates = [e for e in editions(folder) if e.effective <= on]
    if not candidates:
        raise NoParametersInForceError(f"{folder.name}: no edition in force on {on}")
    return candidates[-1]
