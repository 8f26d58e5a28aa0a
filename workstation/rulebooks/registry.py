"""Every rulebook by regime name, and which one an account's type implies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Explained, total
from workstation.base.vocabulary import AccountType
from workstation.base.wording import account_type_words
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Margin, summed
from workstation.measures.venue_detail import VenueDetail
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import NoParametersInForceError
from workstation.rulebooks.cleared_swaps import account as cleared_swaps
from workstation.rulebooks.crypto import (
    binance,
    coinbase_intl,
    deribit,
    derive,
    detail,
    hyperliquid,
    okx,
    onshore,
)
from workstation.rulebooks.crypto import spot as crypto_spot
from workstation.rulebooks.finra_4210 import portfolio, strategy
from workstation.rulebooks.protocol import Rulebook
from workstation.rulebooks.rbh_15c3_1a import haircuts as rbh
from workstation.rulebooks.reg_t import initial as reg_t
from workstation.rulebooks.sbs import cleared_programme as cleared_credit
from workstation.rulebooks.sbs import margin as sbs
from workstation.rulebooks.schedule_grid import account as schedule
from workstation.rulebooks.simm import account as simm
from workstation.rulebooks.span import published

RULEBOOKS: Mapping[str, Rulebook] = {
    "reg-t": reg_t.margin,
    "finra-4210-strategy": strategy.margin,
    "finra-4210-portfolio": portfolio.margin,
    "rbh-15c3-1a": rbh.margin,
    "sbs-18a-3": sbs.margin,
    cleared_credit.REGIME: cleared_credit.margin,
    "span": published.margin,
    "cleared-swaps-var": cleared_swaps.margin,
    "simm": simm.margin,
    "schedule": schedule.margin,
    "crypto-spot": crypto_spot.margin,
    "derive-pmrm-v2": derive.margin,
    "deribit-pm": deribit.margin,
    "okx-pm": okx.margin,
    "binance-pm": binance.margin,
    "hyperliquid": hyperliquid.margin,
    "coinbase-intl": coinbase_intl.margin,
}
# Rulebooks that can margin many positions one by one at less than the whole cost of each.
ALONE: Mapping[str, Callable[[Account, ResolvedBook, RuleSet], tuple[Decimal | None, ...]]] = {
    "finra-4210-portfolio": portfolio.alone,
    "reg-t": reg_t.alone,
    strategy.REGIME: strategy.alone,
}
SILOS = "silos"
NO_RULEBOOK = "none"
_BY_TYPE = {
    AccountType.REG_T: "reg-t",
    AccountType.PORTFOLIO_MARGIN: "finra-4210-portfolio",
    AccountType.FUTURES: "span",
    AccountType.FOREIGN_FUTURES: "span",
    AccountType.CRYPTO_SPOT: "crypto-spot",
    AccountType.SBS: "sbs-18a-3",
    AccountType.CLEARED_SWAPS: "cleared-swaps-var",
    AccountType.UNCLEARED_SWAPS: "simm",
}
_BY_VENUE = {
    "derive": "derive-pmrm-v2", "lyra": "derive-pmrm-v2", "deribit": "deribit-pm",
    "okx": "okx-pm", "binance": "binance-pm", "hyperliquid": "hyperliquid",
    "coinbase international": "coinbase-intl", "coinbase-intl": "coinbase-intl",
}
_VENUE_WORDS = {name.replace("-", " "): regime for name, regime in _BY_VENUE.items()}

_BY_PROGRAMME = {"ice-cds": cleared_credit.REGIME}


def regime_of(account: Account) -> str:
    """Return the regime an account's type, venue and programme imply, or "none"."""
    if account.account_type is AccountType.CROSS_MARGIN:
        return _BY_PROGRAMME.get(account.programme.strip().lower(), NO_RULEBOOK)
    venue = _VENUE_WORDS.get(" ".join(account.venue.lower().replace("_", " ").replace(
        "-", " ").split()))
    if account.account_type is AccountType.CRYPTO_VENUE:
        return venue or NO_RULEBOOK
    if account.account_type is AccountType.FOREIGN_FUTURES and venue is not None:
        return venue  # a venue's contracts carried as foreign futures keep the venue's margin
    return _BY_TYPE.get(account.account_type, NO_RULEBOOK)


def account_margin(account: Account, holdings: ResolvedBook, rules: RuleSet,
                   regime: str = "") -> AccountMargin:
    """Margin one account under `regime`, or under the one its type implies.

    An account without a rulebook, or without an edition in force on the review date, comes back
    with every position excluded and a reason: never as zero in silence.
    """
    name = regime or regime_of(account)
    rulebook = RULEBOOKS.get(name)
    if rulebook is None:
        return _nothing(account, holdings, *_missing(account))
    try:
        if name == simm.REGIME:
            return _with_schedule(account, holdings, rules)
        return _with_perpetuals(rulebook, account, holdings, rules)
    except NoParametersInForceError as error:
        return _nothing(account, holdings, str(error), "choose a later review date or --params")


