"""Which positions a cross-margin programme admits, and what moving them would do.

The saving needs each house's margin on the combined positions by its own model; without those
figures a programme shows eligibility and location alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.base.explain import Citation
from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.terms import FutureTerms
from workstation.parameters.store import Edition
from workstation.rulebooks.span.two_house import CrossMargined, HouseMargin, cross_margined

FOLDER = "cross_margin_programmes"
PROGRAMMES = {"ficc-cme": "ficc_cme", "occ-cme": "occ_cme", "cme-irs": "cme_irs",
              "ice-cds": "ice_cds"}
INFLATION_WORDS = ("TIPS", "INFLATION", "TII")


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """One programme for one book: positions admitted, positions refused with the reason."""

    programme: str
    houses: tuple[str, ...]
    location: str
    admitted: tuple[Position, ...]
    refused: tuple[tuple[Position, str], ...]
    cite: Citation
    saving: CrossMargined | None = None


def programme_view(name: str, book: Book, edition: Edition, *, customer: bool = True,
                   margins: tuple[HouseMargin, HouseMargin] | None = None) -> ProgrammeView:
    """Judge every position of a book for a programme; raises KeyError for an unknown name."""
    parameter = edition[PROGRAMMES[name]]
    terms = parameter.rows[0]
    admitted, refused = [], []
    for position in book.positions:
        if position.instrument.asset_class is AssetClass.CASH:
            continue
        reason = _refusal(position, book, terms, customer)
        if reason is None:
            admitted.append(position)
        else:
            refused.append((position, reason))
    saving = cross_margined(*margins) if margins is not None and admitted else None
    return ProgrammeView(name, tuple(terms["houses"]), terms["location"], tuple(admitted),
                         tuple(refused), parameter.cite, saving)


def _refusal(position: Position, book: Book, terms: Mapping[str, Any], customer: bool
             ) -> str | None:
    """Say why a programme does not admit a position; None where it does."""
    instrument = position.instrument
    if customer and not terms["customers"]:
        return "the programme takes no customer accounts"
    if instrument.asset_class is AssetClass.FUTURE:
        product = instrument.terms.product if isinstance(instrument.terms, FutureTerms) else ""
        return None if product in terms["futures"] else (
            f"the future {product or instrument.symbol} is not on the programme's list")
    if instrument.asset_class not in terms["classes"]:
        return f"a position of class {asset_class_words(instrument.asset_class)} is not admitted"
    if "years_over" in terms:
        return _treasury(position, book.as_of, int(terms["years_over"]))
    if "underlying_classes" in terms:
        row = book.market.underlying(instrument.underlying)
        if row is None or row.underlying_class not in terms["underlying_classes"]:
            return "its underlying is not known to be a broad index"
    return None


def _treasury(position: Position, as_of: date, years_over: int) -> str | None:
    """Admit notes and bonds with more than a year to run: no zero coupons, no inflation linkers."""
    bond, words = position.instrument.bond, position.instrument.description.upper()
    if bond is None or bond.maturity is None:
        return "its maturity is not stated"
    if (bond.maturity.year - as_of.year, bond.maturity.month, bond.maturity.day) <= (
            years_over, as_of.month, as_of.day):
        return f"it matures within {years_over} year"
    if bond.is_zero_coupon or "STRIP" in words:
        return "STRIPS are not admitted"
    if any(word in words for word in INFLATION_WORDS):
        return "inflation-linked securities are not admitted"
    return None
