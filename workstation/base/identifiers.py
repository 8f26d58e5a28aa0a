"""Check digits of security and entity identifiers; letters A-Z count 10-35."""

from __future__ import annotations

import re

_SEDOL_WEIGHTS = (1, 3, 1, 7, 3, 9, 1)
_MARKS = {"*": 36, "@": 37, "#": 38}
_BASE, _LEI_MODULUS, _LETTER_BASE = 10, 97, 36
_CUSIP_LENGTH = 9


def _number(letter: str) -> int:
    return _MARKS[letter] if letter in _MARKS else int(letter, _LETTER_BASE)


def _digit_sum(number: int) -> int:
    return number // _BASE + number % _BASE


def isin_is_valid(text: str) -> bool:
    """Say whether an ISIN's check digit holds: every second digit doubled, sum mod 10 = 0."""
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{9}\d", text):
        return False
    digits = "".join(str(_number(letter)) for letter in text)
    doubled = (
        _digit_sum(int(digit) * 2) if place % 2 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )
    return sum(doubled) % _BASE == 0


def _doubled_check(body: str) -> int:
    """Return (10 - sum mod 10) mod 10 with the second, fourth, ... characters doubled."""
    sums = (
        _digit_sum(_number(letter) * (2 if place % 2 else 1))
        for place, letter in enumerate(body)
    )
    return -sum(sums) % _BASE


def cusip_is_valid(text: str) -> bool:
    """Say whether a nine-character CUSIP's check digit holds."""
    if not re.fullmatch(r"[0-9A-Z*@#]{8}\d", text):
        return False
    return _doubled_check(text[:-1]) == int(text[-1])


def restored_cusip(text: str) -> str | None:
    """Return a CUSIP that lost its leading zeros with them put back, or None."""
    padded = text.strip().upper().rjust(_CUSIP_LENGTH, "0")
    return padded if cusip_is_valid(padded) else None


def figi_is_valid(text: str) -> bool:
    """Say whether a FIGI's check digit holds."""
    if not re.fullmatch(r"[B-DF-HJ-NP-TV-Z]{2}G[B-DF-HJ-NP-TV-Z0-9]{8}\d", text):
        return False
    return _doubled_check(text[:-1]) == int(text[-1])


def sedol_is_valid(text: str) -> bool:
    """Say whether a SEDOL's check digit holds; a SEDOL has no vowels."""
    if not re.fullmatch(r"[B-DF-HJ-NP-TV-Z0-9]{6}\d", text):
        return False
    weighted = sum(_number(letter) * weight
                   for letter, weight in zip(text, _SEDOL_WEIGHTS, strict=True))
    return weighted % _BASE == 0


def lei_is_valid(text: str) -> bool:
    """Say whether an LEI's check digits hold: the number modulo 97 is 1."""
    if not re.fullmatch(r"[A-Z0-9]{18}\d{2}", text):
        return False
    return int("".join(str(_number(letter)) for letter in text)) % _LEI_MODULUS == 1


def plain_symbol(symbol: str) -> str:
    """Return a symbol without spaces, marks and case, to match two writings of one instrument."""
    return re.sub(r"[^0-9A-Z]", "", symbol.upper())
