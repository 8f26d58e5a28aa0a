"""Grab the window and every dock, in both palettes, for a human to look at.

python -m tests.ui.screenshots OUT [FILE] [--size 1366x768] [--scale 2] [--text 150] [--only window]
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if "--scale" in sys.argv:  # before Qt is imported
    os.environ["QT_SCALE_FACTOR"] = sys.argv[sys.argv.index("--scale") + 1]

from PySide6.QtWidgets import QApplication

from workstation.ui.application import application
from workstation.ui.dock_host import DOCKS
from workstation.ui.main_window import MainWindow
from workstation.ui.perspectives import PERSPECTIVES
from workstation.workspace.session import sample_books
from workstation.workspace.settings import Settings

SETTLE = 0.6
"""Seconds in which a perspective finds its place and fills its panels."""


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def opened(path, size=(1600, 1000), text=100):
    settings = Settings(Path(tempfile.mkdtemp()))
    settings["view.text"] = text
    window = MainWindow(settings)
    window.resize(*size)
    window.show()
    window.opening.open_path(path)
    end = time.monotonic() + 30
    while window.desk.run is None and time.monotonic() < end:
        spin(0.05)
    if window.desk.run is None:
        sys.exit(f"{path}: no run; {window.banner.text()}")
    return window


def grab(widget, out, name):
    spin(0.1)
    widget.grab().save(str(out / f"{name}.png"))


def palettes(window, out, only):
    """Grab every perspective and every dock in both palettes."""
    for palette in ("light", "dark"):
        for name in PERSPECTIVES:
            window.commands[f"view.perspective.{name}"].trigger()
            spin(SETTLE)
            grab(window, out, f"{palette}-window-{name}")
        for spec in DOCKS if only == "everything" else ():
            window.docks.bring(spec.id)
            grab(window.docks.frames[spec.id], out, f"{palette}-dock-{spec.id}")
        window.commands["view.palette"].trigger()


def main(out, path, size=(1600, 1000), text=100, only="everything"):
    out.mkdir(parents=True, exist_ok=True)
    app = application()
    window = opened(path, size, text)
    palettes(window, out, only)
    if only == "everything":
        dialogs(app, window, out)
    window.desk.stack.clear()
    window.close()


def dialogs(app, window, out):
    """Grab a small window, and the dialogs that need no answer."""
    window.resize(1280, 720)
    window.commands["view.perspective.review"].trigger()
    window.commands["view.reset_layout"].trigger()
    grab(window, out, "light-window-1280")
    for id_, name in (("help.palette", "Finder"), ("help.guide", "HelpBrowser"),
                      ("help.about", "AboutDialog"),
                      ("help.coverage", "CoverageDialog"), ("file.risk_files", "RiskFilesDialog")):
        window.commands[id_].trigger()
        spin(0.1)
        dialog = next(w for w in app.topLevelWidgets()
                      if type(w).__name__ == name and w.isVisible())
        grab(dialog, out, f"light-{id_.replace('.', '-')}")
        dialog.close()


def asked():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--text", type=int, default=100)
    parser.add_argument("--only", choices=("everything", "window"), default="everything")
    return parser.parse_args()


if __name__ == "__main__":
    call = asked()
    macro = next(p for p in sample_books() if "macro" in p.stem)
    wide, _, high = call.size.partition("x")
    main(call.out, call.file or macro, (int(wide), int(high)), call.text, call.only)
