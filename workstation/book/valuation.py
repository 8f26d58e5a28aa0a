"""What the client is worth: cash plus what can be sold."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import money
from workstation.base.vocabulary import AssetClass, Wrapper
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook

_MONEY = frozenset({AssetClass.CASH, AssetClass.STABLECOIN, AssetClass.CRYPTO,
                    AssetClass.WRAPPED_TOKEN})
VARIATION_MARGINED = frozenset({Wrapper.FUTURE, Wrapper.PERPETUAL, Wrapper.SWAP,
                                Wrapper.SECURITY_BASED_SWAP})


def net_liquidating_value(book: Book, holdings: ResolvedBook) -> Decimal:
    """Return cash + market value of what is owned or owed outright, in the reporting currency.

    Futures, perpetuals and swaps settle their gains in cash and add nothing of their own. A
    collateral lot that is also a position of the same account is counted once.
    """
    return cash(book) + _securities(holdings) + _lots_beside_positions(book)


def cash(book: Book) -> Decimal:
    """Return all accounts' cash in the reporting currency; unknown currencies are left out."""
    amounts = [
        amount * rate
        for account in book.accounts
        for currency, amount in ((account.currency, account.cash), *account.other_cash)
        if (rate := book.market.fx_rate(currency)) is not None
    ]
    return sum(amounts, Decimal(0))


def unstated(book: Book) -> frozenset[str]:
    """Return the accounts of whose money the file says nothing: no cash, no coins, no lots.

    What they can meet is unknown, so nothing may be said to be called.
    """
    told = {lot.account_id for lot in book.lots}
    told |= {p.account_id for p in book.positions if p.instrument.asset_class in _MONEY}
    return frozenset(account.account_id for account in book.accounts
                     if not (account.cash_stated or account.cash or account.other_cash)
                     and account.account_id not in told)


def _securities(holdings: ResolvedBook) -> Decimal:
    owned = [p.instrument.wrapper not in VARIATION_MARGINED for p in holdings.positions]
    return sum((money(v) for v, own in zip(holdings.value, owned, strict=True) if own), Decimal(0))


def _lots_beside_positions(book: Book) -> Decimal:
    held = {(p.account_id, p.instrument.symbol) for p in book.positions}
    return sum(
        (lot.quantity * lot.price * rate for lot in book.lots
         if (lot.account_id, lot.symbol) not in held
         and (rate := book.market.fx_rate(lot.currency)) is not None),
        Decimal(0),
    )
