"""Windows installer from the frozen folder, by NSIS: per user, no administrator needed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from freeze import ROOT


def package(frozen: Path, version: str, out: Path) -> list[Path]:
    """Write setup.exe into `out` and return its path."""
    target = out / f"crossmargin-{version}-setup.exe"
    subprocess.run(["makensis", "-V2", f"-DVERSION={version}", f"-DPAYLOAD={frozen}",
                    f"-DTARGET={target}", str(ROOT / "installers" / "windows" / "setup.nsi")],
                   check=True)
    return [target]
