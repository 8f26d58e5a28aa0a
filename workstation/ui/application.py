"""Start the window: paint the shell first, then open what was asked for."""

from __future__ import annotations

import logging
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from workstation import __version__
from workstation.ui.copying import release_clipboard
from workstation.ui.icons import application_icon
from workstation.ui.main_window import MainWindow
from workstation.ui.mishap import report_mishaps
from workstation.ui.warming import ENGINE, warm

log = logging.getLogger(__name__)
SMOKE_LIMIT_MS = 60_000
WARM_AFTER_MS = 200
"""The engine is imported once the shell stands, while a file is being chosen."""
SWITCH_SECONDS = 0.001
"""How long a computing thread may keep the interpreter from the window's thread."""


def main(path: Path | None, *, smoke: bool = False) -> int:
    """Open the window, on a file if one is given; return the exit status.

    With `smoke` the sample client is opened and reviewed, and the window closes: 0 if the review
    was complete enough to show figures, 3 if not.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    app = application()
    window = MainWindow()
    report_mishaps(window.banner)
    window.show()
    if smoke:
        _smoke(app, window, path)
    elif path is not None:
        QTimer.singleShot(0, window, lambda: window.opening.open_path(path))
    else:
        QTimer.singleShot(0, window, window.opening.recovering.offer_unsaved)
        QTimer.singleShot(WARM_AFTER_MS, window, partial(warm, ENGINE))
    app.aboutToQuit.connect(release_clipboard)
    return app.exec()


def application() -> QApplication:
    """Return the one application object, named for the desktop it runs on."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QCoreApplication.setApplicationName("crossmargin")
    QCoreApplication.setApplicationVersion(__version__)
    app = QApplication(sys.argv[:1])
    app.setApplicationDisplayName("Crossmargin")
    app.setDesktopFileName("crossmargin")
    app.setWindowIcon(application_icon())
    return app


def _smoke(app: QApplication, window: MainWindow, path: Path | None) -> None:
    """Review the sample client (or the file given) and leave."""

    def leave(status: int) -> None:
        window.opening.stop()
        window.desk.stop()
        app.exit(status)

    window.desk.run_changed.connect(lambda: leave(0))
    window.desk.failed.connect(lambda _: leave(3))
    window.opening.refused.connect(lambda _: leave(2))
    QTimer.singleShot(SMOKE_LIMIT_MS, window, lambda: leave(3))
    start = window.opening.open_sample if path is None else (
        lambda: window.opening.open_path(path))
    QTimer.singleShot(0, window, start)
