"""Rows that are not positions by what their first cells say: totals, cash, notes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from workstation.importers.words import CURRENCIES

Label = Literal["", "total", "weak total", "cash"]
_TOTAL = re.compile(
    r"^(?:(?:sub|grand)[ -]?total|total|gesamt\w*|zwischensumme|summe|sum|overall|subtotal|"
    r"totale|totaal|totaux|somme|suma|合計|小計|总计|合计|小计)\b.*"
    r"|.*\b(?:sub[ -]?total|total|gesamt|summe|totale|totaal|合計|小計|合计|小计)s?:?$",
    re.IGNORECASE)
_BARE = re.compile(r"^(?:total|sum|summe|suma|overall|gesamt)$", re.IGNORECASE)
_CASH = re.compile(
    r"^(?:cash|cash balance|cash & cash investments|cash and cash investments|net cash|"
    r"cash[ _-]\(?[a-z]{3}\)?|[a-z]{3} cash|pending activity|usd balance|free credit balance|"
    r"margin debit|cash and money market|margin balance|sweep|ending cash|settled cash|"
    r"barmittel|kasse|liquidität|liquidités|espèces|efectivo|liquidità|contanti|caixa|"
    r"liquide middelen|現金|现金)$",
    re.IGNORECASE)
_CORE_FUND = re.compile(r"^[A-Z]{4,5}\*\*$")


@lru_cache(maxsize=65536)
def label(text: str) -> Label:
    """Say what a row's first text marks it as; a weak total may also be a ticker (SUM)."""
    if _CASH.match(text) or _CORE_FUND.match(text) or text in CURRENCIES:
        return "cash"
    if _TOTAL.match(text):
        return "weak total" if _BARE.match(text) and text.isupper() else "total"
    return ""


def cash_currency(text: str) -> str:
    """Return the currency a cash label names, or an empty text."""
    for word in re.findall(r"[A-Z]{3}", text):
        if word in CURRENCIES:
            return str(word)
    return ""
