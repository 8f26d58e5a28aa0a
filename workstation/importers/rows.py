"""Turn the rows of a position table into positions, cash lines, totals and exclusions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from workstation.base.identifiers import restored_cusip
from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.importers import words
from workstation.importers.as_of import dates_in
from workstation.importers.cells import Columns
from workstation.importers.described import Described, RowError
from workstation.importers.draft import Draft
from workstation.importers.figures import Fault
from workstation.importers.imported import CashLine
from workstation.importers.instruments import instrument_of
from workstation.importers.labels import Label, cash_currency, label
from workstation.importers.sheets import is_blank, text_of
from workstation.importers.totals import RunningTotals
from workstation.importers.units import price_unit_remark
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms

IDENTIFIERS = ("symbol", "cusip", "isin", "figi", "sedol")
USED = frozenset({
    "account_id", "account_name", "account_type", "as_of", "asset_class", "symbol",
    "description", "underlying", "quantity", "qty_long", "qty_short", "side", "price",
    "market_value", "currency", "fx_rate", "multiplier", "strike", "expiry", "put_call",
    "exercise_style", "underlying_price", "settlement", "maturity", "rating",
    "reference_entity", "spread_bp", "pay_receive", "notional", "fixed_rate", "venue", "firm",
})
NEVER_NEGATIVE = frozenset({
    AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.LISTED_OPTION,
    AssetClass.CORPORATE_BOND, AssetClass.TREASURY, AssetClass.CRYPTO, AssetClass.STABLECOIN})
SWAPS = frozenset({AssetClass.CLEARED_SWAP, AssetClass.SWAP, AssetClass.SECURITY_BASED_SWAP,
                   AssetClass.CDS, AssetClass.CDS_INDEX, AssetClass.FX_FORWARD})
CRYPTO = "crypto"
SHORTEST_CUSIP, CUSIP_LENGTH = 6, 9
MOST_REPEATS = 20
AMOUNTS = ("quantity", "qty_long", "qty_short", "market_value", "notional")
STYLES = {"a": "american", "american": "american", "e": "european", "european": "european",
          "amer": "american", "euro": "european"}
SAVE_IN_EXCEL = "open the file in Excel and save it, so that formulas carry their values"


@dataclass(slots=True)
class RowReader:
    """Reads one table into a draft; `default_account` serves rows that name no account."""

    columns: Columns
    draft: Draft
    default_account: str
    venue: str = ""
    signed: bool = False
    totals: RunningTotals = field(init=False)
    extras: tuple[tuple[str, int], ...] = field(init=False)
    _instruments: dict[Described, Instrument | RowError] = field(default_factory=dict)
    _seen: dict[tuple[object, ...], str] = field(default_factory=dict)
    _repeated: int = 0
    _last_account: str = ""
    _read_quantity: Decimal | None = None

    def __post_init__(self) -> None:
        self.totals = RunningTotals(self.columns, self.draft)
        kept = [i for name, i in self.columns.map.fields.items() if name not in USED]
        headers = self.columns.table.headers
        self.extras = tuple(
            (headers[i], i) for i in sorted((*kept, *self.columns.map.unknown)) if i < len(headers))
        quantities = self.columns.numbers.get("quantity", ())
        self.signed = any(value is not None and value < 0 for value in quantities)

    def read(self) -> None:
        """Read every row of the body."""
        for where, what, remedy in self.columns.remarks:
            self.draft.say(where, what, remedy, "warning")
        for k in range(len(self.columns.table.body)):
            self._row(k)
        self.totals.close()

    def _row(self, k: int) -> None:
        symbol = self._symbol(k)
        marked = label(symbol) if symbol else self._unnamed(k)
        if not marked and self._is_note(k):
            return
        self.draft.rows_read += 1
        if marked == "total" or (marked == "weak total" and self._price(k) is None):
            self.totals.stated(k)
        elif marked == "cash" or self._is_cash(k):
            self._cash(k, symbol)
        else:
            self._position(k, symbol)

    def _symbol(self, k: int) -> str:
        for name in IDENTIFIERS:
            if text := self.columns.text(name, k):
                return self._restored(k, text) if name == "cusip" else text
        return ""

    def _restored(self, k: int, text: str) -> str:
        """Put back the leading zeros a spreadsheet took from a CUSIP; its check digit decides."""
        shorter = SHORTEST_CUSIP <= len(text) < CUSIP_LENGTH and text.isalnum()
        restored = restored_cusip(text) if shorter else None
        if restored is None:
            return text
        self.draft.note(self.columns.where(k, "cusip"), "a CUSIP had lost its leading zeros",
                        "format the column as text")
        return restored

    def _unnamed(self, k: int) -> Label:
        """Say what a row without identifier is: a total, cash, or a position after all."""
        row = self.columns.sheet.rows[self.columns.table.body[k]]
        first = next((text_of(cell) for cell in row if not is_blank(cell)), "")
        if label(first) in ("total", "weak total"):
            return "total"
        if found := label(self.columns.text("description", k)):
            return "total" if found == "weak total" else found
        return "total" if self.totals.is_running_sum(k) else ""

    def _is_note(self, k: int) -> bool:
        """Say whether a row is a line of text, such as a footer or a group title."""
        if self._amounts(k) or self._broken(k):
            return False
        filled = [cell for cell in self.columns.sheet.rows[self.columns.table.body[k]]
                  if not is_blank(cell)]
        if len(filled) != 1 or not isinstance(filled[0], str):
            return False
        text = filled[0].strip()
        if not dates_in(text):
            self.draft.note(self.columns.where(k), f"“{text[:60]}” was read as a note", "")
        return True

    def _amounts(self, k: int) -> bool:
        return any(self.columns.number(name, k) is not None for name in AMOUNTS)

    def _broken(self, k: int) -> bool:
        return any(row == k for _, row in self.columns.faults)

    def _price(self, k: int) -> Decimal | None:
        return self.columns.number("price", k)

    def _is_cash(self, k: int) -> bool:
        text = self.columns.text("asset_class", k)
        return bool(text) and words.asset_class(text) is AssetClass.CASH

    def _account_id(self, k: int) -> str:
        """Return the account a row names, or the one above it where only the first row names it."""
        named = self.columns.text("account_id", k)
        if not named and self._last_account:
            self.draft.note(self.columns.where(k, "account_id"),
                            "empty account cells were filled from the row above")
        self._last_account = named or self._last_account
        return self._last_account or self.default_account

    def _account(self, k: int) -> str:
        account_id = self._account_id(k)
        account = self.draft.accounts.get(account_id)
        if account is None:
            account = self.draft.account(account_id, self.columns.where(k))
            account.name = self.columns.text("account_name", k)
            account.firm = self.columns.text("firm", k)
            account.venue = self.columns.text("venue", k).casefold() or self.venue
        if account.account_type is None and (text := self.columns.text("account_type", k)):
            account.account_type = words.account_type(text)
            if account.account_type is None:
                self.draft.note(self.columns.where(k, "account_type"),
                                f"“{text}” is not an account type we know",
                                "use one of the account types of the template")
        return account_id

    def _cash(self, k: int, symbol: str) -> None:
        quantity, price = self.columns.number("quantity", k), self._price(k)
        amount = self.columns.number("market_value", k)
        if quantity is not None and (price in (None, 1) or amount is None):
            amount = quantity * (price if price is not None else 1)
        where, account = self.columns.where(k), self._account(k)
        if amount is None:
            self.draft.exclude(where, f"the cash line {symbol} has no amount",
                               "fill in the quantity", account)
            return
        currency = self.columns.text("currency", k) or cash_currency(symbol) or "USD"
        self.draft.cash.append(CashLine(account, currency.upper(), amount, where))
        self.totals.add_cash(k, amount, currency.upper())

    def _position(self, k: int, symbol: str) -> None:
        where, account = self.columns.where(k), self._account(k)
        self._read_quantity = None
        self.totals.read_row(k)
        try:
            self._check(k)
            described = self._described(k, symbol)
            quantity = self._quantity(k, described)
            if quantity is None:
                return
            instrument = self._instrument(described)
            position = self._made(k, account, described, instrument, quantity, where)
        except RowError as error:
            self._held_back(k, error, account, where)
            return
        self._repeats(position)
        self.draft.positions.append(position)
        self.totals.add(k, position)

    def _held_back(self, k: int, error: RowError, account: str, where: str) -> None:
        self.draft.exclude(where, error.what, error.remedy + self._implied_size(k, error), account)
        if error.held is None:
            return
        quantity = self._read_quantity
        if quantity is not None:
            self.totals.loaded_quantity += quantity
            self.draft.held_back.append(Position(
                account, error.held, quantity, self._price(k), where, self._extras(k)))

    def _implied_size(self, k: int, error: RowError) -> str:
        """Say which multiplier the stated notional implies, where the contract size is missing."""
        notional, price = self.columns.number("notional", k), self._price(k)
        quantity = self._read_quantity
        if error.held is None or not notional or not price or not quantity:
            return ""
        return f"; its notional implies {abs(notional / price / quantity).normalize():f}"

    def _check(self, k: int) -> None:
        """Refuse a row with an unreadable cell or a formula without a stored value."""
        if not self.columns.faults and not self.columns.sheet.unread:
            return
        for name in self.columns.map.fields:
            fault = self.columns.faults.get((name, k))
            if fault is not None and name != "market_value":
                raise RowError(f"{name} in {self.columns.where(k, name)}: {fault.what}",
                               _remedy(name, fault))
        unread = self.columns.sheet.unread
        if unread:
            row = self.columns.table.body[k]
            for name, i in self.columns.map.fields.items():
                if (row, i) in unread:
                    raise RowError(f"{name} in {self.columns.where(k, name)} is a formula without "
                                   "a stored value", SAVE_IN_EXCEL)

    def _quantity(self, k: int, described: Described | None) -> Decimal | None:
        columns = self.columns
        quantity = columns.number("quantity", k)
        if quantity is None:
            long, short = columns.number("qty_long", k), columns.number("qty_short", k)
            if long is not None or short is not None:
                quantity = (long or Decimal(0)) - abs(short or Decimal(0))
        if quantity is None and described is not None and described.asset_class in SWAPS:
            quantity = described.notional
        if quantity is None:
            raise RowError(f"{self._symbol(k) or 'the row'} has no quantity",
                           "fill in the quantity")
        if quantity == 0:
            self.draft.note(columns.where(k), "rows with quantity 0 were skipped")
            return None
        signed = self._sided(k, quantity)
        self.totals.stated_quantity += signed
        self._read_quantity = signed
        return signed

    def _sided(self, k: int, quantity: Decimal) -> Decimal:
        text = self.columns.text("side", k)
        side = words.side(text) if text else None
        if side is None or (side > 0) == (quantity > 0):
            return quantity
        if quantity < 0 or self.signed:
            raise RowError(f"quantity {quantity} contradicts the side “{text}”",
                           "correct the quantity or the side")
        return -quantity

    def _described(self, k: int, symbol: str) -> Described:
        columns = self.columns
        text = columns.text("asset_class", k)
        kind = words.asset_class(text) if text else None
        if text and kind is None:
            raise RowError(f"asset class “{text}” in {columns.where(k, 'asset_class')} is not "
                           "one we know", "use one of the asset classes of the template")
        described = Described(
            symbol, kind, columns.text("underlying", k), columns.text("currency", k).upper(),
            columns.number("multiplier", k), columns.date("expiry", k), k in columns.months,
            columns.number("strike", k), words.right(columns.text("put_call", k)),
            STYLES.get(columns.text("exercise_style", k).casefold(), ""),
            columns.text("settlement", k).casefold(), columns.number("notional", k),
            columns.number("fixed_rate", k), columns.text("pay_receive", k).casefold(),
            columns.date("maturity", k), columns.text("rating", k),
            columns.text("reference_entity", k), columns.number("spread_bp", k),
            columns.text("description", k), columns.text("venue", k).casefold() or self.venue,
            self._is_crypto_account(k))
        if not symbol and not described.underlying:
            return self._from_description(described)
        return described

    def _from_description(self, described: Described) -> Described:
        parsed = self.draft.desk.parse(described.description.upper())
        if parsed is None or parsed.sort in ("security", "index"):
            raise RowError("the row names no instrument", "fill in the symbol")
        return replace(described, symbol=described.description.upper())

    def _is_crypto_account(self, k: int) -> bool:
        account = self.draft.accounts.get(self._account_id(k))
        kind = account.account_type if account else None
        return bool(self.venue) or (kind is not None and kind.value.startswith(CRYPTO))

    def _instrument(self, described: Described) -> Instrument:
        known = self._instruments.get(described)
        if known is None:
            try:
                known = instrument_of(described, self.draft.desk)
            except RowError as error:
                known = error
            self._instruments[described] = known
        if isinstance(known, RowError):
            raise known
        return known

    def _made(self, k: int, account: str, described: Described, instrument: Instrument,
              quantity: Decimal, where: str) -> Position:
        price = self._price(k)
        if price is not None and price < 0 and instrument.asset_class in NEVER_NEGATIVE:
            raise RowError(f"{instrument.symbol}: price {price} is negative", "correct the price")
        extras = self._extras(k)
        self._market(k, instrument, where)
        if price is not None and _premium_in_coin(described, instrument):
            extras = (*extras, ("premium in coin", f"{price} {instrument.underlying}"))
            price = self._in_dollars(price, instrument)
        remark = price_unit_remark(instrument, quantity, price,
                                   self.columns.number("market_value", k))
        if remark:
            self.draft.say(self.columns.where(k, "price"), *remark, severity="warning")
        return Position(account, instrument, quantity, price, where, extras)

    def _in_dollars(self, price: Decimal, instrument: Instrument) -> Decimal | None:
        market = self.draft.underlyings.get(instrument.underlying)
        implied = self.draft.implied_prices.get(instrument.underlying)
        index = market.price if market else implied[0] if implied else None
        if index is None:
            self.draft.note(self.columns.where(0), "premiums in coin need the price of the coin",
                            "add the coin to the Market sheet")
            return None
        return price * index

    def _market(self, k: int, instrument: Instrument, where: str) -> None:
        price = self.columns.number("underlying_price", k)
        if price is not None and price > 0:
            self.draft.implied_prices.setdefault(
                instrument.underlying, (price, instrument.currency, where))
        rate = self.columns.number("fx_rate", k)
        if rate is not None and rate > 0 and instrument.currency != "USD":
            self.draft.fx.setdefault(instrument.currency, rate)

    def _extras(self, k: int) -> tuple[tuple[str, str], ...]:
        if not self.extras:
            return ()
        row = self.columns.sheet.rows[self.columns.table.body[k]]
        return tuple((header, text_of(row[i])) for header, i in self.extras
                     if i < len(row) and row[i] != "" and not is_blank(row[i]))

    def _repeats(self, position: Position) -> None:
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


def _premium_in_coin(described: Described, instrument: Instrument) -> bool:
    terms = instrument.terms
    return (isinstance(terms, OptionTerms) and bool(terms.settlement_currency)
            and described.currency == terms.settlement_currency)


def _remedy(name: str, fault: Fault) -> str:
    if "error" in fault.what:
        return SAVE_IN_EXCEL
    return "use YYYY-MM-DD" if name in ("expiry", "maturity", "as_of") else f"correct the {name}"
