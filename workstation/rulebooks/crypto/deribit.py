"""Deribit portfolio margin: a risk matrix per settlement currency, or one across all collateral.

An account whose programme says X:PM (or cross) is margined across settlement currencies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting, money
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.deribit_explain import explained
from workstation.rulebooks.crypto.deribit_groups import MatrixGroup, grouped
from workstation.rulebooks.crypto.deribit_intake import MatrixAccount, sorted_in
from workstation.rulebooks.crypto.deribit_matrix import Pair
from workstation.rulebooks.crypto.venue_account import Balance

REGIME = "deribit-pm"
FOLDER = "deribit_pm"
CROSS = ("x:pm", "cross")


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of coin- and dollar-settled futures, perpetuals and options.

    initial = sum over settlement currencies of (worst bucket + roll shock + delta shock +
    correlation contingency); maintenance = 80 % of it. Orders and market-maker protection, which
    a position file does not hold, are not in it.
    """
    edition = rules.edition(FOLDER)
    held = sorted_in(account, holdings, edition)
    groups = matrices(account, held)
    factor = float(edition["maintenance_factor"].value)
    haircuts = tuple(_equity(balance, account, edition) for balance in held.equity)
    initial = total(f"{account.account_id}: initial margin",
                    *(explained(g, edition, 1.0, held.notes) for g in groups), *haircuts)
    kept = total(f"{account.account_id}: maintenance margin",
                 *(explained(g, edition, factor, held.notes) for g in groups))
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, initial, kept, kept.amount,
        kept.amount, tuple(_offsets(groups, held, account, factor)), held.excluded)


def matrices(account: Account, held: MatrixAccount) -> tuple[MatrixGroup, ...]:
    """Return the account's risk matrices: every instrument in every bucket, by group."""
    return grouped(held.pairs, held.dollar, cross=is_cross(account))


def is_cross(account: Account) -> bool:
    """Say whether the account is margined across settlement currencies."""
    return any(word in account.programme.lower() for word in CROSS)


def _equity(balance: Balance, account: Account, edition: Edition) -> Explained:
    """Return the haircut a coin held as equity takes off initial margin."""
    rows = {str(row["asset"]): Decimal(row["haircut"]) for row in edition["equity_haircuts"].rows}
    haircut = rows.get(balance.symbol)
    if haircut is None:
        return leaf(f"{balance.symbol} held as equity", Decimal(0), edition["equity_coins"].cite,
                    quantity=f"{balance.quantity:,}", haircut="none in its own currency")
    return leaf(f"Haircut of {balance.symbol} held as equity", balance.value * haircut,
                edition["equity_haircuts"].cite, value=accounting(balance.value, 2),
                haircut=f"{haircut:.1%}", programme=account.programme or "not stated")


def _offsets(groups: Sequence[MatrixGroup], held: MatrixAccount, account: Account, factor: float
             ) -> Iterator[Offset]:
    for group in groups:
        yield from _netting(group, held, account, factor)
        if len(group.matrices) > 1:
            yield _between_pairs(group, account)
    if len(groups) > 1:
        yield _between_currencies(groups, held, account, factor)


def _netting(group: MatrixGroup, held: MatrixAccount, account: Account, factor: float
             ) -> Iterator[Offset]:
    """Yield what one matrix saves against the parts of each pair by themselves."""
    for matrix, rate in zip(group.matrices, group.rates, strict=True):
        parts = dict(_parts(matrix.pair))
        if len(parts) == 1:
            continue
        alone = sum(_alone(part, held, group, rate, factor) for part in parts.values())
        together = _alone(matrix.pair, held, group, rate, factor)
        yield Offset(
            "risk matrix", tuple(parts), "granted",
            f"one matrix of {matrix.pair.coin} settled in {matrix.pair.settlement}: every bucket "
            "nets across its contracts", money(together - alone), (account.account_id,),
            level="account", tests=(("requirement as one", accounting(together)),
                                    ("sum of the parts", accounting(alone))))


def _alone(pair: Pair, held: MatrixAccount, group: MatrixGroup, rate: float, factor: float
           ) -> float:
    """Return the maintenance margin of a pair by itself, in the reporting currency."""
    (single,) = grouped([pair], held.dollar, cross=False)
    return factor * single.margin * rate * group.unit


def _parts(pair: Pair) -> Iterator[tuple[str, Pair]]:
    if pair.futures:
        yield " + ".join(f.name for f in pair.futures), replace(pair, options=())
    for years in sorted({option.years for option in pair.options}):
        options = tuple(o for o in pair.options if o.years == years)
        yield f"options, {years * 365:.0f} days", replace(pair, futures=(), options=options)


def _between_pairs(group: MatrixGroup, account: Account) -> Offset:
    shares = ", ".join(f"{m.pair.coin} {m.pair.pack.offset_share:.0%}" for m in group.matrices)
    return Offset(
        "between coins", tuple(m.pair.coin for m in group.matrices), "partial",
        f"gains of one coin count against another at: {shares}", Decimal(0),
        (account.account_id,), level="account")


def _between_currencies(groups: Sequence[MatrixGroup], held: MatrixAccount, account: Account,
                        factor: float) -> Offset:
    (cross,) = grouped(held.pairs, held.dollar, cross=True)
    apart = factor * sum(group.margin * group.unit for group in groups)
    together = factor * cross.margin * cross.unit
    return Offset(
        "between settlement currencies", tuple(group.currency for group in groups), "denied",
        "a segregated account margins every settlement currency by itself", Decimal(0),
        (account.account_id,), level="account",
        tests=(("by currency", accounting(apart)), ("as one", accounting(together))),
        would_save=max(Decimal(0), money(apart - together)),
        barrier="a cross-collateral (X:PM) account")
