"""What an account at a crypto venue holds: contracts, balances, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workstation.base.money import accounting, money
from workstation.base.problem import Problem
from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook, Valuation
from workstation.market.market import Market
from workstation.measures.requirement import Offset

BY_HAND = "margin it by hand or take it out of the account"
NO_DATA = "add a row to the venue's table in an overlay edition (--params FILE)"
DERIVATIVES = frozenset({AssetClass.PERPETUAL, AssetClass.FUTURE})
TOKENS = frozenset({AssetClass.CRYPTO, AssetClass.STABLECOIN, AssetClass.WRAPPED_TOKEN,
                    AssetClass.TOKENISED_SECURITY})


@dataclass(slots=True)
class VenueExclusions:
    """Positions left out of one account."""

    account_id: str
    items: list[Exclusion] = field(default_factory=list)

    def add(self, position: Position, reason: str, remedy: str = BY_HAND) -> None:
        """Leave a position out for a reason."""
        self.at(position.where, f"{position.instrument.symbol}: {reason}", remedy)

    def contract(self, contract: Contract, reason: str, remedy: str = BY_HAND) -> None:
        """Leave every row of a contract out for a reason."""
        for position in (contract.position, *contract.more):
            self.add(position, reason, remedy)

    def problem(self, problem: Problem) -> None:
        """Leave a position out for the problem that pricing found."""
        self.at(problem.where, problem.what, problem.remedy)

    def at(self, where: str, what: str, remedy: str) -> None:
        """Leave out what stands at a place of the file."""
        self.items.append(Exclusion(where, what, remedy, self.account_id))


@dataclass(frozen=True, slots=True)
class Contract:
    """A perpetual or future: signed size in coin, mark and index in the reporting currency.

    `quote` is the currency it settles in (the coin itself where `inverse`); `more` are further
    rows of the same contract, whose size is in `coins`.
    """

    position: Position
    coin: str
    coins: Decimal
    mark: Decimal
    index: Decimal
    quote: str
    inverse: bool
    more: tuple[Position, ...] = ()

    @property
    def symbol(self) -> str:
        """Return the contract's symbol."""
        return self.position.instrument.symbol

    @property
    def side(self) -> int:
        """Return +1 for long, -1 for short."""
        return 1 if self.coins > 0 else -1

    @property
    def notional(self) -> Decimal:
        """Return |size| x mark."""
        return abs(self.coins) * self.mark


