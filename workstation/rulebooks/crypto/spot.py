"""Coins, stablecoins and tokens held outright at a custodian: paid in full."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Parameter

REGIME = "crypto-spot"
FOLDER = "crypto_spot"
HELD_OUTRIGHT = frozenset({
    AssetClass.CRYPTO, AssetClass.STABLECOIN, AssetClass.WRAPPED_TOKEN,
    AssetClass.TOKENISED_SECURITY,
})


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of coins held outright.

    requirement = sum over long holdings of market value x share (100 %), initial as maintenance
    """
    share = rules.edition(FOLDER)["requirement"]
    charges: list[Explained] = []
    excluded: list[Exclusion] = []
    for position, problem in zip(holdings.positions, holdings.unpriced, strict=True):
        if position.instrument.asset_class is AssetClass.CASH:
            continue
        refused = _refused(position)
        if problem is not None:
            excluded.append(Exclusion(problem.where, problem.what, problem.remedy,
                                      account.account_id))
        elif refused is not None:
            excluded.append(Exclusion(position.where, *refused, account.account_id))
        else:
            charges.append(_charge(position, holdings, share))
    requirement = total(f"{account.account_id}: coins held outright", *charges)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, requirement, requirement,
        requirement.amount, requirement.amount, (), tuple(excluded))


def _refused(position: Position) -> tuple[str, str] | None:
    """Say why a custodian's account cannot hold a position, and what would help."""
    symbol, asset_class = position.instrument.symbol, position.instrument.asset_class
    if asset_class not in HELD_OUTRIGHT:
        return (f"{symbol}: a position of class {asset_class_words(asset_class)} cannot lie in "
                "a crypto spot account",
                "put it in an account of type crypto_venue or the type that carries it")
    if position.quantity < 0:
        return (f"{symbol}: a short coin is a loan, which a crypto_spot account does not grant",
                "put it in an account of type crypto_venue, or correct the sign of the quantity")
    return None


def _charge(position: Position, holdings: ResolvedBook, share: Parameter) -> Explained:
    fx = holdings.market.fx_rate(position.instrument.currency) or Decimal(0)
    return leaf(
        position.instrument.symbol, position.value * fx * share.value, share.cite,
        quantity=f"{position.quantity:,}", price=f"{position.price:,}",
        share=f"{share.value:.0%} of market value")
