"""Binance portfolio margin: brackets by contract, loans, and adjusted equity against them.

The answer is in the reporting currency; the venue's bands are applied in dollars or coin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.measures.tiers import Tiers
from workstation.measures.tokens import tiered_value
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.crypto.backing import (
    Backing,
    Charged,
    Inputs,
    liquidation_inputs,
)
from workstation.rulebooks.crypto.binance_equity import uni_mmr
from workstation.rulebooks.crypto.venue_account import (
    NO_DATA,
    Balance,
    Contract,
    VenueAccount,
    not_netted,
    sorted_account,
)

REGIME = "binance-pm"
FOLDER = "binance_pm"
ZERO = Decimal(0)
RATIOS = ("collateral_ratios", "collateral_ratios_assumed")


@dataclass(frozen=True, slots=True)
class _Charge:
    contract: Contract
    tiers: Tiers
    band_size: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Counted:
    balance: Balance
    ratios: Parameter
    counted: Decimal


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of perpetuals, futures, loans and coins.

    maintenance = sum of bracket margin + loans x rate + what collateral ratios take off;
    initial = the level at or below which positions may only be reduced x margin, and the same
    """
    edition, dollar = rules.edition(FOLDER), holdings.market.fx_rate("USD") or Decimal(1)
    held = sorted_account(account, holdings)
    charges = _charges(held, edition, dollar)
    counted = _counted(held, edition, dollar)
    margined = _margin_tree(held, charges, _backing(held, counted, edition), edition, dollar)
    cuts = [cut for item in counted if (cut := _haircut(item)) is not None]
    kept = total(f"{account.account_id}: maintenance margin", margined, *cuts)
    level = edition["reduce_only_level"]
    extra = leaf("Margin kept free to open positions", margined.amount * (level.value - 1),
                 level.cite, level=f"{level.value} x maintenance margin")
    asked = total(f"{account.account_id}: initial margin", margined, extra, *cuts)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, asked, kept, kept.amount,
        kept.amount, not_netted(held, account.account_id, _by_coin(charges, dollar)),
        tuple(held.excluded.items))


def _charges(held: VenueAccount, edition: Edition, dollar: Decimal) -> list[_Charge]:
    found = []
    for contract in held.contracts:
        tiers = contract_tiers(edition, contract)
        if tiers is None:
            kind = "inverse" if contract.inverse else "linear"
            held.excluded.contract(contract, f"the venue's brackets of {kind} {contract.coin} "
                              "contracts were not found", NO_DATA)
            continue
        unit = contract.mark if contract.inverse else dollar
        size = abs(contract.coins) if contract.inverse else contract.notional / dollar
        found.append(_Charge(contract, tiers, size, tiers.amount(size) * unit))
    return found


def backing_of(held: VenueAccount, edition: Edition, dollar: Decimal) -> Backing:
    """Return adjusted equity and the level of uniMMR at which the venue liquidates."""
    return _backing(held, _counted(held, edition, dollar), edition)


def _backing(held: VenueAccount, counted: Sequence[_Counted], edition: Edition) -> Backing:
    """Return collateral at its ratios less net debts; loans' own margin must be kept besides."""
    coins = {item.balance.symbol: item.counted / item.balance.price for item in counted}
    debts = [balance for balance in _net(held) if balance.quantity < 0]
    coins |= {debt.symbol: debt.quantity for debt in debts}
    equity = sum((c.counted for c in counted), ZERO) + sum((d.value for d in debts), ZERO)
    owed = -sum((loan.value for loan in _loans(held)), ZERO)
    return Backing(equity, edition["liquidation_level"].value,
                   owed * edition["loan_rate"].value, coins)


def _loans(held: VenueAccount) -> list[Balance]:
    return [balance for balance in held.balances if balance.quantity < 0]


