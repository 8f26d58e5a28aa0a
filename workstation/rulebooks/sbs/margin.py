"""Initial margin of one account of security-based swaps, Rule 18a-3.

Credit default swaps take the grid, equity swaps the capital haircuts, which the rule prescribes
for them whatever model the dealer has. Current exposure is settled daily in cash; where the file
states a mark (column `mark_to_market`, what the swap is worth to the client) what the client still
owes of it is collected as well. The threshold is shown; it comes off only where the house says the
dealer grants it. Excepted counterparties post what their exception leaves (`exceptions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.base.vocabulary import UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.sbs.credit import credit_margin
from workstation.rulebooks.sbs.exceptions import Excepted, exception_of, is_legacy, marked
from workstation.rulebooks.sbs.swaps import EquitySwap, take_in

REGIME = "sbs-18a-3"
FOLDER = "sbs_18a_3"
ZERO = Decimal(0)
_CLASSES = {
    UnderlyingClass.BROAD_INDEX_HIGH_CAP: "high_cap_broad",
    UnderlyingClass.BROAD_INDEX: "broad",
    UnderlyingClass.NARROW_INDEX: "narrow",
    UnderlyingClass.SECTOR_ETF: "narrow",
}


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return the initial margin a dealer collects; maintenance is the same, daily."""
    rule = rules.edition(FOLDER)
    old = [n for n, position in enumerate(holdings.positions) if is_legacy(position)]
    swaps = take_in(holdings.take([n for n in range(len(holdings)) if n not in set(old)]),
                    account.account_id)
    nodes, offsets = credit_margin(swaps.credit, rule, account.account_id)
    equity, more = equity_margin(swaps.equity, rule, account.account_id)
    usd = holdings.market.fx_rate("USD") or Decimal(1)
    gross = total("initial margin before threshold", *nodes, *equity, *(
        leaf(f"{holdings.positions[n].instrument.symbol}: legacy swap, no initial margin", ZERO,
             rule["exceptions"].cite) for n in old))
    found = exception_of(account, rule)
    node = collected(gross, rule, account.account_id, usd, found, current_exposure(holdings, rule))
    initial = replace(node, label=f"{account.account_id}: initial margin")
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, initial, node,
                         node.amount, node.amount, (*offsets, *more), swaps.excluded)


def equity_margin(swaps: Sequence[EquitySwap], rule: Edition, account_id: str
                  ) -> tuple[list[Explained], list[Offset]]:
    """Return share x net notional for each underlying, and what netting saved."""
    held: dict[str, list[EquitySwap]] = {}
    for swap in swaps:
        held.setdefault(swap.underlying, []).append(swap)
    nodes, offsets = list[Explained](), list[Offset]()
    for underlying, group in sorted(held.items()):
        share = rule[f"equity_swap_{_CLASSES.get(group[0].underlying_class, 'equity')}"]
        net = sum((swap.notional for swap in group), ZERO)
        node = leaf(f"{underlying}: equity swaps, net {'long' if net >= 0 else 'short'}",
                    share.value * abs(net), share.cite, net_notional=accounting(net),
                    share=f"{share.value:.1%} {share.unit}", swaps=len(group))
        nodes.append(node)
        saved = share.value * sum((abs(s.notional) for s in group), ZERO) - node.amount
        if saved > 0:
            offsets.append(Offset(
                "same underlying", tuple(dict.fromkeys(s.symbol for s in group)), "granted",
                f"{underlying}: long and short swaps on one underlying net; {share.cite}", -saved,
                (account_id,), "underlying"))
    return nodes, offsets


def current_exposure(holdings: ResolvedBook, rule: Edition) -> Explained:
    """Return what the client owes of the swaps' marks, 0 where the dealer owes or none is stated.

    exposure = max(0, - sum of marks), a mark being what a swap is worth to the client
    """
    cite = rule["minimum_transfer"].cite
    marks = [(position, mark) for position in holdings.positions
             if (mark := marked(position)) is not None]
    if not marks:
        return leaf("current exposure: settled daily in cash, the file states no mark", ZERO)
    worth = sum((mark * (holdings.market.fx_rate(position.instrument.currency) or ZERO)
                 for position, mark in marks), ZERO)
    return leaf("current exposure: marks the client owes", max(-worth, ZERO), cite,
                marks=accounting(worth), swaps=len(marks))


def collected(gross: Explained, rule: Edition, account_id: str, usd: Decimal,
              excepted: Excepted | None, exposure: Explained) -> Explained:
    """Return what is collected: margin less the threshold, where the house grants it.

    A transfer below the minimum may wait; it is shown, and owed all the same.
    """
    if excepted is not None:
        return _excepted(gross, account_id, excepted, exposure)
    threshold, least = rule["group_threshold"], rule["minimum_transfer"]
    granted = bool(rule["house_threshold_granted"].value)
    off = min(gross.amount, threshold.value * usd) if granted else ZERO
    taken = leaf("threshold left uncollected", -off, threshold.cite,
                 threshold=f"{accounting(threshold.value)} {threshold.unit}",
                 granted="yes" if granted else "no: the dealer may grant it, the house says not")
    due = gross.amount - off + exposure.amount
    node = total(f"{account_id}: margin on security-based swaps", gross, taken, exposure,
                 cite=least.cite)
    below = "below" if 0 < due < least.value * usd else "not below"
    return replace(node, inputs=(
        ("minimum transfer", f"{accounting(least.value * usd)}: the amount is {below} it"),))


def _excepted(gross: Explained, account_id: str, excepted: Excepted, exposure: Explained
              ) -> Explained:
    """Return what is collected of an excepted counterparty, with what it is excused from shown."""
    lines = [gross] if excepted.initial else [
        gross, leaf(f"initial margin not collected: {excepted.name}", -gross.amount,
                    excepted.cite)]
    lines += [exposure] if excepted.variation else [
        exposure, leaf(f"current exposure not collected: {excepted.name}", -exposure.amount,
                       excepted.cite)]
    return total(f"{account_id}: margin on security-based swaps", *lines, cite=excepted.cite)


PARAGRAPHS = {
    "18a-3(c)(1) current exposure": current_exposure,
    "18a-3(c)(1) initial, credit": credit_margin,
    "18a-3(c)(1) initial, equity": equity_margin,
    "18a-3(c)(1)(iii)": exception_of,
    "18a-3(c)(1)(iii) legacy": is_legacy,
    "18a-3(c)(1) threshold": collected,
    "18a-3(c)(2)": exception_of,
    "18a-3(d)": "approved models: no dealer's model is shipped",
    "FINRA 4240": "members that are not registered dealers in these swaps: daily variation and "
                  "initial margin of the firm's own risk monitoring, no number in the rule",
}
