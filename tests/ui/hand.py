"""A hand at a real display: pointer and keys through xdotool, eyes in the window's own thread.

The hand works in a thread of its own, so that dialogs which wait for an answer can be answered.
"""

import subprocess
import sys
import threading
import time
import traceback

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QComboBox, QTabBar

PATIENCE = 20.0
GLANCE = 0.03


class _Eyes(QObject):
    """Runs what it is asked in the thread of the window, also while a dialog waits."""

    asked = Signal(object)

    def __init__(self):
        super().__init__()
        self.asked.connect(self._look, Qt.ConnectionType.BlockingQueuedConnection)

    @Slot(object)
    def _look(self, look):
        look()


class Hand:
    """Moves the pointer and types; `see` looks at the window in between."""

    def __init__(self):
        self._eyes = _Eyes()  # made in the window's thread

    # Looking ------------------------------------------------------------------------------

    def see(self, look):
        """Return what `look` finds in the window's thread; its errors are raised here."""
        found = []

        def run():
            try:
                found.append((look(), None))
            except Exception as error:  # noqa: BLE001 - raised again in the hand's thread
                found.append((None, error))

        self._eyes.asked.emit(run)
        value, error = found[0]
        if error is not None:
            raise error
        return value

    def wait(self, truth, what):
        """Look until something is true, and return it."""
        end = time.monotonic() + PATIENCE
        while True:
            found = self.see(truth)
            if found:
                return found
            assert time.monotonic() < end, f"waited in vain for {what}"
            time.sleep(GLANCE)

    def dialog(self, kind):
        """Wait for a dialog of a class, give it the keyboard, and return it."""
        found = self.wait(lambda: next(
            (w for w in QApplication.topLevelWidgets()
             if type(w).__name__ == kind and w.isVisible()), None), f"the dialog {kind}")
        self.focus(found)
        return found

    # Keys ---------------------------------------------------------------------------------

    def focus(self, window):
        """Give a window the keyboard of the display, as a window manager would."""
        for _ in range(5):
            self._do("windowfocus", "--sync", str(self.see(lambda: int(window.winId()))))
            if self.see(window.isActiveWindow):
                return
            time.sleep(GLANCE)
        raise AssertionError(f"{type(window).__name__} never got the keyboard")

    def press(self, *keys, rest=True):
        """Press key combinations such as ctrl+s; without rest where the window may be gone."""
        self._do("key", "--delay", "8", *keys)
        if rest:
            self._rest()

    def write(self, text):
        """Type a text."""
        self._do("type", "--delay", "4", "--", text)
        self._rest()

    # Pointer ------------------------------------------------------------------------------

    def click(self, widget, at=None, times=1):
        """Click into the middle of a widget, or at a point of it."""
        self.point(widget, at)
        self._do("click", "--repeat", str(times), "--delay", "40", "1")
        self._rest()

    def point(self, widget, at=None):
        """Move the pointer over a widget; it must be what the pointer meets there."""
        def place():
            assert widget.isVisible(), f"{widget.accessibleName() or widget} is not on the screen"
            inner = at if at is not None else widget.rect().center()
            spot = widget.mapToGlobal(QPoint(inner))
            met = QApplication.widgetAt(spot)
            assert met is widget or widget.isAncestorOf(met), (
                f"{met} covers {widget.accessibleName() or widget}")
            return spot.x(), spot.y()

        self._do("mousemove", *map(str, self.see(place)))

    def drag(self, start, end):
        """Carry what is under one point of the screen to another."""
        self._do("mousemove", *map(str, start))
        self._do("mousedown", "1")
        for part in range(1, 9):
            x, y = (a + (b - a) * part // 8 for a, b in zip(start, end, strict=True))
            self._do("mousemove", str(x), str(y))
            time.sleep(GLANCE)
        self._do("mouseup", "1")
        self._rest()

    # Widgets ------------------------------------------------------------------------------

    def cell(self, view, row, column, times=1):
        """Click a cell of a table."""
        def spot():
            index = view.model().index(row, column)
            view.scrollTo(index)
            return view.visualRect(index).center()

        self.click(view.viewport(), self.see(spot), times)

    def tab(self, bar_with, text):
        """Click the tab whose words begin with a text, on any bar inside a widget."""
        def find():
            for bar in bar_with.findChildren(QTabBar):
                for number in range(bar.count()):
                    if bar.isVisible() and bar.tabText(number).startswith(text):
                        return bar, bar.tabRect(number).center()
            return None

        bar, at = self.wait(find, f"the tab {text}")
        self.click(bar, at)

    def choose(self, box: QComboBox, text):
        """Open a list and take an entry by typing the start of its words."""
        self.click(box)
        self.wait(lambda: box.view().isVisible(), "the open list")
        self.write(text)
        self.press("Return")
        self.wait(lambda: not box.view().isVisible(), "the closed list")
        assert self.see(box.currentText).lower().startswith(text.lower()), self.see(
            box.currentText)

    def entry(self, menu, text):
        """Click an entry of an open menu by the start of its words."""
        def spot():
            action = next(a for a in menu.actions() if a.text().startswith(text))
            assert action.isEnabled(), text
            return menu.actionGeometry(action).center()

        self.click(menu, self.see(spot))

    @staticmethod
    def _do(*words):
        subprocess.run(["xdotool", *words], check=True, timeout=PATIENCE)

    def _rest(self):
        """Let the window take what was typed before looking again."""
        time.sleep(GLANCE)
        self.see(lambda: None)


def work(deed, open_window):
    """Do a deed with a hand beside the event loop; return 0 when it came to its end."""
    hand, ended = Hand(), []

    def run():
        try:
            deed(hand)
            ended.append("well")
        except BaseException:  # noqa: BLE001 - printed, and the status says so
            traceback.print_exc()
            hand.see(lambda: QApplication.exit(1))

    thread = threading.Thread(target=run, daemon=True)
    status = open_window(thread.start)
    thread.join(PATIENCE)
    sys.stdout.flush()
    return 0 if ended and status == 0 else 1
