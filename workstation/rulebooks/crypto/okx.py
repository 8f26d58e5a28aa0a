"""OKX portfolio margin: risk units by underlying, borrowing on top.

An answer in the reporting currency; the venue's dollar bands are applied in dollars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workstation.base.explain import Explained, greater_of, leaf, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Offset, OffsetStatus
from workstation.measures.tiers import Tiers
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.crypto.okx_units import (
    Leg,
    QuoteHedge,
    RiskUnit,
    UnitRates,
    quote_hedges,
    risk_unit,
)
from workstation.rulebooks.crypto.venue_account import (
    NO_DATA,
    Balance,
    Contract,
    VenueAccount,
    sorted_account,
)

REGIME = "okx-pm"
FOLDER = "okx_pm"
STABLE = ("USDT", "USDC")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One coin's legs, constants, components, and the parameters they come from."""

    coin: str
    legs: tuple[Leg, ...]
    rates: UnitRates
    basis: Parameter
    closing: Parameter
    hedges: tuple[QuoteHedge, ...]
    parts: RiskUnit


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of perpetuals and futures by risk unit.

    maintenance = sum of units + 2 % of what is owed; initial = 1.3 x units + 10 % of it
    """
    edition, dollar = rules.edition(FOLDER), holdings.market.fx_rate("USD") or Decimal(1)
    held = sorted_account(account, holdings)
    units = [unit for coin, contracts in held.by_coin().items()
             if (unit := _unit(coin, contracts, holdings, edition, held)) is not None]
    owed = _owed(held, edition)
    factor = edition["initial_factor"].value
    kept = total(f"{account.account_id}: maintenance margin",
                 *(_explained(unit, edition, dollar, Decimal(1)) for unit in units),
                 *_borrowed(owed, edition["borrow_maintenance"]))
    asked = total(f"{account.account_id}: initial margin",
                  *(_explained(unit, edition, dollar, factor) for unit in units),
                  *_borrowed(owed, edition["borrow_initial"]))
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, asked, kept, kept.amount,
        kept.amount, tuple(o for unit in units for o in _offsets(unit, account, edition, dollar)),
        tuple(held.excluded.items))


def _unit(coin: str, contracts: Sequence[Contract], holdings: ResolvedBook, edition: Edition,
          held: VenueAccount) -> _Unit | None:
    found = unit_rates(coin, edition)
    if found is None:
        for contract in contracts:
            held.excluded.contract(contract, "the venue's basis and closing-cost rates of "
                              f"{coin} were not found", NO_DATA)
        return None
    rates, basis, closing = found
    legs = tuple(_leg(contract, holdings) for contract in contracts)
    order = [(str(row["first"]), str(row["second"])) for row in edition["hedge_order"].rows]
    hedges = quote_hedges(legs, order)
    depeg = sum((Tiers.of(edition["depeg_charge"].rows).amount(h.size) for h in hedges), ZERO)
    parts = risk_unit(legs, rates, Tiers.of(edition["closing_scale"].rows), depeg)
    return _Unit(coin, legs, rates, basis, closing, hedges, parts)


def unit_rates(coin: str, edition: Edition
               ) -> tuple[UnitRates, Parameter, Parameter] | None:
    """Return a coin's constants and where its two rates come from, None where one is unknown."""
    basis = _listed(coin, edition, "basis_rates", "basis_rates_assumed")
    closing = _listed(coin, edition, "closing_rates", "closing_rates_assumed")
    if basis is None or closing is None:
        return None
    moves = _row(coin, edition["spot_moves"])
    extreme = _row(coin, edition["extreme_moves"])
    return (UnitRates(tuple(Decimal(move) for move in moves["moves"]), Decimal(extreme["move"]),
                      edition["extreme_share"].value,
                      Decimal(_row(coin, basis)["rate"]), Decimal(_row(coin, closing)["rate"])),
            basis, closing)


def _listed(coin: str, edition: Edition, *names: str) -> Parameter | None:
    """Return the first table that lists the coin."""
    return next((edition[name] for name in names
                 if any(coin in row["coins"] for row in edition[name].rows)), None)


def _row(coin: str, table: Parameter) -> Mapping[str, Any]:
    return next(row for row in table.rows if coin in row["coins"] or "*" in row["coins"])


