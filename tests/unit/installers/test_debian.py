"""The Linux artefacts: what they hold, and that the same folder gives the same bytes."""

import importlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
VERSION = "1.2.3"

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None,
                                reason="dpkg-deb is not installed: .deb files are made on Debian")


@pytest.fixture
def debian(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "installers"))
    module = importlib.import_module("debian")
    monkeypatch.setattr(module, "WORK", tmp_path / "work")
    return module


@pytest.fixture
def frozen(tmp_path):
    folder = tmp_path / "crossmargin"
    (folder / "_internal").mkdir(parents=True)
    for name in ("crossmargin", "crossmargin-window", "NOTICES.txt", "LICENSE",
                 "_internal/libQt6Core.so.6"):
        (folder / name).write_text(name, "utf-8")
    return folder


def listed(deb):
    shown = subprocess.run(["dpkg-deb", "-c", str(deb)], capture_output=True, text=True, check=True)
    return [line.split(maxsplit=5)[5] for line in shown.stdout.splitlines()]


def test_the_package_installs_programs_menu_entry_file_type_and_licences(debian, frozen, tmp_path):
    deb, _ = debian.package(frozen, VERSION, tmp_path)
    names = listed(deb)
    assert "./usr/bin/crossmargin -> /opt/crossmargin/crossmargin" in names
    for wanted in ("./opt/crossmargin/_internal/libQt6Core.so.6",
                   "./usr/share/applications/crossmargin.desktop",
                   "./usr/share/mime/packages/crossmargin.xml",
                   "./usr/share/icons/hicolor/scalable/apps/crossmargin.svg",
                   "./usr/share/doc/crossmargin/copyright",
                   "./usr/share/doc/crossmargin/NOTICES.txt"):
        assert wanted in names
    fields = subprocess.run(["dpkg-deb", "-f", str(deb), "Version", "Depends"],
                            capture_output=True, text=True, check=True).stdout
    assert f"Version: {VERSION}" in fields
    assert "libxcb-cursor0" in fields


def test_the_same_folder_gives_the_same_bytes(debian, frozen, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        out.mkdir()
        debian.package(frozen, VERSION, out)
        os.utime(frozen / "crossmargin")
    for path in sorted(first.iterdir()):
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_the_archive_unpacks_into_one_folder(debian, frozen, tmp_path):
    _, archive = debian.package(frozen, VERSION, tmp_path)
    with tarfile.open(archive) as packed:
        assert {name.split("/")[0] for name in packed.getnames()} == {"crossmargin"}
        owners = {(entry.uid, entry.gid) for entry in packed.getmembers()}
    assert owners == {(0, 0)}


def test_another_systems_installer_is_refused_with_a_sentence():
    other = "macos" if sys.platform != "darwin" else "windows"
    said = subprocess.run([sys.executable, str(ROOT / "installers" / "build.py"), other],
                          capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert said.stderr.startswith(f"installers: the {other} installer is built on {other}")
