"""Check every edition file: fields, citations, dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workstation.parameters.store import Edition, ParameterFileError, read_edition

STANDINGS = ("sourced", "computed", "unverified", "house")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an edition file: `error` must be mended, `note` is for the reader."""

    severity: Literal["error", "note"]
    where: str
    what: str

    def sentence(self) -> str:
        """Return the finding as one sentence."""
        return f"{self.where}: {self.what}."


def check_all(root: Path) -> list[Finding]:
    """Check every rule folder under `root`."""
    return [finding for folder in sorted(p for p in root.iterdir() if p.is_dir())
            for finding in check_rule(folder)]


def check_rule(folder: Path) -> Iterator[Finding]:
    """Check one rule: readable files, complete parameters, one edition a date."""
    known: dict[object, str] = {}
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        yield Finding("error", folder.name, "holds no edition")
    for path in paths:
        where = f"{folder.name}/{path.name}"
        try:
            edition = read_edition(path)
        except ParameterFileError as error:
            yield Finding("error", where, str(error))
            continue
        if edition.effective in known:
            yield Finding("error", where, f"takes effect on {edition.effective}, as "
                                          f"{known[edition.effective]} does")
        known[edition.effective] = path.name
        yield from _check_edition(where, edition)


def _check_edition(where: str, edition: Edition) -> Iterator[Finding]:
    if not edition.source.strip():
        yield Finding("error", where, "names no source")
    for parameter in edition.values.values():
        if not parameter.unit.strip():
            yield Finding("error", where, f"{parameter.name} has no unit")
        if not parameter.cite.paragraph.strip():
            yield Finding("error", where, f"{parameter.name} cites no paragraph")
        if parameter.cite.standing not in STANDINGS:
            yield Finding("error", where, f"{parameter.name}: standing "
                                          f"{parameter.cite.standing!r} is none of {STANDINGS}")
    doubtful = [p.name for p in edition.values.values() if p.cite.standing == "unverified"]
    if doubtful:
        yield Finding("note", where, f"to confirm: {', '.join(doubtful)}")