def _leg(contract: Contract, holdings: ResolvedBook) -> Leg:
    """Return a contract in dollars; what is quoted in a stablecoin is worth the coin's price."""
    peg = holdings.market.underlying(contract.quote) if contract.quote in STABLE else None
    worth = (peg.price if peg is not None else Decimal(1)) / (
        holdings.market.fx_rate("USD") or Decimal(1))
    return Leg(contract.symbol, contract.coins * contract.index * worth,
               contract.coins * contract.mark * worth,
               "USD" if contract.inverse else contract.quote)


def _explained(unit: _Unit, edition: Edition, dollar: Decimal, factor: Decimal) -> Explained:
    """Return one unit's margin as a tree; the losing branches stay visible."""
    parts, rates, scale = unit.parts, unit.rates, dollar * factor
    net = sum((leg.index_notional for leg in unit.legs), ZERO)
    gross = sum((abs(leg.mark_notional) for leg in unit.legs), ZERO)
    ladder = ", ".join(f"{move:.0%}" for move in rates.moves)
    shocks = total(
        "Market risk",
        greater_of(
            "Worse of regular and extreme moves",
            leaf(f"MR1: index {parts.spot_move:+.0%}", parts.spot_vol * scale,
                 edition["spot_moves"].cite, net_index_notional=accounting(net, 2),
                 moves=f"+-({ladder})", factor=factor),
            leaf(f"MR6: half the loss at {rates.extreme_move:.0%}", parts.extreme * scale,
                 edition["extreme_moves"].cite, net_index_notional=accounting(net, 2),
                 factor=factor)),
        leaf("MR4: basis", parts.basis * scale, unit.basis.cite,
             rate=f"{rates.basis_rate:.2%}", gross_mark_notional=accounting(gross, 2)))
    closing = leaf("MR7: closing cost", parts.closing * scale, edition["closing_scale"].cite,
                   raw=accounting(parts.closing_raw, 2), rate=f"{rates.closing_rate:.2%}",
                   rate_standing=unit.closing.cite.standing)
    depeg = [leaf(f"MR9: {h.first} against {h.second}",
                  Tiers.of(edition["depeg_charge"].rows).amount(h.size) * scale,
                  edition["depeg_charge"].cite, hedged=accounting(h.size, 2))
             for h in unit.hedges]
    return total(f"{unit.coin} risk unit",
                 greater_of("Larger of market risk and closing cost", shocks, closing), *depeg)


def _owed(held: VenueAccount, edition: Edition) -> list[Balance]:
    """Return what is owed; a coin held whose discount rate is unknown is listed as left out."""
    known = {str(name) for name in edition["cash_coins"].raw}
    for balance in held.balances:
        if balance.quantity > 0 and balance.symbol not in known:
            held.excluded.at(balance.where, f"{balance.symbol}: the venue's discount rate was not "
                             "found, so it counts nothing as equity", NO_DATA)
    return [balance for balance in held.balances if balance.quantity < 0]


def _borrowed(owed: Sequence[Balance], rate: Parameter) -> list[Explained]:
    return [leaf(f"MR8: {balance.symbol} owed", -balance.value * rate.value, rate.cite,
                 owed=accounting(-balance.value, 2), rate=f"{rate.value:.0%}")
            for balance in owed]


def _offsets(unit: _Unit, account: Account, edition: Edition, dollar: Decimal) -> list[Offset]:
    if len(unit.legs) < 2:  # noqa: PLR2004 - nothing nets with itself
        return []
    scale = Tiers.of(edition["closing_scale"].rows)
    alone = sum((risk_unit([leg], unit.rates, scale).maintenance for leg in unit.legs), ZERO)
    saved = (unit.parts.maintenance - alone) * dollar
    status: OffsetStatus = "partial" if unit.hedges else "granted"
    reason = f"one risk unit of {unit.coin}: its contracts net in every move"
    if unit.hedges:
        reason += "; hedges across quote currencies pay the de-peg charge"
    return [Offset("risk unit", tuple(leg.name for leg in unit.legs), status, reason, saved,
                   (account.account_id,), level="account",
                   tests=(("as one", accounting(unit.parts.maintenance * dollar)),
                          ("sum of the parts", accounting(alone * dollar))))]
