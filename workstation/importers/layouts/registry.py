"""Every layout the importer knows, in the order they are tried."""

from __future__ import annotations

from workstation.importers.layouts import tabular
from workstation.importers.layouts.protocol import Layout

LAYOUTS: tuple[Layout, ...] = (
    Layout("position table", tabular.matches, tabular.read),
)
