"""Scenario matrices and liquidation ladders of a venue account, beside its margin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.liquidation import (
    Isolated,
    Reduction,
    bankruptcy_price,
    down_a_tier,
    in_slices,
    liquidation_ladder,
    partial_liquidation,
    tiered_liquidation_price,
)
from workstation.measures.tiers import Tiers
from workstation.measures.venue_detail import (
    LiquidationLadder,
    ScenarioCell,
    ScenarioMatrix,
    VenueDetail,
)
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto import binance, deribit, derive, hyperliquid
from workstation.rulebooks.crypto.backing import Backing, Charged, backed, is_liquidated
from workstation.rulebooks.crypto.deribit_groups import MatrixGroup
from workstation.rulebooks.crypto.deribit_intake import sorted_in as deribit_intake
from workstation.rulebooks.crypto.derive_intake import Portfolio
from workstation.rulebooks.crypto.derive_intake import sorted_in as derive_intake
from workstation.rulebooks.crypto.hyperliquid_margin import maintenance_tiers
from workstation.rulebooks.crypto.pack import read_pack
from workstation.rulebooks.crypto.pmrm import pmrm
from workstation.rulebooks.crypto.venue_account import Contract, VenueAccount, sorted_account

MOST_LEGS = 60


@dataclass(frozen=True, slots=True)
class Closing:
    """How a venue closes: tiers of a contract, what it counts, steps, and when a backstop acts.

    `two_sided` says whether it keeps a long and a short of one contract apart.
    """

    bands: Callable[[Contract], Tiers | None]
    backing: Callable[[Account, VenueAccount, Decimal], Backing]
    reduction: Reduction = down_a_tier
    takeover_share: Decimal | None = None
    two_sided: bool = True


def venue_detail(account: Account, holdings: ResolvedBook, rules: RuleSet, regime: str
                 ) -> VenueDetail:
    """Return what stands behind an account's margin under one of the venue regimes."""
    found = _MATRICES.get(regime)
    matrices = tuple(found(account, holdings, rules)) if found else ()
    closing = _CLOSING.get(regime)
    ladders = tuple(_ladders(account, holdings, regime, closing(account, rules))) if closing else ()
    return VenueDetail(matrices, ladders)


def _deribit(account: Account, holdings: ResolvedBook, rules: RuleSet
             ) -> Iterator[ScenarioMatrix]:
    held = deribit_intake(account, holdings, rules.edition(deribit.FOLDER))
    for group in deribit.matrices(account, held):
        yield ScenarioMatrix(account.account_id, deribit.REGIME,
                             f"settled in {group.currency}", group.currency,
                             tuple(_bucket_cells(group)), group.worst)


def _bucket_cells(group: MatrixGroup) -> Iterator[ScenarioCell]:
    totals, first = group.totals, group.matrices[0]
    for place, bucket in enumerate(first.pair.pack.buckets):
        legs = _largest(
            (name, float(profit) * share * rate)
            for matrix, rate in zip(group.matrices, group.rates, strict=True)
            for share in [_share(float(matrix.counted[place]), float(matrix.totals[place]))]
            for name, profit in zip(matrix.pair.names, matrix.profits[:, place], strict=True))
        kind = "extended move" if bucket.extended else "price move"
        yield ScenarioCell(bucket.move, str(bucket.volatility), float(totals[place]), legs, kind)


