"""Import the chart library while the analyst reads the first figures, not when it is wanted."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

CHARTS = "pyqtgraph"
_begun: list[Thread] = []


def warm() -> None:
    """Begin importing on a thread of its own, once; whoever needs a chart sooner waits for it."""
    if not _begun:
        _begun.append(Thread(target=import_module, args=(CHARTS,), daemon=True, name="warming"))
        _begun[0].start()
