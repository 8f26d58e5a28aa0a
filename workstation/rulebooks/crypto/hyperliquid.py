"""Hyperliquid: cross margin by leverage tiers, or the portfolio-margin ratio.

An account whose programme names portfolio margin is held to the ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.measures.tiers import Tiers
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.backing import Backing, Charged, liquidation_inputs
from workstation.rulebooks.crypto.hyperliquid_margin import (
    PortfolioRatio,
    Supplied,
    initial_tiers,
    maintenance_tiers,
    portfolio_ratio,
)
from workstation.rulebooks.crypto.venue_account import (
    NO_DATA,
    Balance,
    Contract,
    VenueAccount,
    not_netted,
    sorted_account,
)

REGIME = "hyperliquid"
FOLDER = "hyperliquid"
PORTFOLIO = "portfolio"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Charge:
    contract: Contract
    leverage: Tiers
    initial: Decimal
    maintenance: Decimal


@dataclass(frozen=True, slots=True)
class _Token:
    """A supplied token as the ratio counts it, beside its market value."""

    balance: Balance
    supplied: Supplied
    value: Decimal


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of perpetuals.

    Cross margin: initial = notional / largest leverage, maintenance = half of it, both by tiers.
    Portfolio margin: what keeps (20 + maintenance + borrow) / liquidation value below 0.95.
    """
    edition, dollar = rules.edition(FOLDER), holdings.market.fx_rate("USD") or Decimal(1)
    held = sorted_account(account, holdings, two_sided=False)
    charges = _charges(held, edition, dollar)
    tokens = _tokens(held, edition, dollar, portfolio=is_portfolio(account))
    backing = backing_of(account, held, edition, dollar)
    kept = _total(account, charges, backing, edition, dollar, initial=False)
    asked = _total(account, charges, backing, edition, dollar, initial=True)
    if is_portfolio(account):
        kept, asked = (_portfolio(tree, held, tokens, edition, dollar) for tree in (kept, asked))
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, asked, kept, kept.amount,
        kept.amount, not_netted(held, account.account_id, lambda coin, notional: (
            _maintenance(edition, tiers).amount(notional / dollar) * dollar
            if (tiers := leverage_tiers(edition, coin)) else ZERO)),
        tuple(held.excluded.items))


def is_portfolio(account: Account) -> bool:
    """Say whether the account is on portfolio margin."""
    return PORTFOLIO in account.programme.lower()


def leverage_tiers(edition: Edition, coin: str) -> Tiers | None:
    """Return a coin's tiers of largest leverage, None where the venue's table has none."""
    rows = [row for row in edition["leverage"].rows if coin.upper() in row["coins"]]
    return Tiers.of(rows, "leverage") if rows else None


def _maintenance(edition: Edition, leverage: Tiers) -> Tiers:
    return maintenance_tiers(leverage, edition["maintenance_share"].value)


def _charges(held: VenueAccount, edition: Edition, dollar: Decimal) -> list[_Charge]:
    found = []
    for contract in held.contracts:
        tiers = leverage_tiers(edition, contract.coin)
        if contract.inverse:
            held.excluded.contract(contract, "settled in coin: the venue's contracts are "
                              "linear")
        elif tiers is None:
            held.excluded.contract(contract, "the venue's margin tiers of "
                              f"{contract.coin} were not found", NO_DATA)
        else:
            size = contract.notional / dollar
            found.append(_Charge(contract, tiers, initial_tiers(tiers).amount(size) * dollar,
                                 _maintenance(edition, tiers).amount(size) * dollar))
    return found


def _tokens(held: VenueAccount, edition: Edition, dollar: Decimal, *, portfolio: bool
            ) -> list[_Token]:
    """Return supplied tokens; outside portfolio margin no token is margin, and is listed so."""
    rows = {str(row["token"]): Decimal(row["ltv"]) for row in edition["supplied"].rows}
    cash = {str(name) for name in edition["cash_coins"].raw}
    found = []
    for balance in held.balances:
        if balance.quantity < 0 or balance.symbol in cash:
            continue
        ltv = rows.get(balance.symbol)
        if not portfolio:
            held.excluded.at(balance.where, f"{balance.symbol}: counts nothing as margin of a "
                             "cross-margin account", "state the programme as portfolio margin if "
                             "the account is on it")
        elif ltv is None:
            held.excluded.at(balance.where, f"{balance.symbol}: its loan to value was not found, "
                             "so it counts nothing", NO_DATA)
        else:
            supplied = Supplied(balance.quantity, balance.price / dollar, ltv,
                                edition["borrow_cap"].value, edition["supply_cap"].value)
            found.append(_Token(balance, supplied, balance.value))
    return found


