"""Read an instrument from its symbol: the identifier grammar, tried in priority order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from workstation.base.identifiers import (
    cusip_is_valid,
    figi_is_valid,
    isin_is_valid,
    sedol_is_valid,
)
from workstation.base.vocabulary import AssetClass
from workstation.importers.dates import MONTHS, full_year, month_end
from workstation.importers.vocabulary import bloomberg_roots, grammar_rows, perpetual_styles
from workstation.importers.words import CURRENCIES

FUTURE_MONTHS = {letter: number for number, letter in enumerate("FGHJKMNQUVXZ", 1)}
STRIKE_SCALE = 1000
DECADE = 10
LONGEST_TICKER = 5
_US_LISTING = re.compile(r"\.(?:OQ|O|N)$")
"""Reuters' codes of shares on Nasdaq and NYSE; no class of shares is called so."""
Sort = Literal["option", "future", "future option", "perpetual", "crypto option", "crypto future",
               "crypto pair", "fx pair", "bond", "security", "generic future", "index", "adjusted"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a symbol says of itself; `root` is the product, coin, pair or ticker it names.

    `expiry` is None where the symbol names no day; `month_only` marks a contract month.
    `settlement` is linear or inverse for crypto contracts; `quote` their other currency.
    """

    pattern: str
    sort: Sort
    root: str
    expiry: date | None = None
    right: Literal["C", "P"] | None = None
    strike: Decimal | None = None
    month_only: bool = False
    settlement: str = ""
    quote: str = ""
    asset_class: AssetClass | None = None
    size: Decimal | None = None
    """Units of the underlying one contract is of, where the symbol says so."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["name"], re.compile(row["regex"], re.IGNORECASE if "i" in row["flags"] else 0))
        for row in grammar_rows()
    )


@lru_cache(maxsize=65536)
def parse_symbol(text: str, on: date) -> Parsed | None:
    """Return the first reading of a symbol that holds, or None; `on` fixes one-digit years."""
    if len(text) <= LONGEST_TICKER and text.isascii() and text.isalpha() and text.isupper():
        # No other pattern of the grammar is so short without a digit or a mark.
        return Parsed("TICKER", "security", text)
    for name, pattern in _patterns():
        found = pattern.match(text)
        if found is None or name not in _READERS:
            continue
        try:
            parsed = _READERS[name](name, found, on)
        except ValueError:
            continue
        if parsed is not None:
            return parsed
    return None


def class_shares(ticker: str) -> str:
    """Write a class share one way: BRK.B for BRK/B, BRK-B and BRK B."""
    return re.sub(r"^([A-Z]{1,5})[/ -]([A-Z]{1,2})$", r"\1.\2", ticker)


def is_currency_pair(text: str) -> tuple[str, str] | None:
    """Return the two currencies of EURUSD, EUR/USD or EUR.USD, or None."""
    found = re.fullmatch(r"([A-Z]{3})[/.]?([A-Z]{3})", text)
    if found and found[1] in CURRENCIES and found[2] in CURRENCIES:
        return found[1], found[2]
    return None


_Match = re.Match[str]
PERPETUAL_STYLE = "COINBASE_perpetual_style"


def _listed_option(name: str, found: _Match, on: date) -> Parsed:
    parts = found.groupdict()
    year = parts.get("yyyy") or parts["yy"]
    expiry = date(full_year(year), int(parts["mm"]), int(parts["dd"]))
    strike = Decimal(parts["k"])
    if name.startswith("OSI"):
        whole, thousandths = divmod(int(strike), STRIKE_SCALE)
        strike = Decimal(whole) + (Decimal(thousandths) / STRIKE_SCALE if thousandths else 0)
    root = parts["root"].strip()
    sort: Sort = "adjusted" if root[-1:].isdigit() and name.startswith("OSI") else "option"
    return Parsed(name, sort, class_shares(root), expiry, _right(parts["cp"]), strike)


