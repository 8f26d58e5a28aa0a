"""The colours of paper: the light palette's tokens, the same in memo and workbook."""

from __future__ import annotations

from workstation.results.silos import Silo

TEXT = "#1B1C1E"
MUTED = "#63666B"
LINE = "#E3E2DE"
HEADER = "#F1F0EC"
ACCENT = "#0B5CAD"
GRANTED = "#00795A"
PARTIAL = "#986000"
DENIED = "#B3400F"
EXCLUDED = "#8A4F9E"

SILOS = {
    Silo.SECURITIES: "#0072B2",
    Silo.FUTURES: "#C07F00",
    Silo.SWAPS: "#008A63",
    Silo.SECURITY_BASED_SWAPS: "#2A86BF",
    Silo.CRYPTO: "#B45F90",
    Silo.PROGRAMMES: "#757575",
}

_STATUSES = {
    "granted": GRANTED, "partial": PARTIAL, "denied": DENIED, "excluded": EXCLUDED,
    "incomplete": EXCLUDED, "price missing": EXCLUDED, "not margined": EXCLUDED,
    "error": DENIED, "warning": PARTIAL,
}


def of_status(status: str) -> str | None:
    """Return the colour of a status by its first words, None where it needs none."""
    return next((ink for word, ink in _STATUSES.items() if status.startswith(word)), None)
