"""The parameters a run uses: shipped editions in force on the review date, plus overlays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from workstation.base.recent import Recent
from workstation.base.resources import resource_root
from workstation.parameters.store import Edition, NoParametersInForceError, in_force


class RuleSet:
    """Finds the edition of each rule in force and remembers which ones a run used.

    Parameters
    ----------
    as_of
        Review date.
    overlays
        Editions of the user (house margins, own rates); their values replace shipped values of
        the same rule.
    pinned
        Editions by folder that stand whatever is shipped: those a saved review was made with.
    root
        Folder of rule folders; the shipped `resources/parameters` unless given.
    risk_files
        Exchange risk-parameter files as their importer read them; the futures rulebook alone
        looks inside.
    """

    def __init__(
        self,
        as_of: date,
        overlays: Sequence[Edition] = (),
        pinned: Mapping[str, Edition] | None = None,
        root: Path | None = None,
        risk_files: Sequence[object] = (),
    ) -> None:
        self.as_of = as_of
        self.risk_files = tuple(risk_files)
        self._root = root or resource_root() / "parameters"
        self._overlays = tuple(overlays)
        self._pinned = dict(pinned or {})
        self._shipped: dict[str, Edition] = {}
        self._used: dict[str, Edition] = {}
        self._listening: list[dict[str, None]] = []
        self.recent: Recent[Any] = Recent()
        """Answers under these rules; a session hands them on from review to review."""

    @property
    def key(self) -> tuple[object, ...]:
        """Return what two rule sets share when they answer alike."""
        return (self.as_of, self._root, tuple(o.text for o in self._overlays),
                tuple(sorted((folder, e.text) for folder, e in self._pinned.items())),
                tuple(getattr(file, "sha256", "") for file in self.risk_files))

    def edition(self, folder: str) -> Edition:
        """Return the edition of `folder` in force; raises NoParametersInForceError."""
        if folder not in self._used:
            found = self._pinned.get(folder) or in_force(self._root / folder, self.as_of)
            self._shipped[folder] = found
            self._used[folder] = self._overlaid(found)
        for folders in self._listening:
            folders[folder] = None
        return self._used[folder]

    @contextmanager
    def asked(self) -> Iterator[dict[str, None]]:
        """Gather the folders asked for meanwhile, so that a kept answer can ask for them again."""
        folders: dict[str, None] = {}
        self._listening.append(folders)
        try:
            yield folders
        finally:
            self._listening.pop()

    def has(self, folder: str) -> bool:
        """Say whether an edition of `folder` is in force."""
        try:
            self.edition(folder)
        except NoParametersInForceError:
            return False
        return True

    def without_overlays(self) -> RuleSet | None:
        """Return the same rules as shipped or pinned; None where nothing is laid over them."""
        if not self._overlays:
            return None
        return RuleSet(self.as_of, (), self._pinned, self._root)

    def used(self) -> tuple[Edition, ...]:
        """Return the editions asked for so far with overlays applied, in order of first use."""
        return tuple(self._used.values())

    def used_without_overlays(self) -> Mapping[str, Edition]:
        """Return the editions asked for so far by folder, as shipped or pinned."""
        return dict(self._shipped)

    def _overlaid(self, shipped: Edition) -> Edition:
        for overlay in self._overlays:
            if overlay.rule == shipped.rule and overlay.effective <= self.as_of:
                name = f"{shipped.edition} + {overlay.edition}"
                values = {**shipped.values, **overlay.values}
                shipped = replace(shipped, edition=name, values=values)
        return shipped
