"""Which holdings of an account the risk matrix takes, by coin and settlement currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np

from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import DAYS_A_YEAR, ResolvedBook, Valuation
from workstation.parameters.store import Edition
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks.crypto.deribit_matrix import (
    MatrixFuture,
    MatrixOption,
    MatrixPack,
    Pair,
)
from workstation.rulebooks.crypto.pack import pack_number
from workstation.rulebooks.crypto.shocks import VolatilityShock
from workstation.rulebooks.crypto.venue_account import Balance, VenueExclusions, balance_of

BALANCES = frozenset({AssetClass.CRYPTO, AssetClass.STABLECOIN, AssetClass.WRAPPED_TOKEN,
                      AssetClass.TOKENISED_SECURITY})
OVERLAY = "add it in an overlay edition (--params FILE), or take the position out of the account"
_DATED = re.compile(r"^(?P<future>.+?-(?P<day>\d{1,2}[A-Z]{3}\d{2}))(-|$)")


@dataclass(frozen=True, slots=True)
class MatrixAccount:
    """Pairs by coin and settlement currency, coins held as equity, and what was left out.

    `dollar` is the reporting currency per dollar.
    """

    pairs: tuple[Pair, ...]
    equity: tuple[Balance, ...]
    excluded: tuple[Exclusion, ...]
    notes: Mapping[str, tuple[str, ...]]
    dollar: float


def read_matrix_pack(edition: Edition, name: str) -> MatrixPack:
    """Return the constants of one pack."""

    def number(parameter: str) -> float:
        return pack_number(edition, parameter, name)

    return MatrixPack(
        number("price_range"), int(number("steps_each_side")),
        VolatilityShock(
            number("volatility_up"), number("volatility_down"),
            number("least_shocked_volatility"), number("short_power"), number("long_power"),
            number("days_floor"), number("pivot_days")),
        tuple(float(move) for move in edition["extended_moves"].numbers),
        number("extended_factor"), number("dampener_usd"), number("least_annual_move"),
        number("annual_move_risk"), number("most_delta_shock"), number("delta_threshold_usd"),
        number("delta_slope"), number("offset_share"), number("most_offset_usd"))


def sorted_in(account: Account, holdings: ResolvedBook, edition: Edition) -> MatrixAccount:
    """Sort an account's positions into pairs, equity and exclusions with reasons."""
    on_futures, notes = _on_futures(holdings)
    sorting = _Sorting(account, on_futures, edition)
    for row in range(len(on_futures)):
        sorting.place(row)
    return MatrixAccount(
        sorting.pairs(), tuple(sorting.equity), tuple(sorting.out.items),
        {coin: tuple(dict.fromkeys([*notes.get(coin, []), *sorting.notes.get(coin, [])]))
         for coin in {*notes, *sorting.notes}}, sorting.dollar)


def dated(symbol: str) -> tuple[str, date] | None:
    """Return the future a symbol is or is written on and its expiry (BTC-25DEC26...)."""
    found = _DATED.match(symbol.upper())
    if found is None:
        return None
    try:
        return found["future"], datetime.strptime(found["day"].title(), "%d%b%y").date()
    except ValueError:
        return None


def _on_futures(holdings: ResolvedBook) -> tuple[ResolvedBook, dict[str, list[str]]]:
    """Put each option on the future of its expiry, its premium in coin at that future's price.

    The future is one of the account or a row of the Market sheet; without either the index
    stands in and a note says so. Options are European and undiscounted here.
    """
    forwards, notes = _forwards(holdings), dict[str, list[str]]()
    spot, price = holdings.spot.copy(), holdings.price.copy()
    for row, position in enumerate(holdings.positions):
        option = position.instrument.option
        if option is None or holdings.valuation[row] != Valuation.OPTION_ON_FORWARD:
            continue
        name = dated(position.instrument.symbol)
        forward = forwards.get(name[0]) if name else None
        if forward is None:
            notes.setdefault(position.instrument.underlying, []).append(
                f"no future of {option.expiry} in the file; the index stands in as its price")
            continue
        if option.settlement_currency and spot[row]:
            price[row] *= forward / spot[row]
        spot[row] = forward
    still = np.zeros(len(holdings))
    return replace(holdings, spot=spot, price=price, rate=still,
                   american=np.zeros(len(holdings), dtype=np.bool_)), notes


def _forwards(holdings: ResolvedBook) -> dict[str, float]:
    listed = {symbol: float(row.price) for symbol, row in holdings.market.underlyings.items()
              if dated(symbol)}
    held = {p.instrument.symbol.upper(): float(holdings.price[row])
            for row, p in enumerate(holdings.positions)
            if p.instrument.asset_class in (AssetClass.PERPETUAL, AssetClass.FUTURE)
            and holdings.unpriced[row] is None}
    return {**listed, **held}


@dataclass(slots=True)
class _Held:
    index: float
    futures: list[MatrixFuture] = field(default_factory=list)
    options: list[MatrixOption] = field(default_factory=list)


