"""Coins, stablecoins and tokens among the lots: what each regime takes and at what haircut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from workstation.base.explain import Citation
from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot
from workstation.measures.tokens import Token, venue_local_depeg
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter

FOLDER = "token_collateral"
ZERO = Decimal(0)
ONE = Decimal(1)
PAYMENT = "payment stablecoin"
TOKENS = frozenset({AssetClass.CRYPTO, AssetClass.STABLECOIN, AssetClass.WRAPPED_TOKEN,
                    AssetClass.TOKENISED_SECURITY})
REGIMES: Mapping[str, str] = {
    "broker_dealer_capital": "broker-dealer capital",
    "futures_merchant_capital": "futures merchant capital",
    "futures_customer_margin": "margin of futures customers",
    "uncleared_swaps": "margin of uncleared swaps",
}


@dataclass(frozen=True, slots=True)
class TokenEligibility:
    """One lot under one regime: what it counts for in the reporting currency, and why."""

    lot: str
    symbol: str
    regime: str
    token: Token
    value: Decimal
    reason: str
    cite: Citation


@dataclass(frozen=True, slots=True)
class LocalDepeg:
    """A lot marked down at its own venue alone; the loss in the reporting currency, no haircut."""

    lot: str
    symbol: str
    location: str
    mark: Decimal
    stressed: Decimal
    loss: Decimal
    citation: str


def token_eligibility(book: Book, rules: RuleSet) -> tuple[TokenEligibility, ...]:
    """Return every token lot under every regime; what none takes counts nothing and says so."""
    lots = _token_lots(book)
    if not lots or not rules.has(FOLDER):
        return ()
    edition = rules.edition(FOLDER)
    return tuple(
        _judged(lot, label, edition[name], edition, book)
        for lot in lots for name, label in REGIMES.items() if name in edition)


def as_token(lot: CollateralLot, edition: Edition, book: Book) -> Token:
    """Return a lot as a token at the place it lies, prices in its own currency.

    A payment stablecoin redeems at one dollar; anything else at its own mark.
    """
    symbol = lot.symbol.upper()
    dollar = _dollar(lot, book)
    redeems = dollar if symbol in edition["payment_stablecoins"].raw and dollar else lot.price
    move = _listed(edition["mobility"], symbol)
    return Token(
        symbol, lot.custodian, lot.quantity, lot.price, redeems,
        mobile=bool(move["mobile"]) if move else True,
        settlement_lag=max(lot.settlement_lag, int(move["settlement_lag"]) if move else 0))


def local_depeg_losses(book: Book, rules: RuleSet) -> tuple[LocalDepeg, ...]:
    """Return what each lot loses if its own venue alone marks it as in October 2025.

    Lots whose token was not hit are left out.
    """
    lots = _token_lots(book)
    if not lots or not rules.has(FOLDER):
        return ()
    edition = rules.edition(FOLDER)
    found = []
    for lot in lots:
        price = _stressed(lot, edition, book)
        fx = book.market.fx_rate(lot.currency)
        if price is not None and fx is not None and price < lot.price:
            token = as_token(lot, edition, book)
            (hit,) = venue_local_depeg([token], lot.custodian, token.symbol, price)
            found.append(LocalDepeg(
                lot.lot, token.symbol, lot.custodian, lot.price, price,
                (token.value - hit.value) * fx, str(edition["local_depegs"].cite)))
    return tuple(found)


def _token_lots(book: Book) -> list[CollateralLot]:
    return [lot for lot in book.lots if lot.asset_class.lower() in TOKENS]


def _judged(lot: CollateralLot, regime: str, table: Parameter, edition: Edition, book: Book
            ) -> TokenEligibility:
    token, fx = as_token(lot, edition, book), book.market.fx_rate(lot.currency)
    row = _line(table, token.symbol, edition)
    if row is None or fx is None:
        why = f"no exchange rate from {lot.currency}" if row else f"not taken as {regime}"
        token = replace(token, eligible=False)
    else:
        token = replace(token, haircut=Decimal(row["haircut"]))
        why = "; ".join([str(row["reads"]), *_remarks(token)])
    return TokenEligibility(lot.lot, token.symbol, regime, token, token.value * (fx or ZERO), why,
                            table.cite)


def _remarks(token: Token) -> Iterator[str]:
    if token.venue_price < token.redeem_price:
        yield f"marked {token.wrapper_discount:.2%} below redemption"
    elif token.venue_price > token.redeem_price:
        yield "counted at redemption, below its mark"
    if not token.mobile:
        yield "cannot be moved now"


def haircut_under(edition: Edition, regime: str, symbol: str) -> Decimal | None:
    """Return the haircut of a token under a regime; None where the regime does not take it."""
    row = _line(edition[regime], symbol.upper(), edition)
    return None if row is None else Decimal(row["haircut"])


def _line(table: Parameter, symbol: str, edition: Edition) -> Mapping[str, Any] | None:
    """Find a token's line: by its name, else as a payment stablecoin where it is one."""
    return _listed(table, symbol) or (
        _listed(table, PAYMENT) if symbol in edition["payment_stablecoins"].raw else None)


def _listed(table: Parameter, symbol: str) -> Mapping[str, Any] | None:
    return next((row for row in table.rows
                 if symbol in row["tokens"] or "*" in row["tokens"]), None)


def _dollar(lot: CollateralLot, book: Book) -> Decimal | None:
    """Return one dollar in the lot's currency."""
    if lot.currency == "USD":
        return ONE
    dollar, own = book.market.fx_rate("USD"), book.market.fx_rate(lot.currency)
    return dollar / own if dollar and own else None


def _stressed(lot: CollateralLot, edition: Edition, book: Book) -> Decimal | None:
    """Return a token's price in the stress, in the lot's currency; None where none is known."""
    row = next((r for r in edition["local_depegs"].rows if r["token"] == lot.symbol.upper()), None)
    if row is None:
        return None
    if row["in"] == "USD":
        dollar = _dollar(lot, book)
        return None if dollar is None else Decimal(row["price"]) * dollar
    coin = book.market.underlying(str(row["in"]))
    if coin is None or coin.currency != lot.currency:
        return None
    return Decimal(row["price"]) * coin.price
