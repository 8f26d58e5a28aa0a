"""Futures and options on futures of a book in the words of a risk-parameter file."""

from __future__ import annotations

import re

from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.book.positions import Position
from workstation.instruments.terms import FutureTerms
from workstation.rulebooks.span.portfolio import SpanPosition

SIZE_FROM = "contract size from"
"""Extra by which a position says which risk-parameter file sized it."""
_PERIOD = re.compile(r"^\d{6}(?:\w{2})?$")


def span_position(held: Position) -> SpanPosition | str:
    """Return a book position in a file's words, or why it has none (empty for cash).

    Extras named ec, pe, undPe, pfCode, pfType and exch, where the workbook has them, give the
    exact codes; a product code and the month of expiry stand in for them otherwise.
    """
    extras = {name.casefold(): value for name, value in held.extras}
    instrument = held.instrument
    if instrument.asset_class is AssetClass.CASH:
        return ""
    if instrument.asset_class is AssetClass.FUTURE and isinstance(instrument.terms, FutureTerms):
        month = _period(extras.get("pe", "")) or (
            f"{instrument.terms.expiry:%Y%m}" if instrument.terms.expiry else "")
        product = extras.get("pfcode") or instrument.terms.product
        if not month or not product:
            return "a future without product code or contract month"
        return SpanPosition(product, month, held.quantity, "FUT",
                            exchange=extras.get("exch", ""), organisation=extras.get("ec", ""),
                            where=held.where)
    option = instrument.option
    if instrument.asset_class is AssetClass.FUTURE_OPTION and option is not None:
        return SpanPosition(
            extras.get("pfcode") or instrument.underlying,
            _period(extras.get("pe", "")) or f"{option.expiry:%Y%m}", held.quantity,
            extras.get("pftype", ""), option.right, option.strike,
            _period(extras.get("undpe", "")), extras.get("exch", ""), extras.get("ec", ""),
            where=held.where)
    kind = asset_class_words(instrument.asset_class)
    return f"a position of class {kind} is not in a risk-parameter file"


def _period(text: str) -> str:
    return text if _PERIOD.match(text) else ""
