"""The colours of paper: the light palette's tokens, the same in memo and workbook."""

from __future__ import annotations

from workstation.results.silos import Silo

WHITE = "#FFFFFF"
TEXT = "#1B1C1E"
MUTED = "#63666B"
LINE = "#E3E2DE"
HEADER = "#F1F0EC"
ACCENT = "#0B5CAD"
GRANTED = "#00795A"
PARTIAL = "#986000"
DENIED = "#B3400F"
EXCLUDED = "#8A4F9E"
DARK_CHANNEL = 0.04045

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


def on(ground: str) -> str:
    """Return the text colour that reads better on a ground: white or the text's own."""
    return max((WHITE, TEXT), key=lambda text: contrast(text, ground))


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= DARK_CHANNEL else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(front: str, back: str, share: float) -> str:
    """Return the colour seen when `share` of `front` covers `back`."""
    pairs = ((int(front[i:i + 2], 16), int(back[i:i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(f * share + b * (1 - share)):02X}" for f, b in pairs)


PAPER = {
    "surface": WHITE, "header": HEADER, "line": LINE, "text": TEXT, "muted": MUTED,
    "accent": ACCENT, "granted": GRANTED, "partial": PARTIAL, "denied": DENIED,
    "excluded": EXCLUDED, "what_if": "#B0185C",
    **{f"silo:{silo}": colour for silo, colour in SILOS.items()},
}
"""The light tokens by name; paper is always light."""
NIGHT = {
    "surface": "#16181B", "header": "#24282D", "line": "#2E3238", "text": "#E8E8E6",
    "muted": "#9A9EA5", "accent": "#6CB2F0", "granted": "#3CC79A", "partial": "#F0B040",
    "denied": "#F0814F", "excluded": "#C99BDB", "what_if": "#F06FA8",
    "silo:securities": "#4FA3DB", "silo:futures": "#E69F00", "silo:swaps": "#2FBF95",
    "silo:security-based swaps": "#7CC7F0", "silo:crypto": "#D79ABD",
    "silo:programmes": "#9A9A9A",
}
"""The dark tokens by the same names, for the screen."""
UPON = "on:"


def token(name: str, palette: dict[str, str] = PAPER) -> str:
    """Return the colour of a token; `on:NAME` is the text that reads upon it."""
    if name.startswith("#"):
        return name
    if name.startswith(UPON):
        return on(token(name.removeprefix(UPON), palette))
    return palette[name]
