"""What does not fit together in a book as read: rates, dates, prices missing or apart."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.positions import Position
from workstation.importers.draft import Draft
from workstation.importers.units import TOLERANCE
from workstation.market.market import Market
from workstation.rulebooks.span.portfolio import account_class

A = AssetClass
HELD_OUTRIGHT = frozenset({A.EQUITY, A.ETF, A.ETP, A.MUTUAL_FUND, A.TOKENISED_SECURITY,
                           A.MONEY_MARKET_FUND, A.CRYPTO, A.STABLECOIN, A.WRAPPED_TOKEN})
WHOLE = frozenset({A.FUTURE, A.FUTURE_OPTION, A.SECURITY_FUTURE})
MOST_NAMED = 5


def check_book(draft: Draft, accounts: Iterable[Account], market: Market) -> None:
    """Say what an analyst would ask the client about before trusting a figure."""
    _check_currencies(draft, accounts, market)
    _check_expiries(draft)
    _check_contracts(draft)
    _check_profiles(draft, accounts)
    _check_worthless(draft)
    _check_prices(draft)


def _check_currencies(draft: Draft, accounts: Iterable[Account], market: Market) -> None:
    used = {position.instrument.currency: position.where for position in reversed(draft.positions)}
    used.update({line.currency: line.where for line in draft.cash if line.amount})
    for account in accounts:
        if account.cash:
            used.setdefault(account.currency, account.where)
    for currency, where in sorted(used.items()):
        if market.fx_rate(currency) is None:
            draft.say(where, f"no exchange rate from {currency} to {market.currency}; cash and "
                      f"positions in {currency} are not counted",
                      f"add {currency}{market.currency} to the Market sheet", "warning")
    if len(used) > 1:
        draft.say(draft.file_name, "the book is in several currencies: " + ", ".join(sorted(used)))


def _check_expiries(draft: Draft) -> None:
    for position in (*draft.positions, *draft.held_back):
        expiry = position.instrument.expiry
        if expiry is not None and expiry < draft.desk.as_of:
            draft.say(position.where, f"{position.instrument.symbol} expired on {expiry}, before "
                      f"{draft.desk.as_of}", "remove it or correct the expiry", "warning")


def _check_contracts(draft: Draft) -> None:
    """Name futures and options on them held in parts of a contract, which no exchange lists."""
    split = [p for p in (*draft.positions, *draft.held_back)
             if p.instrument.asset_class in WHOLE and p.quantity % 1]
    if split:
        names = _named(f"{p.quantity.normalize():f} {p.instrument.symbol}" for p in split)
        draft.say(split[0].where, f"not a whole number of contracts, margined pro rata: {names}",
                  "correct the quantity", "warning")


def _check_profiles(draft: Draft, accounts: Iterable[Account]) -> None:
    """Name risk profiles that mean nothing here; such accounts are margined as heightened."""
    for account in accounts:
        if account.risk_profile and account_class(account.risk_profile) is None:
            draft.say(account.where or draft.file_name, f"account {account.account_id}: the risk "
                      f"profile “{account.risk_profile}” is none we know, taken as heightened",
                      "write hrp, non_hrp, member or house", "warning")


def _check_worthless(draft: Draft) -> None:
    """Name holdings priced at nothing: nothing is asked for them, which may be a missing price."""
    worthless = [p for p in draft.positions
                 if p.price == 0 and p.instrument.asset_class in HELD_OUTRIGHT]
    if worthless:
        names = _named(p.instrument.symbol for p in worthless)
        draft.say(worthless[0].where, f"priced at 0, so they count for nothing: {names}",
                  "fill in the price, or remove what is worthless", "warning")


def _check_prices(draft: Draft) -> None:
    """Name holdings whose price is not the one their other rows or the Market sheet give."""
    first: dict[str, tuple[Decimal, str, str]] = {
        symbol: (row.price, row.currency, row.where) for symbol, row in draft.underlyings.items()}
    apart: dict[str, tuple[Position, Decimal, str]] = {}
    for position in draft.positions:
        instrument, price = position.instrument, position.price
        if not price or instrument.asset_class not in HELD_OUTRIGHT:
            continue
        symbol = instrument.symbol
        other, currency, where = first.setdefault(
            symbol, (price, instrument.currency, position.where))
        if currency == instrument.currency and abs(price - other) > TOLERANCE * abs(other):
            apart.setdefault(symbol, (position, other, where))
    for symbol, (position, other, where) in list(apart.items())[:MOST_NAMED]:
        draft.say(position.where, f"{symbol} is priced {position.price:,f} here and {other:,f} at "
                  f"{where}", "bring both to one price and unit", "warning")
    if len(apart) > MOST_NAMED:
        names = _named(list(apart)[MOST_NAMED:])
        draft.say(draft.file_name, f"priced differently in two places as well: {names}",
                  "bring both to one price and unit", "warning")


def _named(symbols: Iterable[str]) -> str:
    names = list(dict.fromkeys(symbols))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
