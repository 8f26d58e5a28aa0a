"""Every user setting, declared once with its default, limits and help text."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path

RECENT_LIMIT = 10
Value = int | str | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One user choice; dialogs, files, help and validation all read this."""

    key: str
    default: Value
    help: str
    choices: tuple[int | str, ...] = ()

    def accept(self, value: object) -> Value:
        """Return the value if it is allowed, or raise with what is."""
        if not isinstance(value, int | str) or type(value) is not type(self.default) or (
            self.choices and value not in self.choices
        ):
            raise ValueError(f"{self.key}: {value!r} is not one of {self.choices or 'its type'}")
        return value


SETTINGS = {s.key: s for s in (
    Setting("view.palette", "light", "Colours of the window.", ("light", "dark")),
    Setting("view.density", "compact", "Height of table rows.", ("compact", "comfortable")),
    Setting("view.text", 100, "Size of text, in percent.", (90, 100, 115, 130, 150)),
    Setting("view.scale", "units", "Scale of money in tables.",
            ("units", "thousands", "millions")),
    Setting("view.decimals", 0, "Decimals of money in tables.", (0, 1, 2)),
    Setting("view.numbers", "system", "Signs between thousands and before decimals.",
            ("system", "1,234.5", "1.234,5", "1 234,5", "1'234.5")),
    Setting("view.layout", "", "Arrangement of the docks, as the window saved it."),
    Setting("view.columns", "", "Columns of the positions table: which are shown, in what order."),
    Setting("view.grouping", "By silo and underlying", "How positions are gathered at first."),
    Setting("view.saved", "", "Views of the positions kept under a name."),
    Setting("view.geometry", "", "Place and size of the window, as the window saved it."),
    Setting("files.folder", "", "Folder files were last opened from or saved to."),
    Setting("report.folder", "", "Folder the last pack was written to."),
    Setting("report.template", "", "The firm's template for packs (.toml), as last used."),
    Setting("report.page", "A4", "Paper of the memo.", ("A4", "Letter")),
    Setting("engine.threads", 0, "Worker threads; 0 means one per core."),
)}


def settings_folder() -> Path:
    """Return the user's settings folder; CROSSMARGIN_SETTINGS names another one."""
    override = os.environ.get("CROSSMARGIN_SETTINGS")
    return Path(override) if override else user_config_path("crossmargin")


class Settings:
    """The user's choices and recent files, kept in one JSON file; bad entries fall to defaults."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or settings_folder()) / "settings.json"
        stored = self._read()
        self._values: dict[str, Value] = {}
        for key, setting in SETTINGS.items():
            try:
                self._values[key] = setting.accept(stored.get(key, setting.default))
            except ValueError:
                self._values[key] = setting.default
        recent = stored.get("recent", [])
        self._recent = [str(item) for item in recent] if isinstance(recent, list) else []

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __setitem__(self, key: str, value: Value) -> None:
        self._values[key] = SETTINGS[key].accept(value)
        self._write()

    @property
    def folder(self) -> Path:
        """Return the folder the settings lie in."""
        return self._path.parent

    @property
    def recent(self) -> tuple[Path, ...]:
        """Return the files opened last that still exist, newest first."""
        return tuple(path for path in map(Path, self._recent) if path.exists())

    def remember(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        name = str(path.resolve())
        self._recent = [name, *(item for item in self._recent if item != name)][:RECENT_LIMIT]
        self._write()

    def _read(self) -> dict[str, object]:
        try:
            stored = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stored if isinstance(stored, dict) else {}

    def _write(self) -> None:
        text = json.dumps({**self._values, "recent": self._recent}, indent=1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".json")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._path)
        except OSError:
            return  # a read-only profile keeps its choices for this session only