def alone(account: Account, holdings: ResolvedBook, rules: RuleSet) -> tuple[Decimal | None, ...]:
    """Return the maintenance requirement of each position as if it were the account's only one.

    None stands for a position that no rulebook margins.
    """
    together = ALONE.get(regime_of(account))
    if together is not None:
        try:
            return together(account, holdings, rules)
        except NoParametersInForceError:
            return (None,) * len(holdings)
    answers = (account_margin(account, holdings.take([row]), rules)
               for row in range(len(holdings)))
    return tuple(None if a.excluded else a.maintenance.amount for a in answers)


def _with_perpetuals(rulebook: Rulebook, account: Account, holdings: ResolvedBook, rules: RuleSet
                     ) -> AccountMargin:
    """Margin an account; perpetuals carried as futures contracts go to their own rates."""
    rows = onshore.perpetual_rows(holdings)
    if rulebook is not RULEBOOKS["span"] or account.account_type is not AccountType.FUTURES or (
            not rows or not rules.has(onshore.FOLDER)):
        return rulebook(account, holdings, rules)
    perpetuals = onshore.margin(account, holdings, rules)
    others = [row for row in range(len(holdings)) if row not in set(rows)]
    dated = rulebook(account, holdings.take(others), rules)
    return replace(
        dated, gross=dated.gross + perpetuals.gross, net=dated.net + perpetuals.net,
        initial=total(f"{account.account_id}: initial margin", dated.initial,
                      perpetuals.initial),
        maintenance=total(f"{account.account_id}: maintenance margin", dated.maintenance,
                          perpetuals.maintenance),
        offsets=(*dated.offsets, *perpetuals.offsets),
        excluded=(*dated.excluded, *perpetuals.excluded))


def _with_schedule(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account by sensitivities; what its CRIF keeps for the schedule is added."""
    model = simm.margin(account, holdings, rules)
    if len(simm.model_rows(holdings)) == len(holdings.crif):
        return model
    grid = schedule.margin(account, holdings, rules)
    node = total(f"{account.account_id}: sensitivity-based and schedule margin",
                 model.initial, grid.initial)
    return replace(model, initial=node, maintenance=node, gross=node.amount, net=node.amount,
                   excluded=(*model.excluded, *grid.excluded))


def silos(book: Book, holdings: ResolvedBook, rules: RuleSet) -> Margin:
    """Margin every account under the rulebook its type implies."""
    return margin(book, holdings, rules, SILOS)


def venue_detail(book: Book, holdings: ResolvedBook, rules: RuleSet, silos: Margin
                 ) -> VenueDetail:
    """Return the scenarios and liquidation ladders behind today's margin of venue accounts."""
    found = [
        detail.venue_detail(account, holdings.of_account(account.account_id), rules, item.regime)
        for account, item in zip(book.accounts, silos.accounts, strict=True)
        if item.regime in detail.REGIMES
    ]
    return VenueDetail(tuple(matrix for part in found for matrix in part.matrices),
                       tuple(ladder for part in found for ladder in part.ladders))


def margin(book: Book, holdings: ResolvedBook, rules: RuleSet, regime: str) -> Margin:
    """Margin every account under one regime ("silos" for each its own)."""
    wanted = "" if regime == SILOS else regime
    accounts = tuple(
        account_margin(account, holdings.of_account(account.account_id), rules, wanted)
        for account in book.accounts
    )
    return summed(regime, book.market.currency, accounts, book.excluded)


def _missing(account: Account) -> tuple[str, str]:
    if account.account_type is AccountType.CRYPTO_VENUE:
        venue = account.venue or "(no venue named)"
        return (f"no parameter pack for the venue {venue}",
                f"set the account's venue to one of {', '.join(sorted(_BY_VENUE))}")
    if account.account_type is AccountType.CROSS_MARGIN:
        named = account.programme or "(none named)"
        return (f"an account of the programme {named} has no margin of its own here",
                f"set the programme to one of {', '.join(sorted(_BY_PROGRAMME))}, or keep the "
                "positions in their own accounts and read what programmes would save")
    return (f"accounts of type {account_type_words(account.account_type)} are recognised but not "
            "margined yet",
            "move the position to an account of a supported type, or read the total as incomplete")


def _nothing(account: Account, holdings: ResolvedBook, why: str, remedy: str) -> AccountMargin:
    none: Explained = total(f"{account.account_id}: not margined")
    excluded = tuple(
        Exclusion(p.where, f"{p.instrument.symbol}: {why}", remedy, account.account_id)
        for p in holdings.positions
    )
    return AccountMargin(account.account_id, NO_RULEBOOK, holdings.market.currency, none, none,
                         Decimal(0), Decimal(0), (), excluded)