def _largest(legs: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return the legs that matter most in the order held, the rest of a long list as one."""
    every = list(legs)
    if len(every) <= MOST_LEGS:
        return tuple(every)
    shown = sorted(sorted(range(len(every)), key=lambda k: -abs(every[k][1]))[:MOST_LEGS])
    rest = sum(profit for _, profit in every) - sum(every[k][1] for k in shown)
    return (*(every[k] for k in shown), (f"{len(every) - MOST_LEGS} others", rest))


def _share(counted: float, whole: float) -> float:
    return counted / whole if whole else 0.0


def _derive(account: Account, holdings: ResolvedBook, rules: RuleSet
            ) -> Iterator[ScenarioMatrix]:
    edition = rules.edition(derive.FOLDER)
    for portfolio in derive_intake(account, holdings, edition).portfolios:
        yield _grid(account, portfolio, edition, holdings.market.currency)


def _grid(account: Account, portfolio: Portfolio, edition: Edition, currency: str
          ) -> ScenarioMatrix:
    pack = read_pack(edition, portfolio.pack)
    grid = pmrm(portfolio.holdings, pack)
    names = [*(o.name for o in portfolio.holdings.options), " + ".join(portfolio.perpetuals),
             *(c.name for c in portfolio.holdings.collateral)]
    profits = np.vstack([grid.option_pnl, grid.perpetual_pnl[None, :], grid.collateral_pnl])
    cells = tuple(
        ScenarioCell(
            scenario.spot_factor - 1.0, str(scenario.volatility), float(grid.scenario_pnl[place]),
            _largest((name, float(profit)) for name, profit in
                     zip(names, profits[:, place], strict=True) if name),
            "" if scenario.damping == 1.0 else f"counted at {scenario.damping:g}")
        for place, scenario in enumerate(pack.scenarios))
    return ScenarioMatrix(account.account_id, derive.REGIME, portfolio.underlying, currency, cells,
                          grid.worst)


def _ladders(account: Account, holdings: ResolvedBook, regime: str, closing: Closing
             ) -> Iterator[LiquidationLadder]:
    """Yield each linear contract's ladder, with all that stands behind it in the account.

    An account whose file states neither cash nor coins has none: its prices would be invented.
    """
    held = sorted_account(account, holdings, two_sided=closing.two_sided)
    if not (account.cash_stated or account.cash or held.balances):
        return
    dollar = holdings.market.fx_rate("USD") or Decimal(1)
    charges = [Charged(contract, tiers, tiers.amount(_size(contract, dollar)) * (
        contract.mark if contract.inverse else dollar)) for contract in held.contracts
        if (tiers := closing.bands(contract)) is not None]
    backing = closing.backing(account, held, dollar)
    for one in charges:
        if not one.contract.inverse:
            position, tiers = backed(one, charges, backing, dollar)
            yield _ladder(account.account_id, regime, one.contract.symbol,
                          _Backed(position, tiers, closing))


def _size(contract: Contract, dollar: Decimal) -> Decimal:
    """Return what the tiers are charged on: coins where settled in coin, else dollars."""
    return abs(contract.coins) if contract.inverse else contract.notional / dollar


@dataclass(frozen=True, slots=True)
class _Backed:
    position: Isolated
    tiers: Tiers
    closing: Closing

    @property
    def takeover(self) -> float | None:
        """Return the mark at which a backstop takes the whole position, None where none does."""
        share = self.closing.takeover_share
        if share is None:
            return None
        kept = self.position.kept * float(share)
        return tiered_liquidation_price(replace(self.position, kept=kept),
                                        self.tiers.scaled(share))


def _ladder(account_id: str, regime: str, symbol: str, one: _Backed) -> LiquidationLadder:
    """Return a ladder in dollars; fees of the venue are not in it."""
    position, tiers, reduction = one.position, one.tiers, one.closing.reduction
    mark, equity = position.entry, position.wallet
    if equity <= 0:
        return LiquidationLadder(account_id, regime, symbol, mark, equity, mark, mark, ())
    bankrupt = bankruptcy_price(position)
    shown = bankrupt if 0 < bankrupt < math.inf else None
    if is_liquidated(position, tiers):
        return LiquidationLadder(account_id, regime, symbol, mark, equity, mark, shown,
                                 partial_liquidation(position, mark, tiers, 0.0, reduction),
                                 one.takeover)
    return LiquidationLadder(
        account_id, regime, symbol, mark, equity, tiered_liquidation_price(position, tiers),
        shown, liquidation_ladder(position, tiers, 0.0, reduction), one.takeover)


def _binance_closing(_: Account, rules: RuleSet) -> Closing:
    edition = rules.edition(binance.FOLDER)
    return Closing(lambda contract: binance.contract_tiers(edition, contract),
                   lambda _, held, dollar: binance.backing_of(held, edition, dollar))


def _hyperliquid_closing(account: Account, rules: RuleSet) -> Closing:
    edition = rules.edition(hyperliquid.FOLDER)

    def bands(contract: Contract) -> Tiers | None:
        leverage = hyperliquid.leverage_tiers(edition, contract.coin)
        share = edition["maintenance_share"].value
        return None if leverage is None else maintenance_tiers(leverage, share)

    def backing(account: Account, held: VenueAccount, dollar: Decimal) -> Backing:
        return hyperliquid.backing_of(account, held, edition, dollar)

    slices = in_slices(float(edition["partial_share"].value),
                       float(edition["partial_above"].value))
    # The venue states the backstop's share for cross margin alone.
    takes_over = None if hyperliquid.is_portfolio(account) else edition["backstop_share"].value
    return Closing(bands, backing, slices, takes_over, two_sided=False)


_MATRICES: Mapping[str, Callable[[Account, ResolvedBook, RuleSet], Iterator[ScenarioMatrix]]] = {
    deribit.REGIME: _deribit, derive.REGIME: _derive}
_CLOSING: Mapping[str, Callable[[Account, RuleSet], Closing]] = {
    binance.REGIME: _binance_closing, hyperliquid.REGIME: _hyperliquid_closing}
REGIMES = frozenset({*_MATRICES, *_CLOSING})
