"""A recipe under a name, with the header line of the files it was made for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.recipe import HEADER_ROW, Recipe, Step, parsed, plain
from workstation.importers.sheets import Source, text_of
from workstation.importers.vocabulary import normal

SCHEMA = "crossmargin.profile/1"
SEARCHED = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """How files of one layout are read; `headers` are the names of their columns, as written.

    `finds_header` says that the header row had to be pointed out, so that in the next file it is
    the row that holds these names.
    """

    name: str
    headers: tuple[str, ...]
    recipe: Recipe
    finds_header: bool = False

    @property
    def fingerprint(self) -> str:
        """Return the digest of the header line, by which the layout is recognised again."""
        return fingerprint(self.headers)

    def matches(self, source: Source) -> bool:
        """Say whether a row near the top of a visible sheet is this profile's header line."""
        return self.place(source) is not None

    def place(self, source: Source) -> tuple[str, int] | None:
        """Return the sheet and the row (from 0) of this profile's header line in a file."""
        return next(((sheet.name, i) for sheet in source.visible
                     for i, row in enumerate(sheet.rows[:SEARCHED])
                     if fingerprint([text_of(cell) for cell in row]) == self.fingerprint), None)

    def recipe_for(self, source: Source) -> Recipe:
        """Return the steps for one file, its header row among them where it must be found."""
        place = self.place(source) if self.finds_header else None
        if place is None:
            return self.recipe
        return self.recipe.with_step(Step(HEADER_ROW, str(place[1] + 1), place[0]))


def fingerprint(headers: Sequence[str]) -> str:
    """Return the digest of a header line; case, spaces and empty cells do not matter."""
    words = [word for text in headers if (word := normal(text))]
    return hashlib.sha256("|".join(words).encode()).hexdigest() if words else ""


def profile_of(name: str, headers: Sequence[str], recipe: Recipe) -> Profile:
    """Return a profile of the steps that serve other files; its header is found, not counted."""
    portable = recipe.portable
    pointed = bool(portable.of_kind(HEADER_ROW))
    for step in portable.of_kind(HEADER_ROW):
        portable = portable.without(HEADER_ROW, step.target)
    return Profile(name, tuple(text for text in headers if text), portable, pointed)


def profile_text(profile: Profile) -> str:
    """Return a profile as the text of its file."""
    return json.dumps(profile_body(profile), indent=1, ensure_ascii=False) + "\n"


def profile_body(profile: Profile) -> dict[str, Any]:
    """Return a profile as JSON-able values."""
    return {"schema": SCHEMA, "name": profile.name, "fingerprint": profile.fingerprint,
            "headers": list(profile.headers), "finds_header": profile.finds_header,
            "steps": plain(profile.recipe)}


def parse_profile(text: str, where: str) -> Profile:
    """Read a profile's file; raises UnusableInputError with a sentence."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad(where, "the text is not JSON") from error
    if not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise _bad(where, f"this is not an import profile ({SCHEMA})")
    name, headers, steps = body.get("name"), body.get("headers"), body.get("steps")
    if not isinstance(name, str) or not name or not isinstance(steps, list) or not (
            isinstance(headers, list) and all(isinstance(text, str) for text in headers)):
        raise _bad(where, "name, headers or steps are missing")
    return Profile(name, tuple(headers), parsed(steps, where), body.get("finds_header") is True)


def _bad(where: str, what: str) -> UnusableInputError:
    return UnusableInputError(Problem(where, what, "save the profile again", "error"))