@dataclass(frozen=True, slots=True)
class Balance:
    """A coin, token or currency balance, negative where it is owed; value as marked."""

    symbol: str
    quantity: Decimal
    price: Decimal
    where: str = ""

    @property
    def value(self) -> Decimal:
        """Return quantity x price in the reporting currency."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class VenueAccount:
    """Everything an account holds, contracts and balances in file order."""

    contracts: tuple[Contract, ...]
    balances: tuple[Balance, ...]
    excluded: VenueExclusions

    def by_coin(self) -> Mapping[str, tuple[Contract, ...]]:
        """Return the contracts of each coin, coins in alphabetical order."""
        coins = sorted({contract.coin for contract in self.contracts})
        return {coin: tuple(c for c in self.contracts if c.coin == coin) for coin in coins}

    @property
    def value(self) -> Decimal:
        """Return all balances as marked; gains of contracts are taken to be in cash."""
        return sum((balance.value for balance in self.balances), Decimal(0))


def sorted_account(account: Account, holdings: ResolvedBook, *, two_sided: bool = True
                   ) -> VenueAccount:
    """Sort an account into contracts and balances; options and other classes are excluded.

    Rows of one contract are one position, which a venue's bands are applied to; `two_sided` says
    whether the venue lets a long and a short of one contract stand beside each other.
    """
    excluded = VenueExclusions(account.account_id)
    contracts, balances = list[Contract](), _cash(account, holdings, excluded)
    for row, position in enumerate(holdings.positions):
        problem, kind = holdings.unpriced[row], position.instrument.asset_class
        if kind is AssetClass.CASH or not position.quantity:
            continue
        refused = _refused(kind)
        if problem is not None:
            excluded.problem(problem)
        elif refused:
            excluded.add(position, refused)
        elif holdings.price[row] <= 0:
            excluded.add(position, "its price is not above zero", "correct the price")
        elif kind in DERIVATIVES:
            contracts.append(_contract(holdings, row))
        else:
            balances.append(balance_of(holdings, row))
    return VenueAccount(_whole(contracts, two_sided=two_sided), tuple(balances), excluded)


def _whole(contracts: Iterable[Contract], *, two_sided: bool) -> tuple[Contract, ...]:
    """Return one contract for all its rows (of one side, where the venue keeps two)."""
    rows: dict[tuple[object, ...], list[Contract]] = {}
    for one in contracts:
        side = one.side if two_sided else 0
        rows.setdefault((one.symbol, one.coin, one.quote, one.inverse, side), []).append(one)
    found = (_together(group) for group in rows.values())
    return tuple(one for one in found if one.coins)


def _together(rows: Sequence[Contract]) -> Contract:
    """Add the rows of one contract up; marks that differ are averaged by size."""
    first, gross = rows[0], sum((abs(one.coins) for one in rows), Decimal(0))
    if len(rows) == 1:
        return first

    def averaged(prices: Sequence[Decimal]) -> Decimal:
        if len(set(prices)) == 1:
            return prices[0]
        sizes = (abs(one.coins) for one in rows)
        return sum((n * price for n, price in zip(sizes, prices, strict=True)), Decimal(0)) / gross

    return replace(first, coins=sum((one.coins for one in rows), Decimal(0)),
                   mark=averaged([one.mark for one in rows]),
                   index=averaged([one.index for one in rows]),
                   more=tuple(one.position for one in rows[1:]))


def _refused(kind: AssetClass) -> str:
    """Say why a venue that charges by contract does not take a class; empty where it does."""
    if kind in DERIVATIVES | TOKENS:
        return ""
    if kind is AssetClass.CRYPTO_OPTION:
        return "the venue's time-decay, vega and interest tables for options were not found"
    return f"a position of class {asset_class_words(kind)} is not held at this venue"


def balance_of(holdings: ResolvedBook, row: int) -> Balance:
    """Return a coin or token position as a balance."""
    position = holdings.positions[row]
    price = money(float(holdings.price[row] * holdings.multiplier[row] * holdings.fx[row]))
    return Balance(position.instrument.symbol.upper(), position.quantity, price, position.where)


def not_netted(held: VenueAccount, account_id: str, charge: Callable[[str, Decimal], Decimal]
               ) -> tuple[Offset, ...]:
    """Return the netting of a coin's longs and shorts that a venue charging by contract denies.

    `charge` is maintenance margin on a coin's notional in the reporting currency.
    """
    found = []
    for coin, contracts in held.by_coin().items():
        longs = sum((c.notional for c in contracts if c.side > 0), Decimal(0))
        shorts = sum((c.notional for c in contracts if c.side < 0), Decimal(0))
        if not (longs and shorts):
            continue
        apart = sum((charge(coin, c.notional) for c in contracts), Decimal(0))
        together = charge(coin, abs(longs - shorts))
        found.append(Offset(
            "between contracts of one coin", tuple(c.symbol for c in contracts), "denied",
            "the venue charges every contract on its own notional; only gains and losses meet "
            "in equity", Decimal(0), (account_id,), level="account",
            tests=(("by contract", accounting(apart)), ("on the net", accounting(together))),
            would_save=max(Decimal(0), apart - together),
            barrier="a scenario-based portfolio margin"))
    return tuple(found)


def _cash(account: Account, holdings: ResolvedBook, excluded: VenueExclusions) -> list[Balance]:
    """Return cash by currency; a coin's balance takes the coin's price as its exchange rate."""
    found = []
    for currency, amount in ((account.currency, account.cash), *account.other_cash):
        rate = _worth(currency, holdings.market)
        if rate is not None and amount:
            found.append(Balance(currency.upper(), amount, rate, account.where))
        elif amount:
            excluded.at(account.where or account.account_id, f"{currency} cash has no exchange "
                        "rate and counts nothing", f"add {currency} to the Market sheet")
    return found


def _worth(currency: str, market: Market) -> Decimal | None:
    """Return the reporting currency per unit of a currency, or of a coin the market prices."""
    rate, coin = market.fx_rate(currency), market.underlying(currency)
    if rate is None and coin is not None:
        known = market.fx_rate(coin.currency)
        return None if known is None else coin.price * known
    return rate


def _contract(holdings: ResolvedBook, row: int) -> Contract:
    position, fx = holdings.positions[row], money(float(holdings.fx[row]))
    inverse = bool(holdings.valuation[row] == Valuation.INVERSE)
    price = money(float(holdings.price[row]))
    size = position.quantity * position.instrument.multiplier
    coin = position.instrument.underlying
    quote = str(getattr(position.instrument.terms, "settlement_currency", "")).upper() or "USD"
    return Contract(position, coin, size / price if inverse else size, price * fx,
                    money(float(holdings.spot[row])) * fx, coin if inverse else quote, inverse)
