"""The equity of an account, line by line, in the reporting currency."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workstation.base.explain import Explained, total
from workstation.base.vocabulary import AssetClass, Wrapper
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.book.valuation import VARIATION_MARGINED
from workstation.rulebooks.finra_4210.charges import amount

ZERO = Decimal(0)
_OPTIONS = frozenset({Wrapper.LISTED_OPTION, Wrapper.FUTURE_OPTION, Wrapper.CRYPTO_OPTION})
_LINES: tuple[tuple[str, Callable[[Position], bool]], ...] = (
    ("long options", lambda p: p.instrument.wrapper in _OPTIONS and p.quantity > 0),
    ("short options", lambda p: p.instrument.wrapper in _OPTIONS),
    ("debt, net", lambda p: p.instrument.wrapper is Wrapper.BOND),
    ("long stock, funds and coins", lambda p: p.quantity > 0),
    ("short stock, funds and coins", lambda p: True),
)


def equity_of(account: Account, holdings: ResolvedBook, book: Book | None = None
              ) -> tuple[Explained, tuple[str, ...]]:
    """Return net liquidating equity and what the reader should know about it.

    equity = cash + market value of what is owned - market value of what is owed
    """
    cash, notes = _cash(account, holdings)
    parts = [cash]
    owned = [p for p in holdings.positions if p.instrument.wrapper not in VARIATION_MARGINED
             and p.instrument.asset_class is not AssetClass.CASH]
    for name, belongs in _LINES:
        chosen = [p for p in owned if belongs(p)]
        owned = [p for p in owned if not belongs(p)]
        value = sum((_value(p, holdings) for p in chosen), ZERO)
        if value:
            count = ("positions", str(len(chosen)))
            parts.append(amount(name, value, None, (count,)))
    lots = _lots(account, holdings, book)
    if lots:
        parts.append(amount("collateral lots beside positions", lots, None,
                            (("valued", "at market, before haircut"),)))
    unpriced = sum(p.price is None for p in holdings.positions
                   if p.instrument.wrapper not in VARIATION_MARGINED
                   and p.instrument.asset_class is not AssetClass.CASH)
    if unpriced:
        notes.append(f"{unpriced} positions without a price count as nothing in equity")
    return total("Equity", *parts), tuple(notes)


def owes_securities(holdings: ResolvedBook) -> bool:
    """Say whether anything is short."""
    return any(p.quantity < 0 for p in holdings.positions)


def _value(position: Position, holdings: ResolvedBook) -> Decimal:
    return position.value * (holdings.market.fx_rate(position.instrument.currency) or ZERO)


def _cash(account: Account, holdings: ResolvedBook) -> tuple[Explained, list[str]]:
    """Return cash in the reporting currency; positions of class cash are cash too."""
    sums: dict[str, Decimal] = {}
    positions = ((p.instrument.currency, p.quantity if p.price is None else p.value)
                 for p in holdings.positions if p.instrument.asset_class is AssetClass.CASH)
    for currency, held in ((account.currency, account.cash), *account.other_cash, *positions):
        sums[currency] = sums.get(currency, ZERO) + held
    value, shown, notes = ZERO, [], list[str]()
    for currency, held in sums.items():
        rate = holdings.market.fx_rate(currency)
        if rate is None:
            notes.append(f"cash in {currency} has no exchange rate and is left out of equity")
            continue
        value += held * rate
        shown.append((currency, f"{held:,f}"))
    if not (value or account.cash_stated):
        notes.append("the file states no cash for this account")
    return amount("cash, a debit negative", value, None, tuple(shown)), notes


def _lots(account: Account, holdings: ResolvedBook, book: Book | None) -> Decimal:
    if book is None:
        return ZERO
    held = {p.instrument.symbol for p in holdings.positions}
    return sum((lot.quantity * lot.price * (book.market.fx_rate(lot.currency) or ZERO)
                for lot in book.lots
                if lot.account_id == account.account_id and lot.symbol not in held), ZERO)
