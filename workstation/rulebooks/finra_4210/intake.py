"""From an account's positions to the securities the paragraphs margin, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.base.wording import underlying_class_words
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.instruments.terms import BondTerms
from workstation.market.market import Market, Underlying
from workstation.rulebooks.finra_4210.securities import Debt, Option, Stock

ONE = Decimal(1)
EQUITY_LIKE = frozenset({
    AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.MUTUAL_FUND,
    AssetClass.MONEY_MARKET_FUND, AssetClass.CONVERTIBLE, AssetClass.SECURITY_FUTURE,
})
DEBT = frozenset({AssetClass.TREASURY, AssetClass.AGENCY, AssetClass.MUNICIPAL,
                  AssetClass.CORPORATE_BOND})
_CRYPTO = frozenset({AssetClass.CRYPTO, AssetClass.STABLECOIN, AssetClass.WRAPPED_TOKEN})
_SWAPS = frozenset({AssetClass.SWAP, AssetClass.CLEARED_SWAP, AssetClass.CDS, AssetClass.CDS_INDEX,
                    AssetClass.SECURITY_BASED_SWAP, AssetClass.FX_FORWARD})
_NO = frozenset({"no", "n", "false", "0", "non-margin", "nonmargin"})
CONVERSION_COLUMN, RATIO_BASE = "conversion_ratio", 1000
OTC_COLUMN = "otc"
OTC_ALONE = frozenset({UnderlyingClass.OTHER_GOVERNMENT, UnderlyingClass.CORPORATE_DEBT})
EXEMPT_ACCOUNT = "exempt account"
_SALE_COLUMNS = ("sale_price", "short_sale_price", "trade_price", "average_price", "avg_price",
                 "open_price", "cost_price")
_YES = frozenset({"yes", "y", "true", "1", "otc"})
_MARGIN_COLUMNS = ("marginable", "margin_eligible")


@dataclass(frozen=True, slots=True)
class Intake:
    """An account's securities, netted and in a stable order, with the positions left out."""

    stocks: tuple[Stock, ...]
    options: tuple[Option, ...]
    debts: tuple[Debt, ...]
    cash: tuple[str, ...]
    excluded: tuple[Exclusion, ...]


def take_in(holdings: ResolvedBook, account_id: str) -> Intake:
    """Sort the positions of one account into securities; nothing is dropped without a reason."""
    return holdings.kept(("4210 intake", account_id), lambda held: _taken_in(held, account_id))


def _taken_in(holdings: ResolvedBook, account_id: str) -> Intake:
    stocks, options, debts = list[Stock](), list[Option](), list[Debt]()
    cash, excluded = list[str](), list[Exclusion]()
    for row, position in enumerate(holdings.positions):
        refused = _refusal(holdings, row, position, account_id)
        kind = position.instrument.asset_class
        if refused is not None:
            excluded.append(refused)
        elif kind is AssetClass.CASH:
            cash.append(position.instrument.symbol)
        elif kind is AssetClass.LISTED_OPTION:
            options.append(_option(position, holdings.market))
        elif kind in DEBT:
            debts.append(_debt(position, holdings.market))
        else:
            stocks.append(_stock(position, holdings.market))
    return Intake(
        _by_side(stocks, lambda s: (s.symbol, s.asset_class, s.short), _more_shares),
        _netted(options, lambda o: (o.symbol, o.terms, o.multiplier, o.otc), _more_contracts),
        _netted(debts, lambda d: (d.symbol, d.asset_class), _more_principal),
        tuple(sorted(set(cash))), tuple(excluded),
    )


def in_exempt_account(intake: Intake, account: Account) -> Intake:
    """Return the intake with its debt marked where the account's programme says it is exempt."""
    said = account.programme.strip().lower().replace("-", " ").replace("_", " ")
    if EXEMPT_ACCOUNT not in said:
        return intake
    return replace(intake, debts=tuple(replace(debt, exempt_account=True)
                                       for debt in intake.debts))


def _refusal(holdings: ResolvedBook, row: int, position: Position,
             account_id: str) -> Exclusion | None:
    problem = holdings.unpriced[row]
    if problem is not None:
        return Exclusion(problem.where, problem.what, problem.remedy, account_id)
    what, remedy = _not_margined(position, holdings.market)
    if not what:
        return None
    return Exclusion(position.where, f"{position.instrument.symbol}: {what}", remedy, account_id)


