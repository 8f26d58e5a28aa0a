"""`crossmargin designs`: list, show, check and start harmonised designs."""

from __future__ import annotations

import argparse
import json
from decimal import Decimal
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.harmonised.design import (
    Design,
    DesignFileError,
    differences,
    read_design,
    shipped,
)
from workstation.harmonised.knobs import KNOBS, KnobValue
from workstation.workspace.design_versions import base_of
from workstation.workspace.designs import copy_of, find_design, write_overlay

DONE, REFUSED = 0, 1
DEFAULTS = "single-account-scan"


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin designs` takes."""
    what = sub.add_subparsers(dest="what", required=True, metavar="WHAT",
                              help="list, show or check designs, or write a new one")
    listed = what.add_parser("list", help="the shipped designs")
    shown = what.add_parser("show", help="one design: every knob, and what it changes")
    shown.add_argument("design", metavar="NAME_OR_FILE")
    for sub_command in (listed, shown):
        sub_command.add_argument("--json", action="store_true",
                                 help="print the document instead of text")
    checked = what.add_parser("check", help="what is wrong with design files, knob by knob")
    checked.add_argument("files", nargs="+", type=Path, metavar="FILE")
    new = what.add_parser("new", help="write a design file that changes another design")
    new.add_argument("file", type=Path, metavar="FILE")
    new.add_argument("--base", default=DEFAULTS, metavar="NAME",
                     help=f"shipped design to start from ({DEFAULTS} unless given)")
    new.add_argument("--title", help="title (the file's name unless given)")
    new.add_argument("--set", action="append", default=[], dest="knobs", metavar="KNOB=VALUE",
                     help="knob to change; may be repeated; lists are comma separated")


def designs(chosen: argparse.Namespace) -> int:
    """Run one of the commands about designs."""
    match chosen.what:
        case "list":
            return _list(chosen)
        case "show":
            return _show(find_design(chosen.design), chosen)
        case "check":
            refused = [path for path in chosen.files if not _is_good(path)]
            return REFUSED if refused else DONE
        case _:
            return _new(chosen)


def _list(chosen: argparse.Namespace) -> int:
    if chosen.json:
        print(json.dumps([_body(design) for design in shipped().values()], indent=1))
        return DONE
    for design in shipped().values():
        mark = "*" if design.default else " "
        print(f"{mark} {design.name:<26} {design.version:<6} {design.status:<12} "
              f"{design.choice('method'):<11} {design.title}")
    print("* compared unless designs are named")
    return DONE


def _show(design: Design, chosen: argparse.Namespace) -> int:
    if chosen.json:
        print(json.dumps(_body(design), indent=1))
        return DONE
    print(f"{design.title} ({design.name}, version {design.version}, {design.status}, effective "
          f"{design.effective})\n{design.citation}")
    if design.notes:
        print(design.notes)
    changed = {name: then for name, then, _ in _changes(design)}
    for section in dict.fromkeys(knob.section for knob in KNOBS.values()):
        print(f"\n{section}")
        for name, knob in KNOBS.items():
            if knob.section == section:
                was = f"(base: {_told(changed[name])})" if name in changed else ""
                words = (f"  {name:<34}", _told(design.knobs[name]), knob.unit, was)
                print(" ".join(word for word in words if word))
    return DONE


def _changes(design: Design) -> tuple[tuple[str, KnobValue, KnobValue], ...]:
    """Return the knobs changed against the base that the file names, else the shipped file."""
    base = shipped().get(design.base) or base_of(design)
    return () if base is None else differences(design, base)


def _body(design: Design) -> dict[str, object]:
    return {
        "name": design.name, "title": design.title, "version": design.version,
        "effective": design.effective.isoformat(), "status": design.status, "base": design.base,
        "citation": design.citation, "notes": design.notes, "default": design.default,
        "changes": [name for name, _, _ in _changes(design)],
        "knobs": {name: _plain(value) for name, value in design.knobs.items()}}


def _plain(value: KnobValue) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


def _told(value: KnobValue) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_good(path: Path) -> bool:
    """Print what a file holds, or one sentence for every knob it is refused for."""
    try:
        design = read_design(path)
    except DesignFileError as error:
        for sentence in error.sentences:
            print(f"error    {sentence}")
        return False
    against = f", {_counted(design)} changed against {design.base}" if design.base else ""
    print(f"good     {path.name}: {design.title}, version {design.version}, "
          f"{design.status}{against}")
    return True


def _counted(design: Design) -> str:
    count = len(_changes(design))
    return "1 knob" if count == 1 else f"{count} knobs"


def _new(chosen: argparse.Namespace) -> int:
    base = find_design(chosen.base)
    if base.name not in shipped():
        raise UnusableInputError(Problem("Base", f"{base.name} is not a shipped design",
                                         f"name one of {', '.join(shipped())}"))
    made = copy_of(base, chosen.title or chosen.file.stem,
                   dict(_setting(text) for text in chosen.knobs))
    write_overlay(made, base, chosen.file)
    print(f"wrote {chosen.file}: {made.title}, {_counted(made)} changed against {base.name}")
    return DONE


def _setting(text: str) -> tuple[str, object]:
    """Read KNOB=VALUE into what the knob's kind is written as."""
    name, is_set, value = text.partition("=")
    if not is_set:
        raise UnusableInputError(Problem("--set", f"{text!r} is not KNOB=VALUE",
                                         "write for example offsets.book=0.25"))
    name, value = name.strip(), value.strip()
    match KNOBS[name].kind if name in KNOBS else "":
        case "flag":
            return name, {"true": True, "false": False}.get(value.casefold(), value)
        case "texts":
            return name, [part.strip() for part in value.split(",") if part.strip()]
        case _:
            return name, value
