"""How far the market must move, all prices together, before an account meets its call.

Every trial is the full calculation: positions are revalued, equity follows their profit, and the
account's own rulebook margins the moved positions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from workstation.base.money import money
from workstation.base.vocabulary import AssetClass, UnderlyingClass, Wrapper
from workstation.book.resolve import Floats, ResolvedBook, Valuation
from workstation.market.market import Market, Underlying
from workstation.measures.account_status import Distance, TierDistance
from workstation.measures.requirement import AccountMargin
from workstation.pricing.grid import scenario_pnl

Trial = Callable[[float], float]
TRIED = (0.10, 0.30, 0.80)
CLOSE_ENOUGH = 5e-4  # of price
HALF_A_CENT = 0.005
MOST_STEPS = 40
LEAST_LEFT = 0.001  # of a price: what a leveraged fund keeps
_DIGITS = 10
_STILL = frozenset({AssetClass.CASH, AssetClass.STABLECOIN, AssetClass.MONEY_MARKET_FUND,
                    AssetClass.TREASURY, AssetClass.AGENCY, AssetClass.MUNICIPAL,
                    AssetClass.CORPORATE_BOND, AssetClass.CDS, AssetClass.CDS_INDEX})
_STILL_CLASSES = frozenset({
    UnderlyingClass.INTEREST_RATE, UnderlyingClass.CURRENCY, UnderlyingClass.VOLATILITY_INDEX,
    UnderlyingClass.TREASURY_NOTE, UnderlyingClass.TREASURY_BOND,
    UnderlyingClass.OTHER_GOVERNMENT, UnderlyingClass.CORPORATE_DEBT})
NOTE = ("every stock, fund, coin, future and option moves together, leveraged funds by their "
        "factor, volatility held; debt, rates, currencies and cash stay")
IN_CALL = "in a call now"


def required_of_equity(margin: AccountMargin) -> Decimal:
    """Return what equity must cover: maintenance less what equity is already charged with."""
    terms = margin.on_maintenance
    return margin.maintenance.amount - terms.credited + terms.valued_down


def distance(holdings: ResolvedBook, volatility: Floats, equity: Decimal,
             margin_of: Callable[[ResolvedBook], AccountMargin],
             tiers: Sequence[tuple[str, Decimal]] = ()) -> Distance:
    """Return the smallest fall and rise tried at which equity no longer covers maintenance.

    Parameters
    ----------
    holdings
        The account's positions, with their volatilities beside them.
    equity
        Equity of the account before any move.
    margin_of
        The account's rulebook.
    tiers
        Amounts equity must keep, each with its name; those not met today are left out.
    """
    moves = unit_moves(holdings)
    known: dict[float, float] = {}
    worth: dict[float, float] = {}

    def equity_at(move: float) -> float:
        if move not in worth:
            worth[move] = float(equity) + moved(holdings, volatility, moves * move)[1]
        return worth[move]

    def excess(move: float) -> float:
        if move not in known:
            after, profit = moved(holdings, volatility, moves * move)
            known[move] = float(equity) + profit - float(required_of_equity(margin_of(after)))
        return known[move]

    if not moves.any():
        return Distance(None, None, "nothing in the account moves with the market")
    kept = tuple(_tier(name, least, equity_at) for name, least in tiers if equity >= least)
    if excess(0.0) < -HALF_A_CENT:
        return Distance(Decimal(0), Decimal(0), IN_CALL, kept)
    down, up = (first_shortfall(excess, sign) for sign in (-1, 1))
    return Distance(_shown(down), _shown(up), NOTE, kept)


def _tier(name: str, least: Decimal, equity_at: Trial) -> TierDistance:
    def over(move: float) -> float:
        return equity_at(move) - float(least)

    return TierDistance(name, least, *(_shown(first_shortfall(over, sign)) for sign in (-1, 1)))


def _shown(move: float | None) -> Decimal | None:
    return None if move is None else money(round(move, _DIGITS))


def first_shortfall(excess: Trial, sign: int) -> float | None:
    """Return the first move of one direction, as tried outwards, at which excess is spent."""
    inner, left = 0.0, excess(0.0)
    for size in TRIED:
        outer, right = sign * size, excess(sign * size)
        if right < -HALF_A_CENT:
            return _between(excess, inner, left, outer, right)
        inner, left = outer, right
    return None


def _between(excess: Trial, inner: float, left: float, outer: float, right: float) -> float:
    """Close in on the change of sign by false position, halving when one side stays put."""
    kept = 0
    for _ in range(MOST_STEPS):
        if abs(outer - inner) <= CLOSE_ENOUGH:
            break
        share = left / (left - right) if left > right else 0.5
        middle = inner + (outer - inner) * (share if abs(kept) <= 1 else 0.5)
        value = excess(middle)
        if value < 0:
            outer, right, kept = middle, value, min(kept, 0) - 1
        else:
            inner, left, kept = middle, value, max(kept, 0) + 1
    return outer


def unit_moves(holdings: ResolvedBook) -> Floats:
    """Return how far each position's underlying moves when the market moves by one."""
    return np.array([_unit(holdings, n) for n in range(len(holdings))], dtype=np.float64)


def _unit(holdings: ResolvedBook, n: int) -> float:
    instrument = holdings.positions[n].instrument
    row = holdings.market.underlying(holdings.underlyings[n])
    still = instrument.asset_class in _STILL or (
        row is not None and row.underlying_class in _STILL_CLASSES)
    if still or instrument.wrapper is Wrapper.CASH or holdings.valuation[n] == Valuation.NONE:
        return 0.0
    return float(row.leverage) if row is not None else 1.0


def moved(holdings: ResolvedBook, volatility: Floats, moves: Floats
          ) -> tuple[ResolvedBook, float]:
    """Return the positions at moved prices, and their profit.

    `moves` is each underlying's relative move, the same for all positions on it.
    """
    moves = np.maximum(moves, LEAST_LEFT - 1)
    profit = scenario_pnl(holdings, volatility, moves[:, None])[:, 0]
    size = holdings.quantity * holdings.multiplier * holdings.fx
    is_option = np.array([p.instrument.option is not None for p in holdings.positions])
    linear = holdings.price * (1 + moves)
    with np.errstate(divide="ignore", invalid="ignore"):
        repriced = np.where(is_option & (size != 0), holdings.price + profit / size, linear)
    price = np.maximum(np.where(is_option, repriced, linear), 0.0)
    spot = holdings.spot * (1 + moves)
    positions = tuple(
        position if position.price is None or not move else replace(
            position, price=money(round(float(value), _DIGITS)))
        for position, value, move in zip(holdings.positions, price, moves, strict=True))
    by_name = dict(zip(holdings.underlyings, moves.tolist(), strict=True))
    market = _moved_market(holdings, volatility, by_name)
    after = replace(holdings, positions=positions, price=price, spot=spot, market=market)
    return after, float(profit.sum())


def _moved_market(holdings: ResolvedBook, volatility: Floats, moves: Mapping[str, float]
                  ) -> Market:
    """Return the market at moved prices; an option that loses its time value keeps a volatility."""
    typical = {name: float(vol) for name, vol in zip(
        holdings.underlyings, volatility.tolist(), strict=True) if vol}
    rows: dict[str, Underlying] = dict(holdings.market.underlyings)
    for name, move in moves.items():
        row = rows.get(name)
        if row is not None:
            iv = row.iv if row.iv is not None or name not in typical else money(typical[name])
            price = money(round(float(row.price) * (1 + move), _DIGITS))
            rows[name] = replace(row, price=price, iv=iv)
    return replace(holdings.market, underlyings=rows)
