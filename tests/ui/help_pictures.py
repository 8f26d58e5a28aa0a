"""Take the pictures of the guide and the README again.

python -m tests.ui.help_pictures [OUT]   (resources/help unless told)
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.ui.screenshots import grab, opened, spin
from workstation.ui.application import application
from workstation.ui.help.pages import folder
from workstation.workspace.session import sample_books

SIZE = (1440, 900)


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    application()
    window = opened(next(p for p in sample_books() if "macro" in p.stem))
    window.resize(*SIZE)
    window.banner.hide()
    window.commands["view.reset_layout"].trigger()
    spin(0.5)
    position = next(p for p in window.desk.book.positions if p.instrument.option is not None)
    window.navigation.explain_position(position.where)
    window.docks.bring("bridge")
    window.positions.view.setFocus()
    window.status.state.setText("")  # how long it took differs by machine
    for palette in ("light", "dark"):
        grab(window, out, f"window-{palette}")
        window.commands["view.palette"].trigger()
        spin(0.2)
    for name, dock in (("stress", "curves"), ("collateral", "collateral"), ("cascade", "cascade")):
        window.use_perspective(name)
        spin(0.3)
        if dock == "curves":
            with_curves(window)
        grab(window, out, f"perspective-{name}")
    window.desk.stack.clear()
    window.close()


def with_curves(window):
    dock = window.docks.bring("curves")
    dock.button.click()
    while dock.found is None:
        spin(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else folder())
