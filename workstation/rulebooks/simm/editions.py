"""The calibrations the product ships, by name and by date, and those of the user's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.resources import resource_root
from workstation.parameters.store import (
    Edition,
    NoParametersInForceError,
    ParameterFileError,
    editions,
    parse_edition,
)
from workstation.rulebooks.simm.calibration import Calibration, CalibrationError
from workstation.rulebooks.simm.ore_xml import read_ore
from workstation.rulebooks.simm.tables import edition_tables, json_tables

FOLDER = "simm"
RULE = "ISDA SIMM"
CYCLE = timedelta(days=214)
"""Seven months: a calibration older than that has probably been replaced."""


def shipped(root: Path | None = None) -> tuple[Calibration, ...]:
    """Return the calibrations shipped, oldest first; none where the build leaves them out."""
    folder = (root or resource_root() / "parameters") / FOLDER
    return tuple(of_edition(e, built_in=True) for e in editions(folder)) if folder.is_dir() else ()


def by_name(name: str, root: Path | None = None) -> Calibration:
    """Return a shipped calibration by its version name or alias."""
    known = shipped(root)
    wanted = name.strip().casefold().removeprefix("simm").strip().lstrip("v")
    for calibration in known:
        if wanted in (other.casefold() for other in (calibration.version, *calibration.aliases)):
            return calibration
    raise UnusableInputError(Problem(
        "SIMM version", f"there is no calibration {name!r}",
        f"name one of {', '.join(c.version for c in known)}" if known
        else "give your own calibration file"))


def in_force(on: date, root: Path | None = None) -> Calibration:
    """Return the calibration whose first close of business is the latest on or before `on`."""
    known = [c for c in shipped(root) if c.effective is not None and c.effective <= on]
    if not known:
        raise NoParametersInForceError(f"{RULE}: no calibration in force on {on}")
    return known[-1]


def outdated(calibration: Calibration, on: date) -> Problem | None:
    """Return a notice where a newer calibration has probably been published by `on`."""
    if calibration.effective is None or on - calibration.effective <= CYCLE:
        return None
    newer = any(c.effective and calibration.effective < c.effective <= on for c in shipped())
    if newer:
        return None
    return Problem(f"SIMM {calibration.version}",
                   f"took effect on {calibration.effective}, more than seven months before {on}: "
                   "the calibration may be outdated", "load the current calibration file")


def of_edition(edition: Edition, *, built_in: bool) -> Calibration:
    """Return a calibration from an edition file in the house format."""
    try:
        tables = edition_tables(edition)
    except KeyError as error:
        raise CalibrationError(f"{edition.path.name}: the table {error} is missing") from None
    aliases = edition["aliases"].raw if "aliases" in edition else ()
    published = edition["published_effective"].text if "published_effective" in edition else ""
    standings = {name: p.cite.standing for name, p in edition.values.items()}
    return Calibration(edition.edition, tables, edition.effective, published, edition.source,
                       built_in, hashlib.sha256(edition.text.encode()).hexdigest(),
                       tuple(aliases), standings)


def from_file(path: Path) -> Calibration:
    """Read the user's calibration: an edition file, JSON tables, or ORE's calibration XML."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
        if text.lstrip().startswith("<"):
            return _from_ore(text, hashlib.sha256(data).hexdigest())
        if text.lstrip().startswith("{"):
            return _from_json(text, hashlib.sha256(data).hexdigest())
        return of_edition(parse_edition(text, path), built_in=False)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _refused(path, "is not text") from error
    except KeyError as error:
        raise _refused(path, f"the field {error} is missing") from error
    except (ParameterFileError, CalibrationError, ValueError, TypeError,
            AttributeError) as error:
        raise _refused(path, str(error)) from error


def _from_ore(text: str, digest: str) -> Calibration:
    found: Mapping[str, Any] = read_ore(text)
    return Calibration(found["version"], found["tables"], None, found["effective"],
                       "ORE calibration XML", sha256=digest)


def _from_json(text: str, digest: str) -> Calibration:
    document = json.loads(text)
    first = document.get("first_close_of_business")
    return Calibration(str(document["version"]), json_tables(document),
                       date.fromisoformat(first) if first else None,
                       str(document.get("effective_date", "")), str(document.get("origin", "")),
                       sha256=digest, aliases=tuple(document.get("aliases", ())))


def _refused(path: Path, why: str) -> UnusableInputError:
    return UnusableInputError(Problem(
        path.name, why, "give a calibration as an edition file, as JSON tables or as ORE XML"))
