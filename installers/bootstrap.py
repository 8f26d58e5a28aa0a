#!/usr/bin/env python3
"""Set up Crossmargin from a checkout, then open it or test it.  Standard library only.

    python3 installers/bootstrap.py run     open the workstation on the sample client
    python3 installers/bootstrap.py test    run the whole test suite

Both make a virtual environment in .venv, build the kernel and install; the second time they only
check that nothing changed.
"""

from __future__ import annotations

import argparse
import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "crossmargin.stamp"
SAMPLE = ROOT / "resources" / "books" / "meridian_macro.xlsx"
PACK = ROOT / "review-pack"
OLDEST = (3, 11)
EXTRAS = {"run": "", "test": "[test,lint]"}
# Shared library -> Debian package, for what Qt's wheels expect of the system.
DEBIAN = {
    "EGL": "libegl1", "GL": "libgl1", "xkbcommon": "libxkbcommon0",
    "xkbcommon-x11": "libxkbcommon-x11-0", "xcb-cursor": "libxcb-cursor0",
    "dbus-1": "libdbus-1-3", "fontconfig": "libfontconfig1", "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0", "xcb-keysyms": "libxcb-keysyms1", "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0", "xcb-shape": "libxcb-shape0",
    "xcb-xinerama": "libxcb-xinerama0", "glib-2.0": "libglib2.0-0",
}
FONT_PACKAGE = "fonts-dejavu-core"


def say(line: str) -> None:
    """Print a progress line at once."""
    print(f"crossmargin: {line}", flush=True)


def fail(line: str) -> int:
    """Print what is wrong and what to do."""
    print(f"crossmargin: {line}", file=sys.stderr, flush=True)
    return 2


def fingerprint(extras: str) -> str:
    """Hash everything that decides what is installed: metadata, build script, kernel sources."""
    digest = hashlib.sha256(f"{sys.version}{extras}".encode())
    kernels = [p for p in (ROOT / "ext").iterdir() if p.is_file()]
    for path in sorted([ROOT / "pyproject.toml", ROOT / "setup.py", *kernels]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def is_current(wanted: str) -> bool:
    """Say whether the environment already holds what this checkout and command need."""
    if not PYTHON.exists() or not STAMP.exists():
        return False
    have = STAMP.read_text("utf-8").split()
    return any(fingerprint(extras) in have for extras in (wanted, EXTRAS["test"]))


def make_environment() -> None:
    """Make .venv; a half-made one is removed, or the next run would take it for whole."""
    say(f"making a virtual environment in {VENV.name}")
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(VENV, ignore_errors=True)
        raise


def install(extras: str) -> None:
    """Make .venv if needed, then build the kernel and install in editable form."""
    if not PYTHON.exists():
        make_environment()
    say("building the kernel and installing (a few minutes the first time)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--editable", f"{ROOT}{extras}"], check=True, cwd=ROOT)
    STAMP.write_text(fingerprint(extras), "utf-8")


def missing_system_packages() -> list[str]:
    """Return the Debian packages Qt needs and this system lacks; empty elsewhere."""
    if not sys.platform.startswith("linux") or not shutil.which("apt-get"):
        return []
    packages = [deb for lib, deb in DEBIAN.items() if ctypes.util.find_library(lib) is None]
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it out of python3
        packages.append("python3-venv")
    if not any(Path("/usr/share/fonts").rglob("*.ttf")):
        packages.append(FONT_PACKAGE)
    return packages


def provide_system_libraries() -> None:
    """Install what Qt needs where we may; otherwise print the one command that does."""
    packages = missing_system_packages()
    if not packages:
        return
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        say(f"system packages are missing (for Qt or Python); run: sudo {' '.join(command)}")
        return
    say(f"installing system packages: {' '.join(packages)}")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ,
                                                   "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
    if subprocess.run(command, check=False, **quiet).returncode:
        say(f"that did not work; run: {' '.join(command)}")


def has_display() -> bool:
    """Say whether a window can be shown."""
    if WINDOWS or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
                or os.environ.get("QT_QPA_PLATFORM"))


def run(arguments: list[str]) -> int:
    """Open the window on the sample client, or review it headless without a display."""
    product = [str(PYTHON), "-m", "workstation.cli.main"]
    if has_display():
        say(f"opening the workstation on {SAMPLE.relative_to(ROOT)}")
        return subprocess.run([*product, *(arguments or [str(SAMPLE)])], check=False,
                              cwd=ROOT).returncode
    say("no display: reviewing the sample client without a window")
    code = subprocess.run([*product, "review", str(SAMPLE), "--out", str(PACK)], check=False,
                          cwd=ROOT).returncode
    if code in (0, 1):  # 1: done, with positions listed that could not be margined
        say(f"the review pack lies in {PACK}")
        return 0
    return code


def test(arguments: list[str]) -> int:
    """Run the whole suite; window tests use Qt's offscreen platform."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([str(PYTHON), "-m", "pytest", *arguments], check=False, cwd=ROOT,
                          env=environment).returncode


def main() -> int:
    """Read the command, set up, and do it."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=sorted(EXTRAS))
    parser.add_argument("arguments", nargs=argparse.REMAINDER,
                        help="passed on to the product or to pytest")
    chosen = parser.parse_args()
    if sys.version_info < OLDEST:
        return fail(f"Python {'.'.join(map(str, OLDEST))} or newer is needed, this is "
                    f"{sys.version.split()[0]}; run the command with a newer python3.")
    try:
        provide_system_libraries()
        if not is_current(EXTRAS[chosen.command]):
            install(EXTRAS[chosen.command])
    except subprocess.CalledProcessError as error:
        return fail(f"setting up failed (exit status {error.returncode}); the lines above say "
                    "why. A C compiler is needed (Debian: gcc, python3-dev and python3-venv) and "
                    "so is access to a Python package index.")
    except OSError as error:
        return fail(f"setting up failed ({error}); check that {ROOT} is writable and the disk is "
                    "not full.")
    return (run if chosen.command == "run" else test)(chosen.arguments)


if __name__ == "__main__":
    sys.exit(main())
