"""Put a draft together into a book: account types, cash, market rows, outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.base.wording import account_type_words, asset_class_words
from workstation.book.accounts import Account
from workstation.book.book import Book, Unsized
from workstation.book.positions import Position
from workstation.importers import words
from workstation.importers.checks import HELD_OUTRIGHT, check_book
from workstation.importers.draft import AccountDraft, Draft
from workstation.importers.imported import Imported, Outcome
from workstation.importers.sheets import Source
from workstation.importers.vocabulary import known_underlyings
from workstation.market.market import Market, Underlying

REPORTING = "USD"
A = AssetClass
_FUTURES = frozenset({A.FUTURE, A.FUTURE_OPTION, A.SECURITY_FUTURE})
_SWAPS = frozenset({A.SWAP, A.FX_FORWARD, A.CDS_INDEX})
_SBS = frozenset({A.SECURITY_BASED_SWAP, A.CDS})
_VENUE = frozenset({A.PERPETUAL, A.CRYPTO_OPTION})
_COINS = frozenset({A.CRYPTO, A.STABLECOIN, A.WRAPPED_TOKEN})
_FUNDS = frozenset({A.ETF, A.ETP, A.MUTUAL_FUND})


def assemble(draft: Draft, source: Source) -> Imported:
    """Return the finished import of a draft."""
    _say_notes(draft)
    accounts = _accounts(draft)
    market = _market(draft)
    check_book(draft, accounts, market)
    problems = (*source.problems, *draft.problems)
    book = Book(
        draft.name or _client(accounts) or source.path.stem, draft.desk.as_of, accounts,
        tuple(draft.positions), market,
        tuple(draft.lots), tuple(draft.liens), tuple(draft.agents), tuple(draft.excluded), problems,
        tuple(draft.crif), unsized=_unsized(draft))
    return Imported(
        _outcome(draft), draft.kind, source.path, source.sha256, draft.desk.as_of, draft.rows_read,
        book, tuple(draft.cash), tuple(draft.control_totals), problems, tuple(draft.mapping),
        tuple(draft.held_back), _editions(draft))


def _unsized(draft: Draft) -> tuple[Unsized, ...]:
    """Return the futures held back, each with the reason the file's reading gave."""
    why = {item.where: item for item in draft.excluded}
    return tuple(Unsized(position, why[position.where], place)
                 for position, place in zip(draft.held_back, draft.held_places, strict=True)
                 if position.instrument.asset_class in _FUTURES)


def _client(accounts: tuple[Account, ...]) -> str:
    """Return the name all accounts share, empty where they do not."""
    names = {account.name for account in accounts}
    return names.pop() if len(names) == 1 else ""


def _editions(draft: Draft) -> tuple[tuple[str, str], ...]:
    table = draft.desk.contracts
    return ((table.rule, table.edition),) if table.edition else ()


def _outcome(draft: Draft) -> Outcome:
    failed = draft.excluded or any(problem.severity == "error" for problem in draft.problems)
    return "partial" if failed else "imported"


def _say_notes(draft: Draft) -> None:
    for what, (where, remedy, count) in draft.notes.items():
        times = f" ({count} times)" if count > 1 else ""
        draft.say(where, f"{what}{times}", remedy)
    for what, (symbol, remedy, severity) in draft.desk.assumptions.items():
        draft.say(draft.file_name, f"{what}, first for {symbol}" if symbol else what, remedy,
                  severity)


def _accounts(draft: Draft) -> tuple[Account, ...]:
    held = defaultdict(set)
    for position in (*draft.positions, *draft.held_back):
        held[position.account_id].add(position.instrument.asset_class)
        draft.account(position.account_id, position.where)
    for line in draft.cash:
        draft.account(line.account_id, line.where)
    for portfolio in dict.fromkeys(row.portfolio for row in draft.crif):
        if portfolio not in draft.accounts:
            draft.account(portfolio, "CRIF").account_type = AccountType.UNCLEARED_SWAPS
    return tuple(_account(draft, entry, held[entry.account_id])
                 for entry in draft.accounts.values())


def _account(draft: Draft, entry: AccountDraft, held: set[AssetClass]) -> Account:
    kind, assumed = entry.account_type, entry.account_type is None
    if kind is None:
        named = words.account_type_in(f"{entry.account_id} {entry.name}")
        kind = named or type_by_content(held)
        _say_assumed(draft, entry, kind, held, by="its name" if named else "what it holds")
    if entry.as_of is not None and entry.as_of != draft.desk.as_of:
        draft.say(entry.where, f"account {entry.account_id} is as of {entry.as_of}, the review as "
                  f"of {draft.desk.as_of}", "bring the files to one date", "warning")
    currency = entry.currency or REPORTING
    cash, stated = entry.cash or Decimal(0), entry.cash is not None
    others: dict[str, Decimal] = defaultdict(Decimal)
    for line in draft.cash:
        if line.account_id == entry.account_id:
            stated = True
            if line.currency == currency:
                cash += line.amount
            else:
                others[line.currency] += line.amount
    return Account(
        entry.account_id, kind, entry.name, entry.firm, currency, cash, entry.risk_profile,
        entry.venue, entry.programme, entry.as_of or draft.desk.as_of,
        tuple(sorted(others.items())), entry.where, assumed, stated)


