#!/usr/bin/env python3
"""Use the built .deb as an analyst's machine would: unpack or install, run, remove.

    python3 installers/verify/linux.py              unpack into a temporary folder and run
    python3 installers/verify/linux.py --install    install with dpkg, run, remove (needs root)

Exit status 0 when everything answered, 1 with the first thing that did not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "resources" / "books" / "meridian_macro.xlsx"
SMOKE_SECONDS = 60


class RefusedError(Exception):
    """A step did not do what an analyst would expect."""


def main() -> int:
    """Verify the newest .deb in dist/."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="with dpkg, as root")
    install = parser.parse_args().install
    packages = sorted((ROOT / "dist").glob("crossmargin_*.deb"), key=lambda p: p.stat().st_mtime)
    if not packages:
        print("verify: there is no .deb in dist/; run installers/build.py linux first",
              file=sys.stderr)
        return 1
    try:
        with tempfile.TemporaryDirectory() as scratch:
            (installed if install else unpacked)(packages[-1], Path(scratch))
    except RefusedError as error:
        print(f"verify: {error}", file=sys.stderr)
        return 1
    print(f"verify: {packages[-1].name} works")
    return 0


def unpacked(package: Path, scratch: Path) -> None:
    """Run the programs from a folder; nothing on this machine changes."""
    tree = scratch / "tree"
    run(["dpkg-deb", "-x", str(package), str(tree)], scratch)
    programs(tree / "opt" / "crossmargin", scratch)


def installed(package: Path, scratch: Path) -> None:
    """Install, run by name, remove, and look for what was left behind."""
    run(["dpkg", "-i", str(package)], scratch)
    try:
        programs(Path("/usr/bin"), scratch)
    finally:
        run(["dpkg", "-r", "crossmargin"], scratch)
    if Path("/opt/crossmargin").exists():
        raise RefusedError("removing the package left /opt/crossmargin behind")


def programs(folder: Path, scratch: Path) -> None:
    """Ask the console program for a review and the window for its smoke run."""
    console = str(folder / "crossmargin")
    run([console, "doctor"], scratch)
    run([console, "review", str(BOOK), "--out", str(scratch / "pack")], scratch, allowed=(0, 1))
    for name in ("review.json", "review.xlsx", "memo.pdf"):
        if not list((scratch / "pack").rglob(name)):
            raise RefusedError(f"the review wrote no {name}")
    begun = time.monotonic()
    run([str(folder / "crossmargin-window"), "open", "--smoke"], scratch)
    print(f"verify: window opened, reviewed the sample and closed in "
          f"{time.monotonic() - begun:.1f} s")


def run(command: list[str], scratch: Path, allowed: tuple[int, ...] = (0,)) -> None:
    """Run one program with an environment that holds nothing of this checkout."""
    bare = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(scratch), "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen"}
    answer = subprocess.run(command, capture_output=True, text=True, cwd=scratch, env=bare,
                            timeout=SMOKE_SECONDS, check=False)
    if answer.returncode not in allowed:
        said = (answer.stderr or answer.stdout).strip().splitlines()
        raise RefusedError(f"{Path(command[0]).name} {' '.join(command[1:2])} ended with "
                           f"{answer.returncode}: {said[-1] if said else 'no output'}")


if __name__ == "__main__":
    sys.exit(main())