class _Sorting:
    """One pass over an account's positions."""

    def __init__(self, account: Account, holdings: ResolvedBook, edition: Edition) -> None:
        self._holdings, self._edition = holdings, edition
        self._packs = {str(row["coin"]): str(row["pack"]) for row in edition["packs"].rows}
        self._dollars = tuple(str(name) for name in edition["dollar_settled"].raw)
        solved = implied_volatilities(holdings)
        self._volatility, self._doubts = solved.volatility, solved.problems
        self._held: dict[tuple[str, str], _Held] = {}
        self.dollar = float(holdings.market.fx_rate("USD") or 1)
        self.out = VenueExclusions(account.account_id)
        self.equity: list[Balance] = []
        self.notes: dict[str, list[str]] = {}

    def place(self, row: int) -> None:
        """Add one position to its pair or to equity, or exclude it with its reason."""
        position, doubt = self._holdings.positions[row], self._doubts[row]
        instrument = position.instrument
        problem = self._holdings.unpriced[row]
        if problem is None and doubt is not None and doubt.severity == "error":
            problem = doubt
        if instrument.asset_class is AssetClass.CASH:
            return
        if problem is not None:
            self.out.problem(problem)
        elif instrument.asset_class in BALANCES:
            self._place_equity(row, position)
        elif instrument.underlying not in self._packs:
            self.out.add(position, "the venue's pack has no constants for "
                         f"{instrument.underlying}", OVERLAY)
        else:
            self._place_contract(row, position)

    def pairs(self) -> tuple[Pair, ...]:
        """Return what is held, by settlement currency and coin."""
        return tuple(
            Pair(coin, settlement, held.index,
                 read_matrix_pack(self._edition, self._packs[coin]),
                 tuple(held.futures), tuple(held.options))
            for (settlement, coin), held in sorted(self._held.items()))

    def _place_contract(self, row: int, position: Position) -> None:
        coin, settlement = position.instrument.underlying, self._settlement(row, position)
        if not self._usable(row, position):
            self.out.add(position, "a price, strike or index that is not above zero",
                         "correct it in the file")
            return
        if settlement != coin and settlement not in self._dollars:
            self.out.add(position, f"settled in {settlement}, which the pack does not know",
                         OVERLAY)
            return
        match position.instrument.asset_class:
            case AssetClass.PERPETUAL | AssetClass.FUTURE:
                self._of(row, settlement).futures.append(self._future(row, position))
            case AssetClass.CRYPTO_OPTION:
                self._of(row, settlement).options.append(self._option(row, position))
            case other:
                self.out.add(position, f"a position of class {other} is not held at this venue")

    def _usable(self, row: int, position: Position) -> bool:
        """Say whether the figures that are divided by are positive; options may be worth 0."""
        h = self._holdings
        needed = ((h.strike[row], h.spot[row]) if position.instrument.option
                  else (h.price[row], h.spot[row]))
        return bool(min(needed) > 0)

    def _settlement(self, row: int, position: Position) -> str:
        named = str(getattr(position.instrument.terms, "settlement_currency", "")).upper()
        if self._holdings.valuation[row] == Valuation.INVERSE:
            return position.instrument.underlying
        return named or "USDC"

    def _future(self, row: int, position: Position) -> MatrixFuture:
        h, name = self._holdings, dated(position.instrument.symbol)
        size = float(h.quantity[row] * h.multiplier[row])
        if h.valuation[row] == Valuation.INVERSE:
            size /= float(h.price[row])
        years = max((name[1] - h.as_of).days, 0) / DAYS_A_YEAR if name else 0.0
        return MatrixFuture(position.instrument.symbol, size, float(h.price[row]), years)

    def _option(self, row: int, position: Position) -> MatrixOption:
        h, doubt = self._holdings, self._doubts[row]
        if doubt is not None:
            self.notes.setdefault(position.instrument.underlying, []).append(doubt.what)
        return MatrixOption(
            position.instrument.symbol, float(h.quantity[row] * h.multiplier[row]),
            float(h.strike[row]), bool(h.is_call[row]), float(h.years[row]),
            float(self._volatility[row]), float(h.spot[row]))

    def _of(self, row: int, settlement: str) -> _Held:
        coin = self._holdings.positions[row].instrument.underlying
        market = self._holdings.market.underlying(coin)
        index = float(market.price) if market else float(self._holdings.price[row])
        return self._held.setdefault((settlement, coin), _Held(index))

    def _place_equity(self, row: int, position: Position) -> None:
        symbol = position.instrument.symbol.upper()
        known = {*(str(name) for name in self._edition["equity_coins"].raw),
                 *(str(line["asset"]) for line in self._edition["equity_haircuts"].rows)}
        if position.quantity < 0:
            self.out.add(position, "a borrowed coin, which the pack does not margin")
        elif self._holdings.price[row] <= 0:
            self.out.add(position, "its price is not above zero", "correct the price")
        elif symbol not in known:
            self.out.add(position, "the venue's haircut for it was not found", OVERLAY)
        else:
            self.equity.append(balance_of(self._holdings, row))
