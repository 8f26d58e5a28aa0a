import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "installers" / "bootstrap.py"


@pytest.fixture
def bootstrap(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "crossmargin.stamp")
    monkeypatch.setattr(module, "missing_system_packages", list)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "test"])
    return module


def test_an_environment_made_by_half_is_removed(bootstrap, monkeypatch, capsys):
    def half(folder, with_pip):
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()
        raise subprocess.CalledProcessError(1, "ensurepip")

    monkeypatch.setattr(bootstrap.venv, "create", half)
    assert bootstrap.main() == 2
    assert not bootstrap.VENV.exists()
    assert "python3-venv" in capsys.readouterr().err


def test_a_full_disk_is_a_sentence(bootstrap, monkeypatch, capsys):
    def full(folder, with_pip):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bootstrap.venv, "create", full)
    assert bootstrap.main() == 2
    error = capsys.readouterr().err
    assert "No space left on device" in error
    assert "Traceback" not in error


def test_the_stamp_follows_extras_and_sources(bootstrap):
    assert not bootstrap.is_current("")
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    bootstrap.STAMP.write_text(bootstrap.fingerprint(bootstrap.EXTRAS["test"]))
    assert bootstrap.is_current("")  # what the tests need is enough to run
    assert bootstrap.is_current(bootstrap.EXTRAS["test"])
    bootstrap.STAMP.write_text(bootstrap.fingerprint(bootstrap.EXTRAS["run"]))
    assert not bootstrap.is_current(bootstrap.EXTRAS["test"])
