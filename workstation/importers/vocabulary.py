"""Shipped word lists of the importer: column synonyms and well-known underlyings."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from workstation.base.resources import resource_root
from workstation.base.vocabulary import AssetClass, UnderlyingClass

_PARTS = re.compile(r"^(.*?)\s*\((.*?)\)\s*$", re.DOTALL)
_IN_CURRENCY = re.compile(
    r"^(.+?)[ /-]+(?:in )?(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|HKD|SGD|SEK|NOK|DKK|US\$|[$€£])$",
    re.DOTALL)
_WORDS = re.compile(r"(?:[^\w#%$]|_)+")


@lru_cache(maxsize=8192)
def normal(header: str) -> str:
    """Return a header without case, accents, spaces and punctuation, for comparison."""
    split = unicodedata.normalize("NFKD", header.casefold())
    plain = "".join(letter for letter in split if not unicodedata.combining(letter))
    return _WORDS.sub("", plain)


def spellings(header: str) -> tuple[str, ...]:
    """Return a header's comparable spellings: `Qty (Quantity)` is also `Qty` and `Quantity`."""
    found = _PARTS.match(header.strip())
    texts = (header, found[1], found[2]) if found else (header,)
    if priced := _IN_CURRENCY.match(header.strip()):
        texts = (*texts, priced[1])
    return tuple(dict.fromkeys(spelling for text in texts if (spelling := normal(text))))


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One canonical field and the headers that mean it, the surest first."""

    field: str
    words: tuple[str, ...]


def _table(name: str) -> list[dict[str, str]]:
    with (resource_root() / "import" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def field_words() -> tuple[FieldWords, ...]:
    """Return the synonyms of every canonical field."""
    return tuple(
        FieldWords(row["canonical"], tuple(dict.fromkeys(
            word for text in (row["canonical"], *row["synonyms"].split("|"))
            if (word := normal(text)))))
        for row in _table("column_synonyms.csv")
    )


@cache
def header_words() -> Mapping[str, tuple[str, ...]]:
    """Return for each known header word the fields it may mean."""
    meanings: dict[str, tuple[str, ...]] = {}
    for entry in field_words():
        for word in entry.words:
            meanings[word] = (*meanings.get(word, ()), entry.field)
    return meanings


@dataclass(frozen=True, slots=True)
class KnownUnderlying:
    """What is generally known of an underlying; assumed, and said so wherever it is used."""

    symbol: str
    asset_class: AssetClass | None
    underlying_class: UnderlyingClass
    leverage: Decimal
    style: str
    settlement: str


@cache
def known_underlyings() -> Mapping[str, KnownUnderlying]:
    """Return the well-known indices, funds and coins by symbol."""
    return {
        row["symbol"]: KnownUnderlying(
            row["symbol"], AssetClass(row["asset_class"]) if row["asset_class"] else None,
            UnderlyingClass(row["underlying_class"]), Decimal(row["leverage"]), row["style"],
            row["settlement"])
        for row in _table("underlyings.csv")
    }


@cache
def bloomberg_roots() -> Mapping[str, str]:
    """Return the exchange's product code for each root Bloomberg writes differently."""
    return {row["root"]: row["product"] for row in _table("bloomberg_roots.csv")}


@cache
def venue_multipliers() -> Mapping[tuple[str, str, str], Decimal]:
    """Return contract sizes by venue, base coin (or *) and settlement."""
    return {(row["venue"], row["base"], row["settlement"]): Decimal(row["multiplier"])
            for row in _table("venue_contracts.csv")}


def venue_multiplier(venue: str, base: str, settlement: str) -> Decimal | None:
    """Return the size of one contract at a venue, or None when it is not listed."""
    sizes = venue_multipliers()
    return sizes.get((venue, base, settlement), sizes.get((venue, "*", settlement)))


@cache
def perpetual_styles() -> Mapping[str, tuple[str, Decimal]]:
    """Return coin and contract size of five-year perpetual-style futures by product code."""
    return {row["code"]: (row["coin"], Decimal(row["size"]))
            for row in _table("perpetual_style.csv")}


def counts_contracts(venue: str) -> bool:
    """Say whether contract sizes of a venue are listed, so that one not listed is unknown."""
    return any(name == venue for name, _, _ in venue_multipliers())


@cache
def grammar_rows() -> tuple[Mapping[str, str], ...]:
    """Return the identifier grammar in priority order."""
    return tuple(sorted(_table("identifier_grammar.csv"), key=lambda row: int(row["priority"])))
