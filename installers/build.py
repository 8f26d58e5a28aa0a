#!/usr/bin/env python3
"""Build what analysts install, on the system it is for.

    python3 installers/build.py linux      .deb and .tar.gz
    python3 installers/build.py windows    setup.exe (needs NSIS; run on Windows)
    python3 installers/build.py macos      .dmg (run on macOS; signed where an identity is given)

Artefacts go to `dist/`, each with its SHA-256. `python3 installers/verify/linux.py` then installs
and runs them as a user would.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import debian
import macos_image
import windows_setup
from freeze import ROOT, frozen_application, say

OUT = ROOT / "dist"
Package = Callable[[Path, str, Path], list[Path]]
SYSTEMS: dict[str, tuple[str, tuple[str, ...], Package]] = {
    "linux": ("linux", ("dpkg-deb",), debian.package),
    "windows": ("win32", ("makensis",), windows_setup.package),
    "macos": ("darwin", ("hdiutil", "codesign"), macos_image.package),
}


def main() -> int:
    """Freeze the application, package it for the system named, and print the artefacts."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=sorted(SYSTEMS))
    chosen = parser.parse_args().system
    platform, tools, package = SYSTEMS[chosen]
    if sys.platform != platform:
        return _fail(f"the {chosen} installer is built on {chosen}; this is {sys.platform}.")
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        return _fail(f"{' and '.join(missing)} is needed and not on the path; install it first.")
    OUT.mkdir(exist_ok=True)
    try:
        artefacts = package(frozen_application(), _version(), OUT)
    except subprocess.CalledProcessError as error:
        return _fail(f"{error.cmd[0]} failed (exit status {error.returncode}); the lines above "
                     "say why.")
    for path in artefacts:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        say(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.0f} MB  sha256 {digest}")
    return 0


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _fail(line: str) -> int:
    print(f"installers: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
