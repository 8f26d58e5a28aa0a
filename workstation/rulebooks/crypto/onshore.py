"""Perpetuals of US exchanges in a futures account: dated outright rates on notional.

Spread credit against dated futures of the same coin is not published across clearing
organisations, so it is denied by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.perpetual import unsettled_move
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.venue_account import (
    NO_DATA,
    Contract,
    VenueAccount,
    sorted_account,
)

REGIME = "span"
FOLDER = "us_perpetuals"
ZERO = Decimal(0)


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin the perpetuals of a futures account; its other positions are not looked at.

    maintenance = sum over coins of |net notional| x rate; initial = ratio x maintenance
    """
    edition = rules.edition(FOLDER)
    held = sorted_account(replace(account, cash=ZERO, other_cash=()), holdings.take(
        perpetual_rows(holdings)))
    coins = {coin: contracts for coin, contracts in held.by_coin().items()
             if _known(coin, contracts, held, edition)}
    kept = total("Perpetuals of US exchanges", *(
        _coin(coin, contracts, holdings, edition) for coin, contracts in coins.items()))
    ratio = edition["initial_ratio"]
    asked = total("Initial requirement of perpetuals", *(
        leaf(part.label, part.amount * ratio.value, ratio.cite, maintenance=part.amount,
             ratio=f"{ratio.value} {ratio.unit}") for part in kept.parts), cite=ratio.cite)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, asked, kept, kept.amount,
        kept.amount, tuple(_refused(coins, kept, holdings, account)), tuple(held.excluded.items))


def perpetual_rows(holdings: ResolvedBook) -> list[int]:
    """Return the places of the perpetuals."""
    return [row for row, position in enumerate(holdings.positions)
            if position.instrument.asset_class is AssetClass.PERPETUAL]


def _known(coin: str, contracts: Sequence[Contract], held: VenueAccount, edition: Edition
           ) -> bool:
    known = _rate(coin, edition) is not None
    if not known:
        for contract in contracts:
            held.excluded.contract(contract, f"no margin rate of perpetuals on {coin}",
                              NO_DATA)
    return known


def _rate(coin: str, edition: Edition) -> Decimal | None:
    return next((Decimal(row["rate"]) for row in edition["rates"].rows if row["coin"] == coin),
                None)


def _coin(coin: str, contracts: Sequence[Contract], holdings: ResolvedBook, edition: Edition
          ) -> Explained:
    """Charge one coin's net perpetual position, and say what may move while nothing settles."""
    rate = _rate(coin, edition) or ZERO
    net = sum((c.coins * c.mark for c in contracts), ZERO)
    days = edition["weekend_days"].value
    market = holdings.market.underlying(coin)
    volatility = market.annual_volatility or market.iv if market else None
    gap = ("volatility not in the file" if volatility is None else accounting(
        float(abs(net)) * unsettled_move(float(volatility), float(days))))
    return leaf(
        f"{coin} perpetuals", abs(net) * rate, edition["rates"].cite,
        contracts=", ".join(c.symbol for c in contracts), net_notional=accounting(net),
        rate=f"{rate:.0%} of notional", carried_as=edition["recognised"].text,
        weekend_move_of_one_deviation=gap)


def _refused(coins: dict[str, tuple[Contract, ...]], kept: Explained, holdings: ResolvedBook,
             account: Account) -> Iterator[Offset]:
    """Yield the spread a perpetual against dated futures of its coin is not granted."""
    for (coin, contracts), part in zip(coins.items(), kept.parts, strict=True):
        net = sum((c.coins for c in contracts), ZERO)
        others = [p for p in holdings.positions
                  if p.instrument.asset_class is AssetClass.FUTURE
                  and p.instrument.underlying == coin and p.quantity * net < 0]
        if others:
            yield Offset(
                "between perpetual and dated futures",
                (*(c.symbol for c in contracts), *(p.instrument.symbol for p in others)),
                "denied", "no spread credit is published between perpetuals and dated futures; "
                "basis, hours and clearing organisation differ", ZERO, (account.account_id,),
                level="account", would_save=part.amount,
                barrier="a spread credit of one clearing organisation that clears both")
