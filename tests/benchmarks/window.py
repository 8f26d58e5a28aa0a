"""Times of the window, as JSON: start, first look at every panel, palette, perspectives, scrolling.

python -m tests.benchmarks.window [ROWS]

Each time is given twice, in ms: on the clock, and as this process's own processor time, which says
more on a machine that is busy with other work.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[2]
STARTS, TURNS, FRAMES = 5, 4, 120
START = """
import json, os, sys, time
from pathlib import Path
begun = time.perf_counter(), time.process_time()
said = {}
def mark(name):
    said[name] = [round(1000 * (time.perf_counter() - begun[0]), 1),
                  round(1000 * (time.process_time() - begun[1]), 1)]
from PySide6.QtWidgets import QApplication, QTableView
from workstation.ui.application import application
app = application()
mark("interpreter and Qt")
from workstation.ui.main_window import MainWindow
from workstation.workspace.settings import Settings
window = MainWindow(Settings(Path(sys.argv[1])))
window.show()
app.processEvents()
mark("shell painted")
window.opening.open_path(Path(sys.argv[2]))
end = time.monotonic() + 60
while not window.desk.is_current and time.monotonic() < end:
    app.processEvents()
    time.sleep(0.001)
app.processEvents()
mark("figures shown")
for _ in range(20):
    app.processEvents()
mark("ready")
print(json.dumps(said))
os._exit(0)
"""


def measured(act):
    """Return what an act takes with the events it causes, clock and processor, in ms."""
    clock, worked = time.perf_counter(), time.process_time()
    act()
    for _ in range(4):
        QApplication.processEvents()
    return round(1000 * (time.perf_counter() - clock), 1), round(
        1000 * (time.process_time() - worked), 1)


def least(times):
    clock, worked = (min(column) for column in zip(*times, strict=True))
    return {"clock": clock, "processor": worked}


def starts(book):
    """Return the times from the start of a fresh process, the least of several."""
    found = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, "-c", START, folder, str(book)], cwd=ROOT,
                                  capture_output=True, text=True, check=True,
                                  env={**os.environ, "PYTHONPATH": str(ROOT)})
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return {name: least([each[name] for each in found]) for name in found[0]}


def panels(window):
    """Return the first and the second look at every panel."""
    from workstation.ui.dock_host import DOCKS

    first, again = {}, {}
    for times in (first, again):
        for spec in DOCKS:
            clock, worked = measured(lambda i=spec.id: window.docks.bring(i))
            times[spec.id] = {"clock": clock, "processor": worked}
    return {"first": first, "again": again}


def turned(window, command):
    return least([measured(window.commands[command].trigger) for _ in range(TURNS)])


def perspectives(window):
    from workstation.ui.perspectives import PERSPECTIVES

    times = {name: [] for name in PERSPECTIVES}
    for _ in range(TURNS):
        for name, found in times.items():
            found.append(measured(window.commands[f"view.perspective.{name}"].trigger))
    return {name: least(found) for name, found in times.items()}


def scrolling(count):
    """Return a frame of scrolling a long table by three rows, and by a page."""
    from tests.benchmarks.table import COLUMNS, rows
    from workstation.results.table import Table
    from workstation.ui.table_model import TableModel
    from workstation.ui.table_view import TableView

    model = TableModel()
    view = TableView(model, "Rows")
    model.show(Table("Rows", COLUMNS, rows(count)))
    view.resize(900, 1000)
    view.show()
    found = {}
    for name, step in (("three rows", 3), ("a page", 43)):
        frames = [measured(lambda n=n, s=step: view.verticalScrollBar().setValue(n * s))
                  for n in range(1, FRAMES)]
        found[name] = {"clock": round(sum(f[0] for f in frames) / len(frames), 2),
                       "processor": round(sum(f[1] for f in frames) / len(frames), 2),
                       "worst, processor": max(f[1] for f in frames)}
    return found


def main(count):
    from tests.ui.screenshots import opened, spin
    from workstation.workspace.session import sample_books

    book = next(path for path in sample_books() if "macro" in path.stem)
    found = {"start": starts(book)}
    from workstation.ui.application import application

    application()
    window = opened(book)
    spin(0.5)
    found["panels"] = panels(window)
    found["palette, every panel built"] = turned(window, "view.palette")
    found["perspectives"] = perspectives(window)
    found[f"scroll {count:,} rows"] = scrolling(count)
    print(json.dumps(found, indent=1))
    window.desk.stack.clear()
    window.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