def _net(held: VenueAccount) -> list[Balance]:
    """Return each asset's holding less what is owed of it: only the difference is haircut."""
    found: dict[str, Balance] = {}
    for balance in held.balances:
        before = found.get(balance.symbol)
        found[balance.symbol] = balance if before is None else replace(
            before, quantity=before.quantity + balance.quantity)
    return list(found.values())


def contract_tiers(edition: Edition, contract: Contract) -> Tiers | None:
    """Return the brackets of a contract's coin and settlement, None where there are none."""
    kind = "inverse" if contract.inverse else "linear"
    rows = [row for row in edition["tiers"].rows
            if row["coin"] == contract.coin and row["settlement"] == kind]
    return Tiers.of(rows) if rows else None


def _counted(held: VenueAccount, edition: Edition, dollar: Decimal) -> list[_Counted]:
    """Return what each net holding counts for; one without a known ratio counts nothing, listed.

    adjusted equity = min(N P c, N P), N the asset held less the asset owed
    """
    found = []
    for balance in _net(held):
        if balance.quantity <= 0:
            continue
        table = next((edition[name] for name in RATIOS
                      if any(row["asset"] == balance.symbol for row in edition[name].rows)), None)
        if table is None:
            held.excluded.at(balance.where, f"{balance.symbol}: no collateral ratio is known, so "
                             "it counts nothing as equity", NO_DATA)
            continue
        rows = [row for row in table.rows if row["asset"] == balance.symbol]
        counted = tiered_value(balance.value / dollar, Tiers.of(rows)) * dollar
        found.append(_Counted(balance, table, counted))
    return found


def _margin_tree(held: VenueAccount, charges: Sequence[_Charge], backing: Backing,
                 edition: Edition, dollar: Decimal) -> Explained:
    rate, equity = edition["loan_rate"], backing.equity
    charged = [Charged(c.contract, c.tiers, c.amount) for c in charges]
    tree = total(
        "Maintenance margin of positions and loans",
        *(_bracket(charge, edition, liquidation_inputs(one, charged, backing, dollar))
          for charge, one in zip(charges, charged, strict=True)),
        *(leaf(f"Loan of {b.symbol}", -b.value * rate.value, rate.cite,
               owed=accounting(-b.value, 2), rate=f"{rate.value:.0%}") for b in _loans(held)))
    ratio = uni_mmr([equity], [tree.amount])
    shown = "no margin needed" if ratio is None else f"{ratio:.4f}"
    return replace(tree, cite=edition["liquidation_level"].cite, inputs=(
        ("adjusted equity", accounting(equity, 2)), ("uniMMR", shown),
        ("liquidated when equity falls to", accounting(backing.level * tree.amount, 2))))


def _bracket(charge: _Charge, edition: Edition, liquidation: Inputs) -> Explained:
    contract, band = charge.contract, charge.tiers.band(charge.band_size)
    unit = contract.coin if contract.inverse else "USD"
    node = leaf(
        contract.symbol, charge.amount, edition["tiers"].cite,
        notional=f"{charge.band_size:,.8g} {unit}", bracket=f"{band + 1}",
        rate=f"{charge.tiers.rates[band]:.2%}",
        deduction=f"{charge.tiers.deductions[band]:,} {unit}")
    return replace(node, inputs=(*node.inputs, *liquidation))


def _haircut(item: _Counted) -> Explained | None:
    lost = item.balance.value - item.counted
    if not lost:
        return None
    return leaf(f"Haircut of {item.balance.symbol}", lost, item.ratios.cite,
                value=accounting(item.balance.value, 2), counted=accounting(item.counted, 2))


def _by_coin(charges: Sequence[_Charge], dollar: Decimal) -> Callable[[str, Decimal], Decimal]:
    """Return maintenance on a coin's notional, by the brackets of its linear contracts."""
    tiers = {c.contract.coin: c.tiers for c in reversed(charges) if not c.contract.inverse}

    def charge(coin: str, notional: Decimal) -> Decimal:
        return tiers[coin].amount(notional / dollar) * dollar if coin in tiers else ZERO

    return charge
