"""A review rich enough for every dock: silos, designs, denied offsets, lots, a cascade."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from tests.ui.docks import sample
from workstation.ui import theme, tokens


@pytest.fixture(scope="session")
def run():
    return sample.run()


@pytest.fixture
def shown(qtbot):
    """Show a widget at a size inside a bare holder, which asks the platform for no size hints."""
    holders = []

    def show(widget, wide=900, high=600):
        holder = QWidget()
        holders.append(holder)
        widget.setParent(holder)
        holder.resize(wide, high)
        widget.setGeometry(0, 0, wide, high)
        holder.show()
        qtbot.waitExposed(holder)
        return widget

    yield show
    for holder in holders:
        holder.close()
        holder.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(params=["light", "dark"])
def palette(request, qapp):
    """Each palette in turn; the light one again afterwards."""
    theme.apply(qapp, request.param)
    yield tokens.PALETTES[request.param]
    theme.apply(qapp, "light")