def _option_in_words(name: str, found: _Match, on: date) -> Parsed:
    parts = found.groupdict()
    month = parts.get("mm") or MONTHS[parts["mon"][:3].casefold()]
    expiry = date(full_year(parts["yy"]), int(month), int(parts.get("dd") or parts["d"]))
    root = class_shares(parts["root"].upper())
    return Parsed(name, "option", root, expiry, _right(parts["cp"]), Decimal(parts["k"]))


def _right(text: str) -> Literal["C", "P"]:
    return "C" if text[:1].upper() == "C" else "P"


def _contract_month(letter: str, year: str, on: date) -> date:
    """Return the last day of a contract month; a one-digit year is the next such year."""
    number = int(year)
    if len(year) == 1:
        number += on.year // DECADE * DECADE
        if number < on.year:
            number += DECADE
        return month_end(number, FUTURE_MONTHS[letter])
    return month_end(full_year(year), FUTURE_MONTHS[letter])


def _product(name: str, root: str) -> str:
    return bloomberg_roots().get(root.strip(), root.strip()) if "BBG" in name else root.strip()


def _future(name: str, found: _Match, on: date) -> Parsed:
    expiry = _contract_month(found["m"], found["y"], on)
    return Parsed(name, "future", _product(name, found["root"]), expiry, month_only=True)


def _future_option(name: str, found: _Match, on: date) -> Parsed:
    expiry = _contract_month(found["m"], found["y"], on)
    return Parsed(name, "future option", _product(name, found["root"]), expiry,
                  _right(found["cp"]), Decimal(found["k"]), month_only=True)


def _named_future(name: str, found: _Match, on: date) -> Parsed:
    month = month_end(full_year(found["yy"]), MONTHS[found["mon"].casefold()])
    return Parsed(name, "future", found["root"].strip(), month, month_only=True)


def _described_option(name: str, found: _Match, on: date) -> Parsed:
    month = month_end(full_year(found["yy"]), MONTHS[found["mon"].casefold()])
    return Parsed(name, "future option", found["name"].strip(), month, _right(found["cp"]),
                  Decimal(found["k"]), month_only=True)


def _generic(name: str, found: _Match, on: date) -> Parsed:
    return Parsed(name, "generic future", found["root"].strip())


def _perpetual_style(name: str, found: _Match, on: date) -> Parsed | None:
    known = perpetual_styles().get(found["code"])
    if known is None:
        return None
    expiry = date(full_year(found["yy"]), MONTHS[found["mon"].casefold()], int(found["d"]))
    return Parsed(name, "perpetual", known[0], expiry, settlement="linear", quote="USD",
                  size=known[1])


def _bloomberg_equity(name: str, found: _Match, on: date) -> Parsed:
    return Parsed(name, "security", class_shares(found["root"]))


_YELLOW_KEYS = {"Govt": AssetClass.TREASURY, "Corp": AssetClass.CORPORATE_BOND,
                "Mtge": AssetClass.AGENCY, "Muni": AssetClass.MUNICIPAL}


def _bloomberg_other(name: str, found: _Match, on: date) -> Parsed | None:
    root, key = found["root"].strip(), found["yk"]
    if key in _YELLOW_KEYS:
        return Parsed(name, "bond", root, asset_class=_YELLOW_KEYS[key])
    if key == "Curncy" and is_currency_pair(root):
        return Parsed(name, "fx pair", root)
    return Parsed(name, "index", root) if key == "Index" else None


def _deribit(name: str, found: _Match, on: date) -> Parsed:
    parts = found.groupdict()
    expiry = date(full_year(parts["yy"]), MONTHS[parts["mon"].casefold()], int(parts["d"]))
    quote = parts.get("settle") or parts.get("quote") or ""
    settlement = "linear" if quote else "inverse"
    if "k" not in parts:
        return Parsed(name, "crypto future", parts["ccy"], expiry, settlement=settlement,
                      quote=quote or "USD")
    return Parsed(name, "crypto option", parts["ccy"], expiry, _right(parts["cp"]),
                  Decimal(parts["k"].replace("d", ".")), settlement=settlement,
                  quote=quote or "USD")


