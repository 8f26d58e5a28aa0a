"""Find the harmonised design a user names."""

from __future__ import annotations

from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.harmonised.design import Design, read_design, shipped


def find_design(name_or_file: str) -> Design:
    """Return a shipped design by name, or read one from a TOML file."""
    known = shipped()
    if name_or_file in known:
        return known[name_or_file]
    path = Path(name_or_file)
    if path.suffix == ".toml" and path.exists():
        return read_design(path)
    raise UnusableInputError(Problem(
        "Design", f"there is no design {name_or_file!r}",
        f"name one of {', '.join(known)} or give a design file (.toml)"))