def _total(account: Account, charges: list[_Charge], backing: Backing, edition: Edition,
           dollar: Decimal, *, initial: bool) -> Explained:
    needed = sum((c.maintenance for c in charges), ZERO)
    name = "initial" if initial else "maintenance"
    charged = [Charged(c.contract, _maintenance(edition, c.leverage), c.maintenance)
               for c in charges]
    tree = total(f"{account.account_id}: {name} margin", *(
        replace(node, inputs=(*node.inputs, *liquidation_inputs(one, charged, backing, dollar)))
        for charge, one in zip(charges, charged, strict=True)
        for node in [_leaf(charge, edition, dollar, initial)]))
    backstop = edition["backstop_share"]
    return replace(tree, cite=backstop.cite, inputs=(
        ("equity counted", accounting(backing.equity, 2)),
        ("backstop takes over below", accounting(needed * backstop.value, 2))))


def _leaf(charge: _Charge, edition: Edition, dollar: Decimal, initial: bool) -> Explained:
    contract = charge.contract
    kept = _maintenance(edition, charge.leverage)
    tiers = initial_tiers(charge.leverage) if initial else kept
    band = tiers.band(contract.notional / dollar)
    return leaf(
        contract.symbol, charge.initial if initial else charge.maintenance,
        edition["leverage" if initial else "maintenance_share"].cite,
        notional=accounting(contract.notional, 2),
        largest_leverage=f"{charge.leverage.rates[band]}x",
        rate=f"{tiers.rates[band]:.4%}", deduction=accounting(tiers.deductions[band], 2))


def backing_of(account: Account, held: VenueAccount, edition: Edition, dollar: Decimal
               ) -> Backing:
    """Return what stands behind the contracts: cash less debts; tokens under portfolio margin.

    Portfolio margin is liquidated above a limit of (base + maintenance + borrow) / value, which
    is value < (base + maintenance + borrow) / limit.
    """
    cash = {str(name) for name in edition["cash_coins"].raw}
    owed = -sum((b.value for b in held.balances if b.quantity < 0), ZERO)
    balance = sum((b.value for b in held.balances if b.quantity > 0 and b.symbol in cash), ZERO)
    if not is_portfolio(account):
        return Backing(balance - owed)
    coins = {str(row["token"]): Decimal(row["ltv"]) for row in edition["supplied"].rows}
    supplied = {b.symbol: Supplied(b.quantity, b.price / dollar, coins[b.symbol],
                                   edition["borrow_cap"].value, edition["supply_cap"].value)
                for b in held.balances if b.quantity > 0 and b.symbol in coins}
    worth = sum((s.liquidation_value for s in supplied.values()), ZERO) * dollar
    return Backing(balance + worth, 1 / edition["portfolio_limit"].value,
                   edition["portfolio_base"].value * dollar + owed,
                   {symbol: s.counted_coins for symbol, s in supplied.items()})


def _portfolio(tree: Explained, held: VenueAccount, tokens: list[_Token], edition: Edition,
               dollar: Decimal) -> Explained:
    """Return what the account must be worth so that the ratio stays at its limit.

    (base + margin + borrow) / limit - borrow + what liquidation takes off the tokens
    """
    limit, base = edition["portfolio_limit"], edition["portfolio_base"]
    owed = -sum((b.value for b in held.balances if b.quantity < 0), ZERO)
    ratio = _ratio(tree.amount, owed, held, tokens, edition, dollar)
    buffer = (base.value * dollar + tree.amount + owed) / limit.value - tree.amount - owed
    parts = [tree, leaf("Base and distance to the ratio's limit", buffer, limit.cite,
                        base=f"{base.value} USDC", borrowed=accounting(owed, 2),
                        limit=f"{limit.value}")]
    parts += [leaf(f"Liquidation discount of {t.balance.symbol}",
                   t.value - t.supplied.liquidation_value * dollar, edition["borrow_cap"].cite,
                   market_value=accounting(t.value, 2), loan_to_value=f"{t.supplied.ltv:.0%}",
                   borrow_cap=accounting(t.supplied.borrow_cap)) for t in tokens]
    shown = ratio.ratio
    return replace(total(tree.label, *parts), inputs=(
        ("portfolio margin ratio", "no value" if shown is None else f"{shown:.4f}"),
        ("liquidatable", "yes" if ratio.liquidatable(limit.value) else "no")))


def _ratio(needed: Decimal, owed: Decimal, held: VenueAccount, tokens: list[_Token],
           edition: Edition, dollar: Decimal) -> PortfolioRatio:
    cash = {str(name) for name in edition["cash_coins"].raw}
    balance = sum((b.value for b in held.balances if b.quantity > 0 and b.symbol in cash), ZERO)
    return portfolio_ratio(edition["portfolio_base"].value, needed / dollar, owed / dollar,
                           balance / dollar, [t.supplied for t in tokens])
