"""The shell is painted before anything heavy is imported."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = """
import sys, tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
from workstation.ui.application import application
from workstation.ui.main_window import MainWindow
from workstation.workspace.settings import Settings
app = application()
window = MainWindow(Settings(Path(tempfile.mkdtemp())))
window.show()
window.grab()
heavy = [m for m in ("numpy", "pyqtgraph", "openpyxl", "python_calamine", "reportlab", "highspy",
                     "rapidfuzz", "workstation.workspace.session") if m in sys.modules]
print(window.isVisible(), *heavy)
"""


def test_the_shell_needs_no_heavy_library():
    done = subprocess.run([sys.executable, "-c", SHELL], capture_output=True, text=True, cwd=ROOT,
                          timeout=60, check=True)
    assert done.stdout.split() == ["True"]
