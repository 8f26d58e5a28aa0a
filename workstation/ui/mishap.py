"""A bug in the window: written to a report and said in a sentence; the open review stays."""

from __future__ import annotations

import logging
import platform
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from workstation import __version__
from workstation.ui.banner import Banner

log = logging.getLogger(__name__)


def report_mishaps(banner: Banner) -> None:
    """Show every uncaught exception in the banner instead of ending the application."""

    def report(kind: type[BaseException], error: BaseException,
               trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.exit("crossmargin: stopped")
        path = written(error, trace)
        log.error("internal error, report %s", path)
        banner.error(f"Internal error ({kind.__name__}). Save the review under another name; "
                     f"please send the report {path}.")

    sys.excepthook = report


def written(error: BaseException, trace: TracebackType | None) -> Path:
    """Write versions and the traceback (no account data) to a new file and return its path."""
    lines = [f"Crossmargin {__version__}, Python {platform.python_version()}, "
             f"{platform.platform()}", "", *traceback.format_exception(type(error), error, trace)]
    with tempfile.NamedTemporaryFile("w", prefix="crossmargin-report-", suffix=".txt",
                                     delete=False, encoding="utf-8") as file:
        file.write("\n".join(lines))
    return Path(file.name)
