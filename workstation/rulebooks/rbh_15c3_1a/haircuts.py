"""Risk-based haircuts of Rule 15c3-1a: what the positions would cost a broker-dealer's net capital.

The ten-point scan is the one FINRA 4210(g) takes over, with the ranges, offsets and contract
minimum of this rule. Qualified stock baskets are not recognised. Bitcoin, ether and payment
stablecoins carry the percentages of the staff's position; everything else is excluded.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Explained, total
from workstation.base.money import money
from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import charge
from workstation.rulebooks.finra_4210.g_offsets import ledger
from workstation.rulebooks.finra_4210.g_requirement import aggregated, g_7_requirement
from workstation.rulebooks.finra_4210.g_scan import scanned

REGIME = "rbh-15c3-1a"
FOLDER = "rbh_15c3_1a"
SCANNED = frozenset({
    AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.CONVERTIBLE,
    AssetClass.LISTED_OPTION, AssetClass.SECURITY_FUTURE,
})
_COINS = frozenset({AssetClass.CRYPTO, AssetClass.STABLECOIN})
_MAKER = "market_maker_"
ZERO = Decimal(0)


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return the deduction from net capital if the account's positions were the firm's own."""
    rule = ranges_of(rules.edition(FOLDER))
    rows = [i for i, position in enumerate(holdings.positions)
            if position.instrument.asset_class in SCANNED and holdings.unpriced[i] is None]
    scan, refused = scanned(holdings.take(rows), rule)
    levels = aggregated(scan, rule)
    node = g_7_requirement(scan, levels, rule, account.account_id, "risk-based haircuts")
    offsets = ledger(scan, levels, node.amount, rule, account.account_id)
    beside = coins(holdings, rule)
    if beside:
        node = total(f"{account.account_id}: deductions", node, *beside)
    left_out = (*refused, *_excluded(holdings, rule))
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency,
        replace(node, label=f"{account.account_id}: deduction, as initial"), node, node.amount,
        node.amount, offsets,
        tuple(replace(item, account_id=account.account_id) for item in left_out))


def ranges_of(rule: Edition) -> Edition:
    """Return the edition with a market maker's ranges where the firm says it is one."""
    if not rule["house_market_maker"].value:
        return rule
    own = {name.removeprefix(_MAKER): value for name, value in rule.values.items()
           if name.startswith(_MAKER)}
    return replace(rule, values={**rule.values, **own})


def coins(holdings: ResolvedBook, rule: Edition) -> list[Explained]:
    """Return the deduction of each coin: fraction x the greater of long and short value."""
    sides: dict[str, list[Decimal]] = {}
    for i, position in enumerate(holdings.positions):
        if _fraction_of(position, rule) and holdings.unpriced[i] is None:
            value = money(float(holdings.value[i]))
            side = sides.setdefault(position.instrument.symbol, [ZERO, ZERO])
            side[value < 0] += abs(value)
    return [charge(f"{symbol}: held for own account", rule[_fraction_named(symbol, rule)],
                   max(long, short)) for symbol, (long, short) in sorted(sides.items())]


def _fraction_of(position: Position, rule: Edition) -> str:
    if position.instrument.asset_class not in _COINS:
        return ""
    return _fraction_named(position.instrument.symbol, rule)


def _fraction_named(symbol: str, rule: Edition) -> str:
    """Name the parameter a coin is charged by; empty where the edition has none for it."""
    for names, fraction in (("crypto_readily_marketable", "crypto_fraction"),
                            ("payment_stablecoins", "stablecoin_fraction")):
        if names in rule and symbol in rule[names].raw:
            return fraction
    return ""


def _excluded(holdings: ResolvedBook, rule: Edition) -> list[Exclusion]:
    found = []
    for position, problem in zip(holdings.positions, holdings.unpriced, strict=True):
        kind = position.instrument.asset_class
        if problem is not None:
            found.append(Exclusion(problem.where, problem.what, problem.remedy))
        elif kind not in SCANNED and kind is not AssetClass.CASH and not _fraction_of(
                position, rule):
            found.append(Exclusion(
                position.where, f"{position.instrument.symbol}: {_why(kind)}",
                "read the total as incomplete, or charge it under the account's own regime"))
    return found


def _why(kind: AssetClass) -> str:
    if kind in _COINS:
        return "no percentage of net capital is known for this coin on the review date"
    return (f"the haircuts of Rule 15c3-1(c)(2)(vi) on positions of class "
            f"{asset_class_words(kind)} are not part of Rule 15c3-1a")


PARAGRAPHS = {
    "(b)(1) scan": margin,
    "(b)(1) market makers": ranges_of,
    "(b)(1) baskets": "qualified stock baskets are not recognised yet: each stock scans alone",
    "15c3-1b coins": coins,
    "15c3-1(c)(2)(vi)": "debt, funds and other positions: haircuts of the net capital rule itself, "
                        "excluded here with the reason",
}
