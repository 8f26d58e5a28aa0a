"""Portfolio margin of one account, FINRA 4210(g).

Eligible products are scanned; debt, which paragraph (g) leaves out, keeps the amounts of (e)(2)
and money market funds theirs; everything else is excluded with its reason. Profits already net
the premium, so `gross` and `net` are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained, total
from workstation.base.money import money
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210 import c_maintenance, e_exempted_and_debt
from workstation.rulebooks.finra_4210.charges import amount
from workstation.rulebooks.finra_4210.d_house import with_house
from workstation.rulebooks.finra_4210.g_offsets import alone_of, ledger
from workstation.rulebooks.finra_4210.g_requirement import aggregated, g_7_requirement
from workstation.rulebooks.finra_4210.g_scan import Scan, scanned
from workstation.rulebooks.finra_4210.intake import Intake, in_exempt_account, take_in

REGIME = "finra-4210-portfolio"
FOLDER = "finra_4210"
ELIGIBLE = frozenset({
    AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.CONVERTIBLE,
    AssetClass.MUTUAL_FUND, AssetClass.LISTED_OPTION, AssetClass.SECURITY_FUTURE,
})
_FUTURES = frozenset({AssetClass.FUTURE, AssetClass.FUTURE_OPTION})
ON_DEBT = frozenset({
    UnderlyingClass.TREASURY_NOTE, UnderlyingClass.TREASURY_BOND,
    UnderlyingClass.OTHER_GOVERNMENT, UnderlyingClass.CORPORATE_DEBT})
_BROAD = frozenset({UnderlyingClass.BROAD_INDEX_HIGH_CAP, UnderlyingClass.BROAD_INDEX})


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return the portfolio requirement of one account; initial equals maintenance."""
    rule = rules.edition(FOLDER)
    scan, refused = scan_of(holdings, rules)
    levels = aggregated(scan, rule)
    node = g_7_requirement(scan, levels, rule, account.account_id, recent=rules.recent)
    offsets = ledger(scan, levels, node.amount, rule, account.account_id)
    rest = in_exempt_account(
        take_in(holdings.take(_ineligible(holdings, rule)), account.account_id), account)
    outside = _outside(rest, holdings, rules)
    if outside:
        node = total(f"{account.account_id}: maintenance", node, *outside)
    node = with_house(node, holdings, rule)
    excluded = (*(replace(item, account_id=account.account_id) for item in refused),
                *(_reworded(item, holdings) for item in rest.excluded),
                *_options_on_debt(rest, account))
    return _answer(account, holdings, node, offsets, excluded)


def scan_of(holdings: ResolvedBook, rules: RuleSet) -> tuple[Scan, tuple[Exclusion, ...]]:
    """Return the ten-point scan of the eligible positions, and those without a volatility."""
    rule = rules.edition(FOLDER)

    def answer(held: ResolvedBook) -> tuple[Edition, tuple[Scan, tuple[Exclusion, ...]]]:
        rows = [i for i in range(len(held)) if g_6_eligible(held, i, rule)]
        return rule, scanned(held.take(rows), rule)

    return holdings.kept(("4210(g) scan", id(rule)), answer)[1]  # which holds the edition


def g_6_eligible(holdings: ResolvedBook, row: int, rule: Edition) -> bool:
    """Say whether paragraph (g) scans a position.

    Futures and options on them only on broad indices, and only where the house states the relief.
    """
    if holdings.unpriced[row] is not None:
        return False
    kind = holdings.positions[row].instrument.asset_class
    index = holdings.market.underlying(holdings.underlyings[row])
    if kind not in _FUTURES:
        return kind in ELIGIBLE and not (
            kind is AssetClass.LISTED_OPTION and index is not None
            and index.underlying_class in ON_DEBT)
    return (bool(rule["house_index_futures_relief"].value) and index is not None
            and index.underlying_class in _BROAD)


def _ineligible(holdings: ResolvedBook, rule: Edition) -> list[int]:
    return [i for i in range(len(holdings)) if not g_6_eligible(holdings, i, rule)]


def _outside(rest: Intake, holdings: ResolvedBook, rules: RuleSet) -> list[Explained]:
    """Return what paragraph (g) does not scan and (c) or (e) margin beside it."""
    rule = rules.edition(FOLDER)
    parts = [e_exempted_and_debt.requirement(debt, holdings.as_of, rule) for debt in rest.debts]
    parts += [c_maintenance.maintenance(stock, rule) for stock in rest.stocks]
    return parts + [amount(f"{name}: cash, no requirement", Decimal(0)) for name in rest.cash]


def _options_on_debt(rest: Intake, account: Account) -> Iterator[Exclusion]:
    """Yield options that paragraph (g) does not list: those on debt."""
    for option in rest.options:
        for where in option.where:
            yield Exclusion(where, f"{option.symbol}: an option on debt, not an eligible product "
                            "of (g)(6)", "move it to an account of type reg_t",
                            account.account_id)


def _reworded(item: Exclusion, holdings: ResolvedBook) -> Exclusion:
    """Say of futures which of them paragraph (g)(6) would let in."""
    kinds = {p.where: p.instrument for p in holdings.positions}
    instrument = kinds.get(item.where)
    if instrument is None or instrument.asset_class not in _FUTURES:
        return item
    return replace(
        item, what=f"{instrument.symbol}: not an eligible product of (g)(6): only broad-index "
        "futures are, and only under relief that this account does not name")


def _answer(account: Account, holdings: ResolvedBook, node: Explained,
            offsets: tuple[Offset, ...], excluded: tuple[Exclusion, ...]) -> AccountMargin:
    initial = replace(node, label=f"{account.account_id}: initial, (g)")
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, initial, node,
                         node.amount, node.amount, offsets, excluded)


def alone(account: Account, holdings: ResolvedBook, rules: RuleSet
          ) -> tuple[Decimal | None, ...]:
    """Return what each position would require as the account's only one, None where excluded.

    One scan serves the whole book, so this is as quick as margining it once.
    """
    found: dict[int, Decimal] = {}
    scan, _ = scan_of(holdings, rules)
    charged = alone_of(scan)
    places = {id(position): row for row, position in enumerate(holdings.positions)}
    for position, value in zip(scan.holdings.positions, charged, strict=True):
        found[places[id(position)]] = money(float(value))
    for row in _ineligible(holdings, rules.edition(FOLDER)):
        answer = margin(account, holdings.take([row]), rules)
        if answer.complete:
            found[row] = answer.maintenance.amount
    return tuple(found.get(row) for row in range(len(holdings)))


def scan_profits(holdings: ResolvedBook, rules: RuleSet) -> list[float]:
    """Return the profit of the eligible positions together at each point, class groups netted."""
    scan, _ = scan_of(holdings, rules)
    return [float(value) for value in np.asarray(scan.class_profits.sum(axis=0))]
