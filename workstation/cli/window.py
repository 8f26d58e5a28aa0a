"""The one command that needs Qt."""

from __future__ import annotations

import argparse
import os
import sys

from workstation.base.problem import Problem, UnusableInputError


def open_window(arguments: argparse.Namespace) -> int:
    """Open the window, or say what to do where there is no display."""
    if not _has_display():
        raise UnusableInputError(Problem(
            "Display", "there is no screen to open a window on",
            "run `crossmargin review FILE` for the same review without a window"))
    from workstation.ui.application import main

    return main(arguments.file, smoke=arguments.smoke)


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
