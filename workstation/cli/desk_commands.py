"""Commands about the installation rather than a book: parameters, template, doctor."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from platformdirs import user_cache_path, user_config_path

from workstation import __version__
from workstation.base.files import writing
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.resources import resource_root
from workstation.base.suggestion import meant
from workstation.importers.template import write_template
from workstation.kernels import LEVEL, kernel_report
from workstation.parameters.check import Finding, check_all
from workstation.parameters.store import Edition, editions, in_force
from workstation.reports.lines import counted, wrapped

RULE_WIDTH, NAME_ROOM = 23, 44
PACKAGES = ("PySide6-Essentials", "pyqtgraph", "numpy", "openpyxl", "python-calamine",
            "XlsxWriter", "highspy", "msgspec", "reportlab")


def parameters(arguments: argparse.Namespace) -> int:
    """List the editions, show one rule's numbers, or check all files."""
    match arguments.what:
        case "list":
            for folder in _folders():
                for edition in editions(folder):
                    print("\n".join(_lines(folder, edition)))
            return 0
        case "show":
            return _show(arguments.rule, arguments.as_of or date.today())
        case _:
            return _check()


def _folders() -> list[Path]:
    return sorted(p for p in (resource_root() / "parameters").iterdir() if p.is_dir())


def _lines(folder: Path, edition: Edition) -> list[str]:
    doubtful = sum(p.cite.standing == "unverified" for p in edition.values.values())
    mark = f"{doubtful} to confirm" if doubtful else ""
    return [f"{folder.name:<{RULE_WIDTH}} {edition.effective}  {edition.edition:<22} "
            f"{counted(len(edition.values), 'value'):>10}  {mark}".rstrip(),
            *wrapped(edition.source, "    ")]


def _show(name: str | None, on: date) -> int:
    names = [folder.name for folder in _folders()]
    if name not in names:
        raise UnusableInputError(Problem(
            "parameters show", f"there is no rule {name!r}",
            f"{meant(name or '', names)}name one of {', '.join(names)}"))
    edition = in_force(resource_root() / "parameters" / str(name), on)
    print("\n".join(wrapped(f"{edition.rule} [{edition.edition}], effective {edition.effective}: "
                            f"{edition.source}")))
    for parameter in edition.values.values():
        paragraph = parameter.cite.paragraph.removeprefix(", ")
        print("\n".join(wrapped(
            f"{parameter.name:<{NAME_ROOM}} {_short(parameter.raw)}; {parameter.unit}; "
            f"{paragraph}; {parameter.cite.standing}", "  ")))
    return 0


def _short(raw: object) -> str:
    return f"table of {counted(len(raw), 'row')}" if isinstance(raw, list) else str(raw)


def _check() -> int:
    findings: list[Finding] = check_all(resource_root() / "parameters")
    for finding in findings:
        print(f"{finding.severity:<8} {finding.sentence()}")
    errors = [f for f in findings if f.severity == "error"]
    print(f"{len(_folders())} rules checked, {len(errors)} errors, "
          f"{len(findings) - len(errors)} notes")
    return 1 if errors else 0


def template(arguments: argparse.Namespace) -> int:
    """Write the empty position workbook."""
    path: Path = arguments.path
    if path.suffix.lower() != ".xlsx":
        raise UnusableInputError(Problem(
            str(path), "a template is an .xlsx workbook", f"write {path.stem}.xlsx instead"))
    with writing(path):
        write_template(path)
    print(f"wrote {path}")
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Print what a support desk would ask for; exit status 1 when something is amiss."""
    _ = arguments
    troubles = []
    print(f"crossmargin {__version__}, Python {platform.python_version()} on "
          f"{platform.platform()}")
    for label, text in kernel_report():
        print(f"{label:<44}{text}")
    if LEVEL == "reference":
        troubles.append("the compiled kernel is missing: run installers/bootstrap.py again")
    for name in PACKAGES:
        found = _version(name)
        print(f"{name:<44}{found or 'missing'}")
        if found is None:
            troubles.append(f"{name} is not installed")
    platform_name = os.environ.get("QT_QPA_PLATFORM") or (
        "default" if os.environ.get("DISPLAY") or sys.platform != "linux" else "no display")
    print(f"{'Qt platform':<44}{platform_name}")
    print(f"{'fonts':<44}{_fonts()}")
    folders = (user_config_path("crossmargin"), user_cache_path("crossmargin"),
               Path(tempfile.gettempdir()))
    for folder in folders:
        writable = _is_writable(folder)
        print(f"{'folder':<44}{folder} {'writable' if writable else 'NOT writable'}")
        if not writable:
            troubles.append(f"{folder} is not writable: settings would not be kept")
    for trouble in troubles:
        print(f"{'amiss':<44}{trouble}")
    return 1 if troubles else 0


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _fonts() -> str:
    if sys.platform != "linux":
        return "system"
    count = sum(1 for _ in Path("/usr/share/fonts").rglob("*.[to]tf"))
    return f"{count} files" if count else "none: install fonts-dejavu-core"


def _is_writable(folder: Path) -> bool:
    standing = next(p for p in (folder, *folder.parents) if p.exists())
    return os.access(standing, os.W_OK)
