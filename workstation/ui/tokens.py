"""The colour tokens of the window, light and dark, and what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PaletteName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One palette, as `#RRGGBB` text; states are always shown with a pattern or a word as well.

    `surface` is the background, `raised` the docks and tables, `line` the hairlines between them.
    `granted`, `partial`, `denied` and `excluded` are the states of an offset, a limit or a row.
    `silos` are categorical and mean the same account family everywhere.
    """

    name: PaletteName
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    granted: str
    partial: str
    denied: str
    excluded: str
    what_if: str
    silos: Mapping[str, str]

    @property
    def selection(self) -> str:
        """Background of selected rows: the accent, thinned so that text keeps its contrast."""
        return mixed(self.accent, self.raised, 0.20)

    @property
    def hover(self) -> str:
        """Background under the pointer."""
        return mixed(self.accent, self.raised, 0.08)

    @property
    def grid(self) -> str:
        """Lines inside tables and charts, fainter than the hairline between docks."""
        return mixed(self.line, self.raised, 0.60)


LIGHT = Tokens(
    "light",
    surface="#FBFBFA", raised="#FFFFFF", line="#E3E2DE", text="#1B1C1E", muted="#63666B",
    accent="#0B5CAD", granted="#00795A", partial="#986000", denied="#B3400F",
    excluded="#8A4F9E", what_if="#B0185C",
    silos={
        "securities": "#0072B2", "futures": "#C07F00", "swaps": "#008A63",
        "security-based swaps": "#2A86BF", "crypto": "#B45F90", "programmes": "#757575",
    },
)
DARK = Tokens(
    "dark",
    surface="#16181B", raised="#1D2024", line="#2E3238", text="#E8E8E6", muted="#9A9EA5",
    accent="#6CB2F0", granted="#3CC79A", partial="#F0B040", denied="#F0814F",
    excluded="#C99BDB", what_if="#F06FA8",
    silos={
        "securities": "#4FA3DB", "futures": "#E69F00", "swaps": "#2FBF95",
        "security-based swaps": "#7CC7F0", "crypto": "#D79ABD", "programmes": "#9A9A9A",
    },
)
PALETTES: Mapping[str, Tokens] = {"light": LIGHT, "dark": DARK}


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of a `#RRGGBB` colour."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(front: str, back: str, share: float) -> str:
    """Return the colour seen when `share` of `front` covers `back`."""
    pairs = zip(channels(front), channels(back), strict=True)
    return "#" + "".join(f"{round(share * f + (1 - share) * b):02X}" for f, b in pairs)


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2: 0 for black, 1 for white."""
    red, green, blue = (_linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
