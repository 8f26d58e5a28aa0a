"""A design as the text of a design file, whole: every knob written out, nothing inherited."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from workstation.harmonised.design import TEXT_FIELDS, Design, read_design
from workstation.harmonised.knobs import KnobValue


def design_text(design: Design) -> str:
    """Return TOML that reads back as the same design without its base."""
    head = [f"{field} = {_toml(getattr(design, field))}" for field in TEXT_FIELDS]
    return "\n".join([
        *head,
        f"effective = {design.effective.isoformat()}",
        f"status = {_toml(design.status)}",
        f"notes = {_toml(design.notes)}",
        f"default = {_toml(design.default)}",
        "",
        "[knobs]",
        *(f"{name} = {_toml(value)}" for name, value in sorted(design.knobs.items())),
        "",
    ])


def overlay_text(design: Design, base: str, changed: Mapping[str, KnobValue]) -> str:
    """Return TOML of a design as what it changes against a base it names."""
    head = [f"{field} = {_toml(getattr(design, field))}" for field in TEXT_FIELDS]
    return "\n".join([
        *head,
        f"effective = {design.effective.isoformat()}",
        f"status = {_toml(design.status)}",
        f"notes = {_toml(design.notes)}",
        f"base = {_toml(base)}",
        "",
        "[knobs]",
        *(f"{name} = {_toml(value)}" for name, value in sorted(changed.items())),
        "",
    ])


def parse_design(text: str, name: str) -> Design:
    """Read a design from text that `design_text` wrote; raises DesignFileError."""
    with tempfile.TemporaryDirectory(prefix="crossmargin-") as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(text, "utf-8")
        return read_design(path)


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal() | int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return f"[{', '.join(_toml(item) for item in value)}]"
