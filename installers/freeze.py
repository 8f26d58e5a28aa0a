"""Make the frozen application: one folder that runs without Python installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "installer"
WINDOWS = sys.platform == "win32"
PYTHON = WORK / "venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")
FROZEN = WORK / "frozen" / "crossmargin"
EPOCH = "1704067200"
"""Time stamp of every file made, so that two builds of one commit are the same bytes."""
NOTICE_NAMES = ("licen", "copying", "notice", "authors")


def say(line: str) -> None:
    """Print a progress line at once."""
    print(f"installers: {line}", flush=True)


def frozen_application() -> Path:
    """Install the product as a wheel in an environment of its own, and freeze that."""
    _clean_environment()
    say("freezing the application (about a minute)")
    shutil.rmtree(FROZEN.parent, ignore_errors=True)
    settled = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "1"}
    subprocess.run(
        [str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
         "--distpath", str(FROZEN.parent), "--workpath", str(WORK / "work"),
         str(ROOT / "installers" / "crossmargin.spec")],
        check=True, cwd=WORK, env=settled)
    _write_notices(FROZEN / "NOTICES.txt")
    shutil.copyfile(ROOT / "LICENSE", FROZEN / "LICENSE")
    return FROZEN


def _clean_environment() -> None:
    """Make the build environment afresh: nothing but what the wheel asks for is frozen."""
    say("installing the product as a wheel in a clean environment")
    shutil.rmtree(PYTHON.parent.parent, ignore_errors=True)
    venv.create(PYTHON.parent.parent, with_pip=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                    f"{ROOT}[package]"], check=True, cwd=WORK)


def _write_notices(path: Path) -> None:
    """Collect the licence texts of everything that the folder redistributes."""
    found = distributions(path=[str(folder) for folder in _site_packages()])
    parts = [_notice(one) for one in sorted(found, key=lambda d: d.metadata["Name"].lower())]
    path.write_text("\n".join(parts), "utf-8")


def _site_packages() -> list[Path]:
    return [*PYTHON.parent.parent.glob("lib*/python*/site-packages"),
            *PYTHON.parent.parent.glob("Lib/site-packages")]


def _notice(package: Distribution) -> str:
    """Return name, version, licence and the licence files of one package."""
    about = package.metadata
    licence = about.get("License-Expression") or about.get("License") or "see below"
    heading = f"{about['Name']} {package.version} ({licence.splitlines()[0]})"
    files = [f for f in package.files or () if f.name.lower().startswith(NOTICE_NAMES)]
    texts = [f.locate().read_text("utf-8", errors="replace") for f in files
             if Path(str(f.locate())).is_file()]
    return "\n".join([heading, "=" * len(heading), *texts, ""])
