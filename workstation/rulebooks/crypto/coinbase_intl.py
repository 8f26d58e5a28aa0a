"""Coinbase International: initial margin that grows with the time a position takes to close."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.coinbase_margin import (
    SizeMargin,
    SizeRules,
    close_out_horizon,
)
from workstation.rulebooks.crypto.venue_account import (
    NO_DATA,
    Contract,
    VenueAccount,
    not_netted,
    sorted_account,
)

REGIME = "coinbase-intl"
FOLDER = "coinbase_intl"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Charge:
    """A contract's rates; `volume` is the daily volume in the reporting currency, if known."""

    contract: Contract
    rates: SizeMargin
    volume: Decimal | None


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of perpetuals, contract by contract.

    initial = notional x max(base, risk parameter x sqrt(horizon)); maintenance = two thirds
    """
    edition = rules.edition(FOLDER)
    held = sorted_account(account, holdings, two_sided=False)
    charges = [charge for contract in held.contracts
               if (charge := _charge(contract, holdings, edition, held)) is not None]
    _list_tokens(held, edition)
    asked = total(f"{account.account_id}: initial margin",
                  *(_leaf(charge, edition, initial=True) for charge in charges))
    kept = total(f"{account.account_id}: maintenance margin",
                 *(_leaf(charge, edition, initial=False) for charge in charges))

    def on_net(coin: str, notional: Decimal) -> Decimal:
        found = _rates(coin, notional, holdings, edition)
        return ZERO if found is None else notional * found[0].maintenance

    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, asked, kept, kept.amount,
        kept.amount, not_netted(held, account.account_id, on_net), tuple(held.excluded.items))


def _charge(contract: Contract, holdings: ResolvedBook, edition: Edition, held: VenueAccount
            ) -> _Charge | None:
    found = _rates(contract.coin, contract.notional, holdings, edition)
    if contract.inverse:
        held.excluded.contract(contract, "settled in coin: the venue's contracts are linear")
    elif found is None:
        held.excluded.contract(contract, "the venue's base initial margin of "
                          f"{contract.coin} was not found", NO_DATA)
    else:
        return _Charge(contract, *found)
    return None


def _rates(coin: str, notional: Decimal, holdings: ResolvedBook, edition: Edition
           ) -> tuple[SizeMargin, Decimal | None] | None:
    """Return the rates on a notional, and the volume; without a volume the base rate alone."""
    base = next((Decimal(row["value"]) for row in edition["base_initial"].rows
                 if row["coin"] == coin), None)
    if base is None:
        return None
    rules = SizeRules(base, edition["risk_parameter"].value, edition["maintenance_share"].value,
                      edition["close_out_gap"].value)
    market = holdings.market.underlying(coin)
    fx = holdings.market.fx_rate(market.currency) if market else None
    if market is None or fx is None or not market.adv:
        return rules.at(ZERO), None
    volume = market.adv * market.price * fx
    horizon = close_out_horizon(notional, edition["participation"].value, volume)
    return rules.at(horizon), volume


def _leaf(charge: _Charge, edition: Edition, *, initial: bool) -> Explained:
    contract, rates = charge.contract, charge.rates
    rate = rates.initial if initial else rates.maintenance
    volume = ("not in the file; base rate alone" if charge.volume is None
              else accounting(charge.volume))
    return leaf(
        contract.symbol, contract.notional * rate,
        edition["base_initial" if initial else "maintenance_share"].cite,
        notional=accounting(contract.notional, 2), daily_volume=volume,
        horizon=f"{rates.horizon:.4f} days", initial_rate=f"{rates.initial:.4%}",
        rate=f"{rate:.4%}", close_out=f"{rates.close_out:.4%} of notional")


def _list_tokens(held: VenueAccount, edition: Edition) -> None:
    cash = {str(name) for name in edition["cash_coins"].raw}
    for balance in held.balances:
        if balance.quantity > 0 and balance.symbol not in cash:
            held.excluded.at(balance.where, f"{balance.symbol}: its collateral weight was not "
                             "found, so it counts nothing as equity", NO_DATA)
        elif balance.quantity < 0 and balance.symbol not in cash:
            held.excluded.at(balance.where, f"{balance.symbol}: a borrowed coin, which the pack "
                             "does not margin", "margin it by hand or repay it")
