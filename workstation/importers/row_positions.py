"""Positions from the terms of their rows: instrument, price in its currency, extras."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.importers.cells import Columns
from workstation.importers.described import Described, RowError
from workstation.importers.draft import Draft
from workstation.importers.instruments import instrument_of
from workstation.importers.sheets import is_blank, text_of
from workstation.importers.units import price_unit_remark
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms

USED = frozenset({
    "account_id", "account_name", "account_type", "as_of", "asset_class", "symbol",
    "description", "underlying", "quantity", "qty_long", "qty_short", "side", "price",
    "market_value", "currency", "fx_rate", "multiplier", "strike", "expiry", "put_call",
    "exercise_style", "underlying_price", "settlement", "maturity", "rating",
    "reference_entity", "spread_bp", "pay_receive", "notional", "fixed_rate", "venue", "firm",
})
"""Fields that become part of the book; every other column is kept as an extra."""
NEVER_NEGATIVE = frozenset({
    AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.LISTED_OPTION,
    AssetClass.CORPORATE_BOND, AssetClass.TREASURY, AssetClass.CRYPTO, AssetClass.STABLECOIN})
MOST_REPEATS = 20


@dataclass(slots=True)
class RowPositions:
    """Makes the positions of one table; equal terms share one instrument."""

    columns: Columns
    draft: Draft
    extras: tuple[tuple[str, int], ...] = field(init=False)
    _instruments: dict[Described, Instrument | RowError] = field(default_factory=dict)
    _seen: dict[tuple[object, ...], str] = field(default_factory=dict)
    _repeated: int = 0

    def __post_init__(self) -> None:
        kept = [i for name, i in self.columns.map.fields.items() if name not in USED]
        headers = self.columns.table.headers
        self.extras = tuple(
            (headers[i], i) for i in sorted((*kept, *self.columns.map.unknown)) if i < len(headers))

    def made(self, k: int, account: str, row: Described, quantity: Decimal) -> Position:
        """Return the position of row k; raises RowError for what cannot be one."""
        instrument = self._instrument(row)
        price = self.columns.number("price", k)
        if price is not None and price < 0 and instrument.asset_class in NEVER_NEGATIVE:
            raise RowError(f"{instrument.symbol}: price {price} is negative", "correct the price")
        extras, where = self.extras_of(k), self.columns.where(k)
        self._note_market(k, instrument, where)
        if price is not None and _premium_in_coin(row, instrument):
            extras = (*extras, ("premium in coin", f"{price} {instrument.underlying}"))
            price = self._in_dollars(price, instrument)
        remark = price_unit_remark(instrument, quantity, price,
                                   self.columns.number("market_value", k))
        if remark:
            self.draft.say(self.columns.where(k, "price"), *remark, severity="warning")
        position = Position(account, instrument, quantity, price, where, extras)
        self._say_repeats(position)
        return position

    def held_back(self, k: int, account: str, instrument: Instrument,
                  quantity: Decimal) -> Position:
        """Return a position whose contract size is not known."""
        return Position(account, instrument, quantity, self.columns.number("price", k),
                        self.columns.where(k), self.extras_of(k))

    def extras_of(self, k: int) -> tuple[tuple[str, str], ...]:
        """Return the filled cells of row k in columns that have no field."""
        if not self.extras:
            return ()
        row = self.columns.sheet.rows[self.columns.table.body[k]]
        return tuple((header, text_of(row[i])) for header, i in self.extras
                     if i < len(row) and row[i] != "" and not is_blank(row[i]))

    def _instrument(self, row: Described) -> Instrument:
        known = self._instruments.get(row)
        if known is None:
            try:
                known = instrument_of(row, self.draft.desk)
            except RowError as error:
                known = error
            self._instruments[row] = known
        if isinstance(known, RowError):
            raise known
        return known

    def _note_market(self, k: int, instrument: Instrument, where: str) -> None:
        """Keep the underlying's price and the exchange rate the row states."""
        price = self.columns.number("underlying_price", k)
        if price is not None and price > 0:
            self.draft.implied_prices.setdefault(
                instrument.underlying, (price, instrument.currency, where))
        rate = self.columns.number("fx_rate", k)
        if rate is not None and rate > 0:
            self.draft.base_rates.setdefault(instrument.currency, rate)

    def _in_dollars(self, price: Decimal, instrument: Instrument) -> Decimal | None:
        market = self.draft.underlyings.get(instrument.underlying)
        implied = self.draft.implied_prices.get(instrument.underlying)
        index = market.price if market else implied[0] if implied else None
        if index is None:
            self.draft.note(self.columns.where(0), "premiums in coin need the price of the coin",
                            "add the coin to the Market sheet")
            return None
        return price * index

    def _say_repeats(self, position: Position) -> None:
        key = (position.account_id, position.instrument, position.quantity, position.price)
        first = self._seen.setdefault(key, position.where)
        if first == position.where:
            return
        self._repeated += 1
        if self._repeated > MOST_REPEATS:
            self.draft.note(position.where, f"more than {MOST_REPEATS} rows repeat earlier ones; "
                            "all were kept", "delete those that are the same holding")
        else:
            self.draft.say(position.where, f"{position.instrument.symbol} repeats {first}; "
                           "both were kept", "delete one if it is the same holding", "warning")


def _premium_in_coin(row: Described, instrument: Instrument) -> bool:
    terms = instrument.terms
    return (isinstance(terms, OptionTerms) and bool(terms.settlement_currency)
            and row.currency == terms.settlement_currency)
