"""Import profiles kept in the user's settings folder, one JSON file each."""

from __future__ import annotations

import re
from pathlib import Path

from workstation.base.files import write_whole
from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.profile import Profile, parse_profile, profile_text
from workstation.importers.sheets import Source
from workstation.workspace.settings import settings_folder

FOLDER = "profiles"
_UNSAFE = re.compile(r"[^\w -]+")


class ProfileStore:
    """Saves, lists and recognises profiles; a file that cannot be read is skipped and named."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings_folder() / FOLDER
        self.unread: tuple[Problem, ...] = ()

    def all(self) -> tuple[Profile, ...]:
        """Return every profile, by name."""
        found, unread = list[Profile](), list[Problem]()
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            try:
                found.append(parse_profile(path.read_text("utf-8"), path.name))
            except UnusableInputError as error:
                unread += error.problems
            except (OSError, UnicodeDecodeError):
                unread.append(Problem(path.name, "the profile cannot be read", "save it again"))
        self.unread = tuple(unread)
        return tuple(sorted(found, key=lambda profile: profile.name.casefold()))

    def named(self, name: str) -> Profile:
        """Return a profile by name, or from a file of its own; raises UnusableInputError."""
        path = Path(name)
        if path.suffix == ".json" and path.is_file():
            return _of_file(path)
        known = {profile.name.casefold(): profile for profile in self.all()}
        if name.casefold() in known:
            return known[name.casefold()]
        names = ", ".join(profile.name for profile in known.values()) or "none is saved yet"
        raise UnusableInputError(Problem(
            "Profile", f"there is no import profile {name!r}",
            f"name one of: {names}" if known else "save one with --save-profile"))

    def recognised(self, source: Source) -> Profile | None:
        """Return the profile whose header line a file has, or None."""
        return next((profile for profile in self.all() if profile.matches(source)), None)

    def save(self, profile: Profile) -> Path:
        """Write a profile in place of one of the same name; raises UnusableInputError."""
        name = _UNSAFE.sub(" ", profile.name).strip() or "profile"
        path = self.folder / f"{'-'.join(name.casefold().split())}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, profile_text(profile).encode("utf-8"))
        except OSError as error:
            raise UnusableInputError(Problem(
                str(path), f"the profile was not saved ({error.strerror})",
                "free the folder, or set CROSSMARGIN_SETTINGS to another one")) from error
        return path


def _of_file(path: Path) -> Profile:
    """Read a profile from a file of its own; raises UnusableInputError."""
    try:
        return parse_profile(path.read_text("utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise UnusableInputError(Problem(
            path.name, "a profile is UTF-8 text, this is not",
            "name a profile saved with --save-profile")) from error
