"""Import what will be wanted while the analyst looks elsewhere, not when it is wanted."""

from __future__ import annotations

import gc
from importlib import import_module
from threading import Thread

CHARTS = "pyqtgraph"
ENGINE = "workstation.workspace.session"
_begun: dict[str, Thread] = {}


def _import_charts() -> None:
    """Import with the garbage collector at rest.

    A collection on another thread may walk Qt classes that the import has only half made, which
    ends the process.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        import_module(CHARTS)
    finally:
        if was_on:
            gc.enable()


def warm(module: str = CHARTS) -> None:
    """Begin importing on a thread of its own, once; whoever needs it sooner waits for it."""
    if module not in _begun:
        work = _import_charts if module == CHARTS else lambda: import_module(module)
        _begun[module] = Thread(target=work, daemon=True, name=f"warming {module}")
        _begun[module].start()
