"""The fonts of paper: Noto Sans embedded, and the reader's own fonts for East Asian scripts.

Noto Sans (SIL Open Font License 1.1) has Latin, Greek and Cyrillic with tabular figures; only the
glyphs used are put into a file. Chinese, Japanese and Korean names are set in fonts a PDF reader
brings along. Scripts that have to be shaped (Arabic, Devanagari, Thai) print as question marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any

from workstation.base.resources import resource_root

PLAIN, BOLD = "CrossmarginSans", "CrossmarginSans-Bold"
FILES = {PLAIN: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
JAPANESE, CHINESE, KOREAN = "HeiseiKakuGo-W5", "STSong-Light", "HYGothic-Medium"
_SPELT = str.maketrans({"−": "-", "≥": ">=", "≤": "<=", "≈": "~", "→": "->", "□": "?", "√": "sqrt"})
_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x109F), (0x1780, 0x17FF))
ELLIPSIS = "…"


@cache
def register() -> Any:
    """Make the fonts known to reportlab, once; returns the characters Noto Sans has."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(resource_root() / "fonts" / file)))
    for name in (JAPANESE, CHINESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return frozenset(pdfmetrics.getFont(PLAIN).face.charToGlyph)


def printable(text: str) -> str:
    """Return a text on one line in characters that can be set; others become question marks."""
    plain = " ".join(text.translate(_SPELT).split())
    if plain.isascii():
        return "".join(c if c.isprintable() else "?" for c in plain)
    plain = unicodedata.normalize("NFC", plain)
    return "".join(c if _settable(c) else _nearest(c) for c in plain)


def scripts_lost(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the scripts of which texts have characters that print as ?."""
    lost = {c for text in texts if not text.isascii() for c in unicodedata.normalize("NFC", text)
            if c.isalnum() and not _settable(c) and _nearest(c) == "?"}
    return tuple(sorted({unicodedata.name(c, "UNKNOWN").split()[0].title() for c in lost}))


def _settable(char: str) -> bool:
    code = ord(char)
    if any(low <= code <= high for low, high in _SHAPED):
        return False
    return code in register() or bool(_east_asian(char))


def _nearest(char: str) -> str:
    """Return a character's compatible form where that can be set."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain != char and all(map(_settable, plain)) else "?"


def _east_asian(char: str) -> str:
    """Return the script of an East Asian character, empty for any other."""
    code = ord(char)
    if 0x3040 <= code <= 0x30FF:  # noqa: PLR2004 - Unicode blocks
        return JAPANESE
    if 0xAC00 <= code <= 0xD7A3:  # noqa: PLR2004
        return KOREAN
    if 0x3000 <= code <= 0x303F or 0x4E00 <= code <= 0x9FFF or 0xFF00 <= code <= 0xFFEF:  # noqa: PLR2004
        return CHINESE
    return ""


def runs(text: str, *, bold: bool = False) -> list[tuple[str, str]]:
    """Return a printable text as pieces of one font each."""
    own = BOLD if bold else PLAIN
    if text.isascii():
        return [(own, text)]
    script = JAPANESE if any(_east_asian(c) == JAPANESE for c in text) else CHINESE

    def font(char: str) -> str:
        found = _east_asian(char)
        if not found or ord(char) in register():
            return own
        return script if found == CHINESE else found

    return [(name, "".join(chars)) for name, chars in groupby(text, font)]


@cache
def _measures() -> Any:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    register()
    return stringWidth


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a printable text in points."""
    return float(sum(_unit_width(font, piece) for font, piece in runs(text, bold=bold))) * size


@cache
def _unit_width(font: str, text: str) -> float:
    return float(_measures()(text, font, 1.0))


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return a text cut to a width in points."""
    shown = printable(text)
    if width_of(shown, size, bold=bold) <= room:
        return shown
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(shown[:middle].rstrip() + ELLIPSIS, size, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return shown[:low].rstrip() + ELLIPSIS


def wrapped(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """Return a text on up to `most` lines of a width; the last is cut where more is left."""
    words = printable(text).split(" ")
    lines: list[str] = []
    line = ""
    for place, word in enumerate(words):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= room:
            line = longer
            continue
        if len(lines) + 1 == most:
            rest = " ".join(words[place:])
            return [*lines, fitted(f"{line} {rest}" if line else rest, room, size, bold=bold)]
        if line:
            lines.append(line)
        line, broken = _broken(word, room, size, most - len(lines), bold=bold)
        lines += broken
        if len(lines) == most:
            return lines
    return [*lines, line] if line or not lines else lines


def _broken(word: str, room: float, size: float, left: int, *, bold: bool,
            ) -> tuple[str, list[str]]:
    """Break a word wider than a line (a hash, a symbol); returns its rest and the full lines."""
    lines: list[str] = []
    while width_of(word, size, bold=bold) > room:
        if len(lines) + 1 >= left:
            return "", [*lines, fitted(word, room, size, bold=bold)]
        cut = len(word)
        while cut > 1 and width_of(word[:cut], size, bold=bold) > room:
            cut -= 1
        lines.append(word[:cut])
        word = word[cut:]
    return word, lines
