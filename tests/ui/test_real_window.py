"""The window on a virtual X display, driven in a process of its own."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST_DISPLAY = 90


@pytest.fixture
def display():
    """A virtual screen; skips where there is no Xvfb."""
    binary = shutil.which("Xvfb")
    if binary is None:
        pytest.skip("Xvfb is not installed")
    for number in range(FIRST_DISPLAY, FIRST_DISPLAY + 40):
        if Path(f"/tmp/.X11-unix/X{number}").exists() or Path(f"/tmp/.X{number}-lock").exists():
            continue
        server = subprocess.Popen([binary, f":{number}", "-screen", "0", "1920x1200x24",
                                   "-nolisten", "tcp"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if _is_ready(server, number):
                yield f":{number}"
                return
        finally:
            server.terminate()
            server.wait(10)
    pytest.skip("no display number is free")


def _is_ready(server, number):
    end = time.monotonic() + 10
    while time.monotonic() < end and server.poll() is None:
        if Path(f"/tmp/.X11-unix/X{number}").exists():
            return True
        time.sleep(0.05)
    return False


def driven(module, display, folder):
    """Run a driver on the display and return what it printed."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
                   "PYTHONPATH": str(ROOT), "CROSSMARGIN_SETTINGS": str(folder / "settings")}
    done = subprocess.run([sys.executable, "-m", module, str(folder)], cwd=ROOT, env=environment,
                          capture_output=True, text=True, timeout=120, check=False)
    if "could not load the Qt platform plugin" in done.stderr.lower():
        pytest.skip("Qt's xcb plug-in lacks a system library here")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.xvfb
def test_drop_explain_edit_undo_save_reopen(display, tmp_path):
    assert "saved, reopened and recomputed" in driven("tests.ui.real_window", display, tmp_path)


@pytest.mark.xvfb
def test_preview_map_correct_profile_update_undo(display, tmp_path):
    assert "updated by profile and taken back" in driven("tests.ui.real_import", display, tmp_path)


@pytest.mark.xvfb
def test_a_whole_day_by_keyboard_and_pointer(display, tmp_path):
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is not installed")
    assert "the whole day" in driven("tests.ui.real_day", display, tmp_path)