def _not_margined(position: Position, market: Market) -> tuple[str, str]:
    """Say why 4210 does not margin a position, and what would; empty where it does."""
    kind = position.instrument.asset_class
    if kind in (AssetClass.FUTURE, AssetClass.FUTURE_OPTION, AssetClass.PERPETUAL):
        return ("a futures contract, not a security; no relief lets it stand in this account",
                "move it to an account of type futures (or the venue that carries it)")
    if kind in _CRYPTO or kind is AssetClass.CRYPTO_OPTION:
        return ("crypto held directly is not a security this rule margins",
                "move it to an account of type crypto_spot or crypto_venue")
    if kind in _SWAPS:
        return ("a swap is not margined under this rule",
                "move it to an account of type sbs, cleared_swaps or uncleared_swaps")
    if kind is AssetClass.TOKENISED_SECURITY:
        return ("whether a tokenised entitlement carries margin value is unconfirmed",
                "enter it as the security itself if the firm treats it so")
    if kind is AssetClass.CASH:
        return "", ""
    return _lacking(position, market)


def _lacking(position: Position, market: Market) -> tuple[str, str]:
    if position.price is None:
        return "no price", "fill in the price column"
    if position.instrument.multiplier <= 0:
        return "its contract size is not above zero", "correct the multiplier column"
    bond = position.instrument.bond
    kind = position.instrument.asset_class
    if kind in (AssetClass.TREASURY, AssetClass.AGENCY) and (bond is None or bond.maturity is None):
        return "no maturity, on which its margin depends", "fill in the maturity column"
    if kind is AssetClass.LISTED_OPTION:
        return _option_lacks(position, market)
    if kind in EQUITY_LIKE and position.quantity < 0 and market.fx_rate("USD") is None:
        return ("the minimum for a short sale is in US dollars and the book has no dollar rate",
                f"add USD{market.currency} to the Market sheet")
    return "", ""


def _option_lacks(position: Position, market: Market) -> tuple[str, str]:
    row = market.underlying(position.instrument.underlying)
    if row is not None and row.underlying_class in OTC_ALONE and not says_yes(
            position, OTC_COLUMN):
        return (f"the rule has percentages of OTC options on "
                f"{underlying_class_words(row.underlying_class)} alone, and the "
                "row does not say it is one", f"fill in the column {OTC_COLUMN} with yes")
    return "", ""


def _rate(position: Position, market: Market) -> Decimal:
    rate = market.fx_rate(position.instrument.currency)
    return ONE if rate is None else rate


def _stock(position: Position, market: Market) -> Stock:
    instrument = position.instrument
    row = market.underlying(instrument.symbol) or Underlying(instrument.symbol, ONE)
    return Stock(
        instrument.symbol, instrument.underlying, instrument.asset_class, abs(position.quantity),
        position.quantity < 0,
        (position.price or Decimal(0)) * instrument.multiplier * _rate(position, market),
        factor(row), row.underlying_class is UnderlyingClass.CRYPTO, _marginable(position),
        market.fx_rate("USD") or ONE, (position.where,), _converts(position),
        _sold_at(position, market),
    )


def factor(row: Underlying) -> Decimal:
    """Return the leverage factor of a fund: its size, whichever way it points, at least 1."""
    return max(abs(row.leverage), ONE)


def _marginable(position: Position) -> bool:
    return not any(name.strip().lower().replace(" ", "_") in _MARGIN_COLUMNS
                   and text.strip().lower() in _NO for name, text in position.extras)


def _converts(position: Position) -> Decimal:
    """Return shares a unit of principal from the column conversion_ratio (shares a thousand)."""
    if position.instrument.asset_class is not AssetClass.CONVERTIBLE:
        return Decimal(0)
    return (_extra_number(position, CONVERSION_COLUMN) or Decimal(0)) / RATIO_BASE


def _sold_at(position: Position, market: Market) -> Decimal | None:
    """Return the price of a short sale, in the reporting currency, from the file's own column."""
    if position.quantity > 0:
        return None
    found = _extra_number(position, *_SALE_COLUMNS)
    return found and found * position.instrument.multiplier * _rate(position, market)


def _extra_number(position: Position, *columns: str) -> Decimal | None:
    """Return a number above zero from a column the product does not require, if it has one."""
    for name, text in position.extras:
        if name.strip().lower().replace(" ", "_") in columns:
            try:
                found = Decimal(text.replace(",", "").strip())
            except InvalidOperation:
                continue
            if found.is_finite() and found > 0:
                return found
    return None


