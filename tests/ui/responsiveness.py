"""How long the window's thread works without returning to its event loop, in processor time.

Processor time of the thread is what our own code costs, whatever else the machine does; it is
scaled by a fixed piece of work, so that a slow processor is not taken for slow code.
"""

import time
from contextlib import contextmanager

from PySide6.QtCore import QAbstractEventDispatcher

REFERENCE_SECONDS = 0.020
"""What `calibration` takes on the machine the limit was set on, idle."""


def calibration():
    """Return how much slower than the reference this machine is now, at least 1."""
    best = 1.0
    for _ in range(5):
        start = time.thread_time()
        total = 0
        for number in range(400_000):
            total += number & 7
        best = min(best, time.thread_time() - start) if best < 1.0 else time.thread_time() - start
    return max(1.0, best / REFERENCE_SECONDS)


class Watch:
    """Collects the work of each turn of the event loop.

    A thread that sleeps spends no processor time, so it does not matter on which side of its
    sleep a turn's work is done: that differs between event dispatchers.
    """

    def __init__(self):
        self.stretches = []
        self.doing = ""
        self._since = time.thread_time()

    def turn(self):
        now = time.thread_time()
        self.stretches.append((now - self._since, self.doing))
        self._since = now

    def above(self, seconds):
        return [(round(spent * 1000), doing) for spent, doing in self.stretches if spent > seconds]

    def longest(self):
        """Return the longest turn of each thing done."""
        found = {}
        for spent, doing in self.stretches:
            found[doing] = max(spent, found.get(doing, 0.0))
        return found


@contextmanager
def watching():
    """Watch the event loop of this thread."""
    watch, dispatcher = Watch(), QAbstractEventDispatcher.instance()
    dispatcher.awake.connect(watch.turn)
    dispatcher.aboutToBlock.connect(watch.turn)
    try:
        yield watch
    finally:
        watch.turn()
        dispatcher.awake.disconnect(watch.turn)
        dispatcher.aboutToBlock.disconnect(watch.turn)
