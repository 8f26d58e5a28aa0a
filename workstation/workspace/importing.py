"""Import a client's file with the profile that fits it, and keep what was decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from workstation.base.problem import Problem
from workstation.importers.columns import SURE
from workstation.importers.directed import place_of
from workstation.importers.imported import Imported
from workstation.importers.opening import open_source
from workstation.importers.profile import Profile, profile_body, profile_of
from workstation.importers.reading import import_source
from workstation.importers.recipe import NO_DECISIONS, Recipe, plain
from workstation.importers.sheets import Source
from workstation.workspace.profiles import ProfileStore

NO_PROFILE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read: the import, every decision it followed, and the profile used."""

    imported: Imported
    recipe: Recipe
    profile: Profile | None = None


def read_file(path: Path, *, as_of: date | None = None, password: str | None = None,
              recipe: Recipe = NO_DECISIONS, profile_name: str = "",
              store: ProfileStore | None = None) -> Reading:
    """Import a file under a profile and further decisions; raises UnusableInputError.

    Parameters
    ----------
    recipe
        Decisions of this call; they win over the profile's.
    profile_name
        A saved profile, a profile's file, `none`, or empty for the one that is recognised.
    """
    source = open_source(path, password)
    return read_source(source, as_of=as_of, recipe=recipe,
                       profile=chosen_profile(source, profile_name, store or ProfileStore()))


def chosen_profile(source: Source, name: str, store: ProfileStore) -> Profile | None:
    """Return the profile named, or the one recognised by the file's header line."""
    if name == NO_PROFILE:
        return None
    return store.named(name) if name else store.recognised(source)


def read_source(source: Source, *, as_of: date | None = None, recipe: Recipe = NO_DECISIONS,
                profile: Profile | None = None) -> Reading:
    """Import an opened file under a profile and further decisions."""
    if profile is not None:
        recipe = profile.recipe_for(source).joined(recipe)
        source = replace(source, problems=(*source.problems, Problem(
            source.path.name, f"read with the profile “{profile.name}”",
            "import it without the profile if that is wrong", "info")))
    return Reading(import_source(source, as_of=as_of, recipe=recipe), recipe, profile)


def doubtful_columns(mapping: str) -> tuple[str, ...]:
    """Return the columns of a kept mapping that were read, but not surely."""
    kept = json.loads(mapping) if mapping else {}
    choices = kept.get("columns", []) if isinstance(kept, dict) else []
    return tuple(str(choice["header"]) for choice in choices
                 if choice.get("field") and choice.get("confidence", SURE) < SURE)


def header_line(imported: Imported) -> tuple[str, ...]:
    """Return the headers of the first table read, by which its layout is known again."""
    rows = [(place[:2], choice.header) for choice in imported.mapping
            if (place := place_of(choice.where)) is not None]
    return tuple(header for row, header in rows if row == rows[0][0])


def as_profile(name: str, reading: Reading, headers: Sequence[str] = ()) -> Profile:
    """Return the decisions behind a reading as a profile to save."""
    return profile_of(name, headers or header_line(reading.imported), reading.recipe)


def kept_mapping(reading: Reading) -> str:
    """Return how a file was read, as the review's own file keeps it."""
    profile = profile_body(reading.profile) if reading.profile else None
    return json.dumps({"columns": [asdict(choice) for choice in reading.imported.mapping],
                       "steps": plain(reading.recipe), "profile": profile})