def says_yes(position: Position, column: str) -> bool:
    """Say whether a column the product does not require says yes."""
    return any(name.strip().lower().replace(" ", "_") == column and text.strip().lower() in _YES
               for name, text in position.extras)


def _option(position: Position, market: Market) -> Option:
    instrument, terms = position.instrument, position.instrument.option
    row = market.underlying(instrument.underlying)
    if terms is None or row is None or position.price is None:
        raise ValueError(f"{position.where}: an option without terms or market came this far")
    rate = _rate(position, market)
    return Option(
        instrument.symbol, instrument.underlying, abs(position.quantity), position.quantity < 0,
        position.price * rate, terms.strike * rate, row.price * rate, instrument.multiplier,
        terms, row.underlying_class, factor(row), (position.where,),
        says_yes(position, OTC_COLUMN),
    )


def _debt(position: Position, market: Market) -> Debt:
    instrument = position.instrument
    price = (position.price or Decimal(0)) * instrument.multiplier * _rate(position, market)
    return Debt(instrument.symbol, instrument.asset_class, abs(position.quantity),
                position.quantity < 0, price, instrument.bond or BondTerms(), (position.where,))


_T = TypeVar("_T", Stock, Option, Debt)
_Key = Callable[[_T], tuple[object, ...]]


def _grouped(items: Iterable[_T], key: Callable[[_T], tuple[object, ...]]) -> list[list[_T]]:
    groups: dict[tuple[object, ...], list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    ordered = sorted(groups.items(), key=lambda pair: tuple(map(str, pair[0])))
    return [group for _, group in ordered]


def _by_side(items: Iterable[_T], key: Callable[[_T], tuple[object, ...]],
             merge: Callable[[list[_T]], _T]) -> tuple[_T, ...]:
    return tuple(merge(group) for group in _grouped(items, key))


def _netted(items: Iterable[_T], key: Callable[[_T], tuple[object, ...]],
            merge: Callable[[list[_T]], _T]) -> tuple[_T, ...]:
    """Close longs against shorts of the same series; what is flat disappears."""
    found = list[_T]()
    for group in _grouped(items, key):
        longs = [item for item in group if not item.short]
        shorts = [item for item in group if item.short]
        if not (longs and shorts):
            found.append(merge(group))
            continue
        long, short = merge(longs), merge(shorts)
        left = _size(long) - _size(short)
        if left:
            side = long if left > 0 else short
            found.append(_sized(side, abs(left), long.where + short.where))
    return tuple(found)


def _size(item: Stock | Option | Debt) -> Decimal:
    match item:
        case Stock(shares=size) | Option(contracts=size) | Debt(principal=size):
            return size


def _sized(item: _T, size: Decimal, where: tuple[str, ...]) -> _T:
    match item:
        case Stock():
            return replace(item, shares=size, where=where)
        case Option():
            return replace(item, contracts=size, where=where)
        case Debt():
            return replace(item, principal=size, where=where)


def _average(sizes: list[Decimal], prices: list[Decimal]) -> Decimal:
    if len(set(prices)) == 1 or not sum(sizes):
        return prices[0]
    value = sum((size * price for size, price in zip(sizes, prices, strict=True)), Decimal(0))
    return value / sum(sizes, Decimal(0))


def _where(items: Iterable[Stock | Option | Debt]) -> tuple[str, ...]:
    return tuple(sorted(place for item in items for place in item.where))


def _more_shares(items: list[Stock]) -> Stock:
    sizes = [item.shares for item in items]
    price = _average(sizes, [item.price for item in items])
    sold = [item.sold_at for item in items if item.sold_at is not None]
    return replace(items[0], shares=sum(sizes, Decimal(0)), price=price, where=_where(items),
                   marginable=all(item.marginable for item in items),
                   sold_at=min(sold) if len(sold) == len(items) else None)


def _more_contracts(items: list[Option]) -> Option:
    if len(items) == 1:
        return items[0]
    sizes = [item.contracts for item in items]
    premium = _average(sizes, [item.premium for item in items])
    return replace(items[0], contracts=sum(sizes, Decimal(0)), premium=premium,
                   where=_where(items))


def _more_principal(items: list[Debt]) -> Debt:
    sizes = [item.principal for item in items]
    price = _average(sizes, [item.price for item in items])
    return replace(items[0], principal=sum(sizes, Decimal(0)), price=price, where=_where(items))