def _perpetual(name: str, found: _Match, on: date) -> Parsed:
    base, quote, tag = found["base"], found["quote"] or "", found["tag"]
    if not quote:
        base, quote = _split_quote(base)
    inverse = (tag == "PERPETUAL" and not quote) or (quote == "USD" and tag in ("PERP", "SWAP"))
    return Parsed(name, "perpetual", base, settlement="inverse" if inverse else "linear",
                  quote=quote or "USD")


def _split_quote(base: str) -> tuple[str, str]:
    for quote in ("USDT", "USDC", "USD"):
        if base.endswith(quote) and base != quote:
            return base[: -len(quote)], quote
    return base, ""


def _crypto_option(name: str, found: _Match, on: date) -> Parsed:
    quote = found["quote"] or ""
    return Parsed(name, "crypto option", found["base"], _ymd(found["ymd"]), _right(found["cp"]),
                  Decimal(found["k"].replace("_", ".")), quote=quote or "USD",
                  settlement="inverse" if quote == "USD" else "linear")


def _crypto_future(name: str, found: _Match, on: date) -> Parsed:
    inverse = found["quote"] == "USD"
    return Parsed(name, "crypto future", found["base"], _ymd(found["ymd"]), quote=found["quote"],
                  settlement="inverse" if inverse else "linear")


def _ymd(text: str) -> date:
    return date(full_year(text[:-4]), int(text[-4:-2]), int(text[-2:]))


def _crypto_pair(name: str, found: _Match, on: date) -> Parsed:
    return Parsed(name, "crypto pair", found["base"], quote=found["quote"])


def _fx_pair(name: str, found: _Match, on: date) -> Parsed | None:
    if found["b"] in CURRENCIES and found["q"] in CURRENCIES:
        return Parsed(name, "fx pair", found["b"] + found["q"])
    return None


def _checked(test: Callable[[str], bool]) -> Callable[[str, _Match, date], Parsed | None]:
    def read(name: str, found: _Match, on: date) -> Parsed | None:
        return Parsed(name, "security", found[0]) if test(found[0]) else None

    return read


def _ticker(name: str, found: _Match, on: date) -> Parsed:
    return Parsed(name, "security", _US_LISTING.sub("", class_shares(found[0])))


_READERS: Mapping[str, Callable[[str, _Match, date], Parsed | None]] = {
    "OSI_21_padded": _listed_option,
    "OSI_compact": _listed_option,
    "FIDELITY_short": _listed_option,
    "TOS_option": _listed_option,
    "SCHWAB_option": _listed_option,
    "BBG_listed_option": _listed_option,
    "BBG_future_option": _future_option,
    "BBG_future": _future,
    "BBG_generic_future": _generic,
    "BBG_equity": _bloomberg_equity,
    "BBG_other": _bloomberg_other,
    "DERIBIT_option": _deribit,
    "DERIBIT_future": _deribit,
    "CRYPTO_perp": _perpetual,
    PERPETUAL_STYLE: _perpetual_style,
    "CRYPTO_option_ymd": _crypto_option,
    "CRYPTO_future_ymd": _crypto_future,
    "CRYPTO_pair": _crypto_pair,
    "FUT_code_full": _future,
    "FUT_option_code": _future_option,
    "FUT_text": _named_future,
    "FCM_desc_option": _described_option,
    "FX_pair": _fx_pair,
    "OPTION_numeric_date": _option_in_words,
    "OPTION_month_name": _option_in_words,
    "OPTION_day_month": _option_in_words,
    "FIGI": _checked(figi_is_valid),
    "ISIN": _checked(isin_is_valid),
    "CUSIP": _checked(cusip_is_valid),
    "SEDOL": _checked(sedol_is_valid),
    "TICKER": _ticker,
}
"""LEI is recognised by the grammar but names a firm, not a position."""
