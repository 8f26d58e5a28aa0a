"""Tell the rows of a position table apart: positions, cash lines, totals, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from workstation.base.identifiers import restored_cusip
from workstation.base.vocabulary import AssetClass
from workstation.importers import words
from workstation.importers.as_of import dates_in
from workstation.importers.cells import Columns
from workstation.importers.described import RowError
from workstation.importers.draft import Draft
from workstation.importers.identifiers import is_currency_pair
from workstation.importers.imported import CashLine
from workstation.importers.labels import Label, cash_currency, label
from workstation.importers.row_accounts import RowAccounts
from workstation.importers.row_doubts import lot_rows, say_debit_column, say_sums_of_rows
from workstation.importers.row_positions import RowPositions
from workstation.importers.row_terms import check_cells, described, signed_quantity
from workstation.importers.sheets import is_blank, text_of
from workstation.importers.titles import account_named
from workstation.importers.totals import RunningTotals
from workstation.importers.words import CURRENCIES

IDENTIFIERS = ("symbol", "cusip", "isin", "figi", "sedol")
NAMING = ("underlying", "reference_entity", "description", "put_call")
"""Texts that make a row without identifier a position, whatever its figures add up to."""
AMOUNTS = ("quantity", "qty_long", "qty_short", "market_value", "notional")
SHORTEST_CUSIP, CUSIP_LENGTH = 6, 9
MOST_NOTES = 10
FOOTNOTE = re.compile(r"\s*(?:\*+|[†‡§]|\(\d\)|\[\d\])$")
SHOWN = 60
"""Letters of a note that a problem repeats."""


@dataclass(slots=True)
class RowReader:
    """Reads one table into a draft; `default_account` serves rows that name no account."""

    columns: Columns
    draft: Draft
    default_account: str
    venue: str = ""
    accounts: RowAccounts = field(init=False)
    positions: RowPositions = field(init=False)
    totals: RunningTotals = field(init=False)
    _signed: bool = field(init=False)
    _quantity: Decimal | None = None
    _notes: int = 0

    def __post_init__(self) -> None:
        columns, draft = self.columns, self.draft
        self.accounts = RowAccounts(columns, draft, self.default_account, self.venue)
        self.positions = RowPositions(columns, draft)
        self.totals = RunningTotals(columns, draft)
        quantities = columns.numbers.get("quantity", ())
        self._signed = any(value is not None and value < 0 for value in quantities)
        self.positions.unsigned = not self._signed and not {
            "side", "qty_short", "pay_receive"} & set(columns.map.fields)

    def read(self) -> None:
        """Read every row of the body."""
        for where, what, remedy in self.columns.remarks:
            self.draft.say(where, what, remedy, "warning")
        first = len(self.draft.positions)
        lots = lot_rows(self.columns, IDENTIFIERS)
        if lots:
            self.draft.say(self.columns.where(min(lots)), f"{len(lots)} rows without a symbol are "
                           "the lots of the rows above them and were not added")
        for k in range(len(self.columns.table.body)):
            if k not in lots:
                self._row(k)
        self.totals.close()
        say_sums_of_rows(self.draft, first)
        if self.positions.unsigned:
            say_debit_column(self.columns, self.draft)

    def _row(self, k: int) -> None:
        symbol = self._symbol(k)
        marked = label(symbol) if symbol else self._unnamed(k)
        if not marked and self._is_note(k):
            return
        self.draft.rows_read += 1
        if marked == "total" or (
                marked == "weak total" and self.columns.number("price", k) is None):
            self.totals.stated(k)
        elif marked == "cash" or self._is_cash(k):
            self._cash(k, symbol)
        else:
            self._position(k, symbol)

    def _symbol(self, k: int) -> str:
        first = ""
        for name in IDENTIFIERS:
            text = self.columns.text(name, k)
            text = self._restored(k, text) if text and name == "cusip" else text
            text = self._without_mark(k, name, text)
            if text and (not first or self.draft.desk.parse(text) is not None):
                if first:
                    self.draft.note(self.columns.where(k, name), "rows whose name is no symbol "
                                    "were read by their identifier")
                first = text
            if first and self._is_clear(k, first):
                break
        return first

    def _without_mark(self, k: int, name: str, text: str) -> str:
        """Take a footnote's mark off an identifier, where only then it is one."""
        if not text or text[-1].isalnum():
            return text
        bare = FOOTNOTE.sub("", text)
        if bare == text or label(text) or self.draft.desk.parse(text) is not None or (
                self.draft.desk.parse(bare) is None):
            return text
        self.draft.note(self.columns.where(k, name), "marks of footnotes were taken off symbols")
        return bare

    def _is_clear(self, k: int, text: str) -> bool:
        """Say whether a row needs no further identifier beside its first one."""
        return bool(self.columns.text("asset_class", k) or label(text)) or (
            self.draft.desk.parse(text) is not None)

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
        named = any(self.columns.text(name, k) for name in NAMING) or any(
            column[k] is not None for column in self.columns.dates.values())
        return "total" if not named and self.totals.is_running_sum(k) else ""

    def _is_note(self, k: int) -> bool:
        """Say whether a row is a line of text, such as a footer or a group title."""
        if any(self.columns.number(name, k) is not None for name in AMOUNTS):
            return False
        if any(row == k for _, row in self.columns.faults):
            return False
        row = self.columns.sheet.rows[self.columns.table.body[k]]
        filled = [cell for cell in row if not is_blank(cell)]
        if len(filled) != 1 or not isinstance(filled[0], str):
            return False
        text = filled[0].strip()
        account = account_named([text]) if "account_id" not in self.columns.map.fields else ""
        if account:
            self.accounts.begin(account)
            self.draft.note(self.columns.where(k), "accounts were read from lines between the rows")
            return True
        if not dates_in(text):
            self._notes += 1
            named = f"“{text[:SHOWN]}” was" if self._notes <= MOST_NOTES else "further lines were"
            self.draft.note(self.columns.where(k), f"{named} read as a note")
        return True

    def _is_cash(self, k: int) -> bool:
        text = self.columns.text("asset_class", k)
        return bool(text) and words.asset_class(text) is AssetClass.CASH

    def _cash(self, k: int, symbol: str) -> None:
        quantity, price = self.columns.number("quantity", k), self.columns.number("price", k)
        amount = self.columns.number("market_value", k)
        if quantity is not None and (price in (None, 1) or amount is None):
            amount = quantity * (price if price is not None else 1)
        where, account = self.columns.where(k), self.accounts.of_row(k)
        pair = is_currency_pair(symbol)
        if pair is not None and quantity is not None:
            self.draft.cash.append(CashLine(account, pair[0], quantity, where))
            self.totals.rows += 1
            return
        if symbol in CURRENCIES and quantity is not None and price not in (None, 1) and (
                abs(quantity) != 1):
            self._foreign_cash(k, symbol, quantity, price)
            return
        if amount is None:
            self.draft.exclude(where, f"the cash line {symbol} has no amount",
                               "fill in the quantity", account)
            return
        currency = self.columns.text("currency", k) or cash_currency(symbol) or "USD"
        self.draft.cash.append(CashLine(account, currency.upper(), amount, where))
        self.totals.add_cash(k, amount, currency.upper())

    def _foreign_cash(self, k: int, symbol: str, quantity: Decimal, price: Decimal | None) -> None:
        """Read an amount of a currency beside its exchange rate in the price column."""
        self.draft.note(self.columns.where(k), f"the price {price} of {symbol} was read as an "
                        "exchange rate, its quantity as the amount")
        self.draft.cash.append(CashLine(self.accounts.of_row(k), symbol, quantity,
                                        self.columns.where(k)))
        self.totals.rows += 1

    def _position(self, k: int, symbol: str) -> None:
        account = self.accounts.of_row(k)
        self._quantity = None
        self.totals.read_row(k)
        try:
            self._load(k, symbol, account)
        except RowError as error:
            self._leave_out(k, error, account)

    def _load(self, k: int, symbol: str, account: str) -> None:
        """Add the position of row k; raises RowError with the reason why it is none."""
        check_cells(self.columns, k)
        row = described(self.columns, k, symbol, self.accounts.venue_of(account),
                        self.accounts.holds_crypto(account), self.draft.desk)
        quantity = signed_quantity(self.columns, k, row, self._signed)
        if quantity == 0:
            self.draft.note(self.columns.where(k), "rows with quantity 0 were skipped")
            return
        self._quantity = quantity
        self.totals.stated_quantity += quantity
        position = self.positions.made(k, account, row, quantity)
        self.totals.stated_quantity += position.quantity - quantity
        self.draft.positions.append(position)
        self.totals.add(k, position)

    def _leave_out(self, k: int, error: RowError, account: str) -> None:
        """Exclude a row; keep what is understood of it where only its contract size is missing."""
        remedy = error.remedy + self._implied_size(k, error)
        self.draft.exclude(self.columns.where(k), error.what, remedy, account)
        if error.held is not None and self._quantity is not None:
            self.totals.loaded_quantity += self._quantity
            self.draft.hold_back(
                self.positions.held_back(k, account, error.held, self._quantity))

    def _implied_size(self, k: int, error: RowError) -> str:
        """Say which multiplier the stated notional implies, where the contract size is missing."""
        notional, price = self.columns.number("notional", k), self.columns.number("price", k)
        if error.held is None or not notional or not price or not self._quantity:
            return ""
        return f"; its notional implies {abs(notional / price / self._quantity).normalize():f}"
