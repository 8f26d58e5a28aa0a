"""Grab the window and every dock, in both palettes, for a human to look at.

python -m tests.ui.screenshots OUT [FILE]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from workstation.ui.application import application
from workstation.ui.dock_host import DOCKS
from workstation.ui.main_window import MainWindow
from workstation.ui.perspectives import PERSPECTIVES
from workstation.workspace.session import sample_books
from workstation.workspace.settings import Settings


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def opened(path):
    window = MainWindow(Settings(Path(tempfile.mkdtemp())))
    window.resize(1600, 1000)
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


def main(out, path):
    out.mkdir(parents=True, exist_ok=True)
    app = application()
    window = opened(path)
    for palette in ("light", "dark"):
        for name in PERSPECTIVES:
            window.commands[f"view.perspective.{name}"].trigger()
            spin(0.05)
            grab(window, out, f"{palette}-window-{name}")
        for spec in DOCKS:
            window.docks.bring(spec.id)
            grab(window.docks.frames[spec.id], out, f"{palette}-dock-{spec.id}")
        window.commands["view.palette"].trigger()
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
    window.desk.stack.clear()
    window.close()


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    macro = next(p for p in sample_books() if "macro" in p.stem)
    main(given[0], given[1] if len(given) > 1 else macro)
