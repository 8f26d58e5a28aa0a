"""Units a column is written in: thousands, percent, pence; from its header, its values or a choice.

A unit is never applied in silence: whoever reads a column with one says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workstation.importers.vocabulary import normal
from workstation.importers.words import CURRENCIES


@dataclass(frozen=True, slots=True)
class Unit:
    """How the figures of a column are written; `factor` turns them into ours."""

    name: str
    words: str
    factor: Decimal


UNITS: Mapping[str, Unit] = {unit.name: unit for unit in (
    Unit("thousands", "in thousands", Decimal(1000)),
    Unit("millions", "in millions", Decimal(10) ** 6),
    Unit("percent", "in percent", Decimal("0.01")),
    Unit("basis points", "in basis points", Decimal("0.0001")),
    Unit("cents", "in cents, pence or other hundredths", Decimal("0.01")),
    Unit("fraction of par", "as a fraction of par", Decimal(100)),
    Unit("opposite sign", "with the opposite sign", Decimal(-1)),
)}
PLAIN = "as written"
AMOUNTS = frozenset({"quantity", "qty_long", "qty_short", "market_value", "notional"})
RATES = frozenset({"fixed_rate"})
_IN_HEADER = (
    (re.compile(r"[('\[ $]0{3}['’]?s?\b|\((?:usd|eur|gbp)? ?k\)|\bthousands\b", re.IGNORECASE),
     "thousands", AMOUNTS),
    (re.compile(r"\((?:usd|eur|gbp|\$)? ?(?:mm|mn|mio|m)\)|\bin millions\b|\bmillions\b|\bmio\b",
                re.IGNORECASE), "millions", AMOUNTS),
    (re.compile(r"%|\bpct\b|\bpercent\b", re.IGNORECASE), "percent", RATES),
    (re.compile(r"\bbps?\b", re.IGNORECASE), "basis points", RATES),
    (re.compile(r"\((?:cents|pence|gbx|p)\)|\bin (?:cents|pence)\b", re.IGNORECASE), "cents",
     frozenset({"price"})),
)
_MINOR = {"GBp": "GBP", "GBX": "GBP", "GBx": "GBP", "gbx": "GBP", "GBPp": "GBP", "ZAc": "ZAR",
          "ZAX": "ZAR", "ILA": "ILS", "ILa": "ILS", "ILX": "ILS", "USX": "USD", "USc": "USD",
          "USd": "USD", "EUc": "EUR", "EUX": "EUR"}
_BLOOMBERG = {
    "US": "USD", "UN": "USD", "UW": "USD", "UQ": "USD", "UA": "USD", "UP": "USD", "LN": "GBP",
    "HK": "HKD", "JT": "JPY", "JP": "JPY", "GY": "EUR", "GR": "EUR", "FP": "EUR", "NA": "EUR",
    "IM": "EUR", "SM": "EUR", "BB": "EUR", "FH": "EUR", "PL": "EUR", "AV": "EUR", "ID": "EUR",
    "SW": "CHF", "VX": "CHF", "SE": "CHF", "SS": "SEK", "DC": "DKK", "NO": "NOK", "CN": "CAD",
    "CT": "CAD", "AU": "AUD", "AT": "AUD", "NZ": "NZD", "SP": "SGD", "KS": "KRW", "TT": "TWD",
    "IN": "INR", "IS": "INR", "BZ": "BRL", "MM": "MXN", "SJ": "ZAR", "TI": "TRY", "IT": "ILS",
    "PW": "PLN"}
_REUTERS = {
    "HK": "HKD", "L": "GBP", "DE": "EUR", "F": "EUR", "PA": "EUR", "AS": "EUR", "MI": "EUR",
    "MC": "EUR", "BR": "EUR", "LS": "EUR", "VI": "EUR", "HE": "EUR", "SW": "CHF", "S": "CHF",
    "VX": "CHF", "ST": "SEK", "CO": "DKK", "OL": "NOK", "TO": "CAD", "AX": "AUD", "T": "JPY",
    "KS": "KRW", "TW": "TWD", "SI": "SGD", "NS": "INR", "BO": "INR", "SS": "CNY", "SZ": "CNY",
    "SA": "BRL", "JO": "ZAR", "N": "USD", "O": "USD", "OQ": "USD"}
_CODE = re.compile(r"^[A-Z0-9./]{1,12} ([A-Z]{2})(?: Equity)?$", re.IGNORECASE)
_RIC = re.compile(r"^([A-Z0-9]{1,6}|\d{1,6})\.([A-Z]{1,2})$")
_BRAZIL = re.compile(r"^[A-Z]{4}\d{1,2}$")
_CODES = re.compile(r"\b[A-Z]{3}\b")
_STATED = re.compile(
    r"(?:(?:amounts?|values?|prices?|figures|all) (?:are )?in|(?:base |reporting )?currency\s*[:=])"
    r"\s*([A-Z]{3})\b")
_MILLIONS = ("millions", "mm", "mio", "mn")
_TITLE_UNIT = re.compile(
    r"\bin (?:[A-Z]{3} |US\$ ?|\$ ?|€ ?|£ ?)?(?:thousands|millions|mm|mio|mn)\b"
    r"|(?:\b[A-Z]{3} ?|\$ ?)['’]?000s?\b", re.IGNORECASE)
BY_NUMBER = frozenset({"HKD", "JPY", "KRW", "TWD", "CNY", "CNH", "MYR", "SAR"})
"""Currencies of exchanges that name shares by number."""


def header_unit(header: str, field: str) -> Unit | None:
    """Return the unit a header states for a field, such as Quantity (000s); None for none."""
    for form, name, fields in _IN_HEADER:
        if field in fields and form.search(header):
            return UNITS[name]
    return None


def currency_in_header(header: str) -> str:
    """Return the currency a header names, as in Price (EUR) or Market Value USD."""
    found = [word for word in _CODES.findall(header) if word in CURRENCIES]
    return found[0] if len(found) == 1 else ""


def currency_in_title(title: str) -> str:
    """Return the currency a title states for every amount below it."""
    found = _STATED.search(title)
    return found[1] if found and found[1] in CURRENCIES else ""


def unit_in_title(title: str) -> Unit | None:
    """Return the unit a title states, as in `Amounts in USD thousands` or `(in millions)`."""
    found = _TITLE_UNIT.search(title)
    if found is None:
        return None
    return UNITS["millions" if found[0].casefold().rstrip(")").endswith(_MILLIONS) else "thousands"]


def unit_named(name: str) -> Unit | None:
    """Return a unit by a name as a person types it; None for an unknown one."""
    wanted = normal(name)
    return next((unit for unit in UNITS.values() if normal(unit.name) == wanted), None)


def major_currency(text: str) -> str | None:
    """Return the currency whose hundredths a code means, such as GBP for GBp; None for others."""
    return _MINOR.get(text)


def currency_of_listing(symbol: str) -> tuple[str, str] | None:
    """Return the currency and exchange a listed symbol's suffix names, or None."""
    if found := _CODE.match(symbol):
        code = found[1].upper()
        return (_BLOOMBERG[code], code) if code in _BLOOMBERG else None
    if found := _RIC.match(symbol):
        return (_REUTERS[found[2]], found[2]) if found[2] in _REUTERS else None
    return None


def is_numbered_share(symbol: str, currency: str) -> bool:
    """Say whether a symbol is a share with a number in its name: 639, 0700.HK or PETR4."""
    if currency == "BRL" and _BRAZIL.match(symbol):
        return True
    if symbol.isdecimal():
        return currency in BY_NUMBER and len(symbol) <= len("000000")
    found = _RIC.match(symbol)
    return found is not None and found[2] in _REUTERS and any(c.isdecimal() for c in found[1])
