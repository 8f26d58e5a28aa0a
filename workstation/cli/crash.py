"""What happens to a bug: a report file and one sentence instead of a traceback."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from workstation import __version__

INTERNAL_ERROR = 3


def install_crash_report() -> None:
    """Let every uncaught exception end in a report file and exit status 3."""
    sys.excepthook = _report


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit("crossmargin: stopped")
    path = write_report(error, trace)
    print(f"crossmargin: internal error ({kind.__name__}); please send the report {path}",
          file=sys.stderr)
    sys.exit(INTERNAL_ERROR)


def write_report(error: BaseException, trace: TracebackType | None) -> Path:
    """Write versions and the traceback (no account data) to a new file and return its path."""
    lines = [f"Crossmargin {__version__}, Python {platform.python_version()}, "
             f"{platform.platform()}", "",
             *traceback.format_exception(type(error), error, trace)]
    with tempfile.NamedTemporaryFile("w", prefix="crossmargin-report-", suffix=".txt",
                                     delete=False, encoding="utf-8") as file:
        file.write("\n".join(lines))
    return Path(file.name)