def type_by_content(held: Iterable[AssetClass]) -> AccountType:
    """Return the account type that usually carries what an account holds."""
    kinds = set(held)
    if kinds & _VENUE and not kinds - _VENUE - _COINS:
        return AccountType.CRYPTO_VENUE
    for group, kind in ((_COINS, AccountType.CRYPTO_SPOT), (_FUTURES, AccountType.FUTURES),
                        ({A.CLEARED_SWAP}, AccountType.CLEARED_SWAPS),
                        (_SWAPS, AccountType.UNCLEARED_SWAPS), (_SBS, AccountType.SBS)):
        if kinds and kinds <= group | {A.CASH}:
            return kind
    return AccountType.REG_T


def _say_assumed(draft: Draft, entry: AccountDraft, kind: AccountType,
                 held: set[AssetClass], by: str) -> None:
    what = f"account {entry.account_id} has no type; taken as {account_type_words(kind)} by {by}"
    foreign = held & (_FUTURES | _VENUE | _SWAPS) if kind is AccountType.REG_T else set()
    if foreign:
        what += f", though it also holds {', '.join(sorted(map(asset_class_words, foreign)))}"
    draft.say(entry.where or draft.file_name, what,
              "set account_type on the Accounts sheet or in the Accounts panel", "warning")


def _market(draft: Draft) -> Market:
    rows = dict(draft.underlyings)
    for symbol, (price, currency, where) in draft.implied_prices.items():
        if symbol not in rows:
            rows[symbol] = _row(draft, symbol, price, currency, where)
    for position in draft.positions:
        symbol = position.instrument.underlying
        if symbol not in rows and position.price is not None and position.price > 0 and (
                position.instrument.asset_class in HELD_OUTRIGHT):
            rows[symbol] = _row(draft, symbol, position.price, position.instrument.currency,
                                position.where, position)
    _add_futures(draft, rows)
    fx = {**_from_base_rates(draft), **draft.fx}
    fx.pop(REPORTING, None)
    return Market(rows, tuple(draft.dividends), draft.history, REPORTING, fx)


def _from_base_rates(draft: Draft) -> dict[str, Decimal]:
    """Turn rates to the file's base currency into dollars; its dollar rows say which base it is."""
    dollar = draft.base_rates.get(REPORTING, Decimal(1))
    if dollar != 1:
        draft.say(draft.file_name, "exchange rates of the file are to another base than USD; "
                  "they were divided by its rate of the dollar")
    return {currency: rate if dollar == 1 else Decimal(repr(float(rate / dollar)))
            for currency, rate in draft.base_rates.items()}


def _row(draft: Draft, symbol: str, price: Decimal, currency: str, where: str,
         position: Position | None = None) -> Underlying:
    """Return a market row made from a price met in the positions; its class is assumed."""
    known = known_underlyings().get(symbol)
    kind, leverage = UnderlyingClass.EQUITY, Decimal(1)
    if known is not None:
        kind, leverage = known.underlying_class, known.leverage
        draft.note(where, "the class of well-known underlyings was assumed",
                   "add them to the Market sheet with underlying_class")
    elif position is not None and position.instrument.asset_class in _COINS:
        kind = UnderlyingClass.CRYPTO
    elif position is not None and position.instrument.asset_class is A.MONEY_MARKET_FUND:
        kind = UnderlyingClass.INTEREST_RATE
    elif position is not None and position.instrument.asset_class in _FUNDS:
        kind = UnderlyingClass.SECTOR_ETF
        draft.say(where, f"{symbol}: fund of unknown index, classed as sector_etf",
                  f"add {symbol} to the Market sheet with underlying_class", "warning")
    return Underlying(symbol, price, currency, kind, leverage, where=where)


def _add_futures(draft: Draft, rows: dict[str, Underlying]) -> None:
    """Price what only futures refer to by the nearest future; never the underlying of shares."""
    listed = {p.instrument.underlying for p in draft.positions
              if p.instrument.asset_class is A.LISTED_OPTION}
    futures = sorted(
        (p for p in draft.positions if p.instrument.asset_class is A.FUTURE and p.price),
        key=lambda p: (p.instrument.expiry or date.max, p.instrument.symbol))
    for position in futures:
        symbol = position.instrument.underlying
        if symbol in rows or symbol in listed or position.price is None or position.price <= 0:
            continue
        row = _row(draft, symbol, position.price, position.instrument.currency, position.where)
        product = getattr(position.instrument.terms, "product", "")
        contract = draft.desk.contracts.future(product)
        if contract is not None and symbol not in known_underlyings():
            row = replace(row, underlying_class=contract.underlying_class)
        rows[symbol] = row
        draft.say(position.where, f"{symbol} is priced by {position.instrument.symbol}",
                  f"add {symbol} to the Market sheet")
