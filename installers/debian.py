"""Linux artefacts from the frozen folder: a .deb for Debian and Ubuntu, a .tar.gz for the rest."""

from __future__ import annotations

import gzip
import os
import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

from bootstrap import DEBIAN
from freeze import EPOCH, ROOT, WORK

LINUX = ROOT / "installers" / "linux"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
CONTROL = """Package: crossmargin
Version: {version}
Architecture: {architecture}
Maintainer: Crossmargin <support@crossmargin.invalid>
Section: misc
Priority: optional
Installed-Size: {kilobytes}
Depends: libc6, {libraries}
Description: Cross-product portfolio margin, offline
 Opens a client's position file and shows what it must post today silo by silo,
 what it would post under a harmonised design, and why.
"""
REFRESH = """#!/bin/sh
set -e
for tool in "update-desktop-database -q" "update-mime-database /usr/share/mime"; do
    command -v ${tool%% *} >/dev/null 2>&1 && $tool || true
done
"""


def package(frozen: Path, version: str, out: Path) -> list[Path]:
    """Write both artefacts into `out` and return their paths."""
    machine = platform.machine()
    tree = WORK / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(frozen, tree / "opt" / "crossmargin", symlinks=True)
    _desktop_integration(tree)
    _control(tree, version, ARCHITECTURES.get(machine, machine))
    _settle_times(tree)
    deb = out / f"crossmargin_{version}_{ARCHITECTURES.get(machine, machine)}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(deb)],
                   check=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
                   stdout=subprocess.DEVNULL)
    return [deb, _archive(frozen, out / f"crossmargin-{version}-linux-{machine}.tar.gz")]


def _desktop_integration(tree: Path) -> None:
    """Put commands on the path, an entry in the menu, and an icon on every saved review."""
    share = tree / "usr" / "share"
    places = {
        LINUX / "crossmargin.desktop": share / "applications",
        LINUX / "crossmargin.xml": share / "mime" / "packages",
        LINUX / "org.crossmargin.workstation.metainfo.xml": share / "metainfo",
        ROOT / "resources" / "icons" / "crossmargin.svg":
            share / "icons" / "hicolor" / "scalable" / "apps",
    }
    for source, folder in places.items():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / source.name)
    documents = share / "doc" / "crossmargin"
    documents.mkdir(parents=True)
    for name, source in {"copyright": ROOT / "LICENSE", "NOTICES.txt": tree / "opt" / "crossmargin"
                         / "NOTICES.txt", "CHANGELOG.md": ROOT / "CHANGELOG.md"}.items():
        shutil.copyfile(source, documents / name)
    commands = tree / "usr" / "bin"
    commands.mkdir()
    for name in ("crossmargin", "crossmargin-window"):
        (commands / name).symlink_to(f"/opt/crossmargin/{name}")


def _control(tree: Path, version: str, architecture: str) -> None:
    folder = tree / "DEBIAN"
    folder.mkdir()
    size = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    (folder / "control").write_text(CONTROL.format(
        version=version, architecture=architecture, kilobytes=size // 1024,
        libraries=", ".join(sorted(set(DEBIAN.values())))), "utf-8")
    for name in ("postinst", "postrm"):
        (folder / name).write_text(REFRESH, "utf-8")
        (folder / name).chmod(0o755)


def _settle_times(tree: Path) -> None:
    for path in tree.rglob("*"):
        os.utime(path, (int(EPOCH), int(EPOCH)), follow_symlinks=False)


def _archive(frozen: Path, target: Path) -> Path:
    """Pack the folder; order, times and owners are fixed so that the bytes are too."""
    def settled(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = int(EPOCH), 0, 0, "", ""
        return entry

    with (target.open("wb") as raw,
          gzip.GzipFile("", "wb", fileobj=raw, mtime=int(EPOCH)) as zipped,
          tarfile.open(fileobj=zipped, mode="w") as archive):
        for path in sorted(frozen.rglob("*")):
            archive.add(path, Path("crossmargin") / path.relative_to(frozen), recursive=False,
                        filter=settled)
    return target
