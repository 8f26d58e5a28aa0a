"""Import what will be wanted while the analyst looks elsewhere, not when it is wanted."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

CHARTS = "pyqtgraph"
ENGINE = "workstation.workspace.session"
_begun: dict[str, Thread] = {}


def warm(module: str = CHARTS) -> None:
    """Begin importing on a thread of its own, once; whoever needs it sooner waits for it."""
    if module not in _begun:
        _begun[module] = Thread(target=import_module, args=(module,), daemon=True,
                                name=f"warming {module}")
        _begun[module].start()
