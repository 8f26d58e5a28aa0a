"""Positions from the terms of their rows: instrument, price in its currency, extras."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.importers.cells import Columns
from workstation.importers.conventions import currency_of_listing
from workstation.importers.derivatives import PERCENT_OF_PAR
from workstation.importers.described import Described, RowError
from workstation.importers.draft import Draft
from workstation.importers.figures import exact
from workstation.importers.instruments import instrument_of
from workstation.importers.sheets import is_blank, text_of
from workstation.importers.units import (
    DAILY_SETTLED,
    LEAST_PERCENT,
    MOST_PERCENT,
    near,
    price_unit_remark,
)
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
    unsigned: bool = False
    """Whether the table says nowhere which quantities are short."""
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
        price, stated = self.columns.number("price", k), self.columns.number("market_value", k)
        if self.unsigned:
            quantity = self._signed_by_value(instrument, quantity, stated)
        instrument = self._in_par(instrument, quantity, price, stated)
        price = price if price is not None else self._implied(instrument, quantity, stated)
        if price is not None and price < 0 and instrument.asset_class in NEVER_NEGATIVE:
            raise RowError(f"{instrument.symbol}: price {price} is negative", "correct the price")
        extras, where = self.extras_of(k), self.columns.where(k)
        self._note_market(k, instrument, where)
        if price is not None and _premium_in_coin(row, instrument):
            extras = (*extras, ("premium in coin", f"{price} {instrument.underlying}"))
            price = self._in_dollars(price, instrument)
        remark = price_unit_remark(instrument, quantity, price, stated)
        if remark:
            self.draft.say(self.columns.where(k, "price"), *remark, severity="warning")
        position = Position(account, instrument, quantity, price, where, extras)
        self._say_repeats(position)
        return position

    def _signed_by_value(self, instrument: Instrument, quantity: Decimal,
                         stated: Decimal | None) -> Decimal:
        """Read a row as short where only its negative market value can say so."""
        if stated is None or stated >= 0 or instrument.asset_class in DAILY_SETTLED:
            return quantity
        self.draft.desk.assume(
            "quantities carry no sign; rows with a negative market value were read as short",
            instrument.symbol, "add a Side column or signs", "warning")
        return -quantity

    def _in_par(self, instrument: Instrument, quantity: Decimal, price: Decimal | None,
                stated: Decimal | None) -> Instrument:
        """Take a bond's multiplier 1 for none, where its price is in percent of par."""
        if instrument.bond is None or instrument.multiplier != 1 or price is None or not (
                LEAST_PERCENT <= price <= MOST_PERCENT) or (
                stated is not None and near(quantity * price, stated)):
            return instrument
        self.draft.desk.assume("bonds priced in percent of par carry no multiplier; the 1 of the "
                               "file was not used", instrument.symbol, "check the bond prices",
                               "warning")
        return replace(instrument, multiplier=PERCENT_OF_PAR)

    def _implied(self, instrument: Instrument, quantity: Decimal,
                 stated: Decimal | None) -> Decimal | None:
        """Return the price a row's market value implies, where it states no price."""
        if stated is None or not quantity or instrument.asset_class in DAILY_SETTLED or (
                not instrument.multiplier):
            return None
        self.draft.desk.assume("prices were taken from the market value where none is stated",
                               instrument.symbol, "fill in the prices", "warning")
        return exact(float(abs(stated / (quantity * instrument.multiplier))))

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
                known = instrument_of(self._in_listing_currency(row), self.draft.desk)
            except RowError as error:
                known = error
            self._instruments[row] = known
        if isinstance(known, RowError):
            raise known
        return known

    def _in_listing_currency(self, row: Described) -> Described:
        """Give a row without currency that of the exchange its symbol names."""
        found = None if row.currency else currency_of_listing(row.symbol)
        if found is None or found[0] == "USD":
            return row
        pence = "; London prices may be in pence" if found[0] == "GBP" else ""
        self.draft.desk.assume(
            f"no currency is stated; {found[0]} was taken from the exchange {found[1]}{pence}",
            row.symbol, "add a currency column", "warning")
        return replace(row, currency=found[0])

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
