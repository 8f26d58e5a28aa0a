"""The explained tree of a requirement, and its spreads as offsets considered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Citation, Explained, greater_of, leaf, total
from workstation.base.money import accounting
from workstation.measures.requirement import Offset
from workstation.rulebooks.span.outcome import ESTIMATE, CommodityRisk, PortfolioRisk
from workstation.rulebooks.span.scan import TierScan, losses_of
from workstation.rulebooks.span.spread_evidence import SIGNIFICANT, SpreadEvidence
from workstation.rulebooks.span.spread_log import SpreadDenied, SpreadFormed

ZERO, ONE = Decimal(0), Decimal(1)
CENTS = 2
ESTIMATED = "estimate, not an exchange figure"
NO_CREDIT = "the clearing organisation's file grants no credit here"


def requirement_tree(level: str, commodities: Sequence[CommodityRisk],
                     rates: Mapping[str, Decimal], cite: Citation) -> Explained:
    """Return max(0, risk - option value) by currency, or by commodity where the file caps it.

    The sides of a gross account stand apart: option value of one customer is no other's.
    """
    name = f"{level.capitalize()} requirement"
    cite = _at(cite, "requirement after net option value")
    capped = [greater_of(f"{item.code} after option value",
                         total(f"{item.code} less option value",
                               *_net_parts(level, item, rates, cite)), _nothing())
              for item in commodities if item.caps_option_value]
    free = [item for item in commodities if not item.caps_option_value]
    pools: dict[tuple[str, str], list[CommodityRisk]] = {}
    for item in free:
        pools.setdefault((item.side, item.currency), []).append(item)
    if len(pools) <= 1 and not capped:
        return _pooled(name, level, free, rates, cite)
    pooled = [_pooled(_pool_name(*key, alone=len(pools) == 1), level, items, rates, cite)
              for key, items in pools.items()]
    by_side = any(side for side, _ in pools)
    how = "option value capped by commodity" if capped else (
        "long and short sides without offset" if by_side else "by currency")
    return total(f"{name}, {how}", *capped, *pooled, cite=cite)


def _pool_name(side: str, currency: str, alone: bool) -> str:
    where = "Other commodities" if alone else f"Commodities in {currency}"
    return f"{where}, {side}" if side else where


def _pooled(name: str, level: str, commodities: Sequence[CommodityRisk],
            rates: Mapping[str, Decimal], cite: Citation) -> Explained:
    parts = [part for item in commodities for part in _net_parts(level, item, rates, cite)]
    return greater_of(name, total("Risk less net option value", *parts), _nothing(), cite=cite)


def _at(cite: Citation, step: str) -> Citation:
    """Return the citation of one step of the calculation."""
    return replace(cite, paragraph=f", {step}")


def _nothing() -> Explained:
    return leaf("Never below zero", ZERO)


def _net_parts(level: str, item: CommodityRisk, rates: Mapping[str, Decimal], cite: Citation
               ) -> list[Explained]:
    rate = rates[item.currency]
    parts = [_converted(_commodity(level, item, cite), item, rate)]
    if item.net_option_value:
        value = leaf(f"{item.code} net option value", -item.net_option_value,
                     _at(cite, "net option value"),
                     long_is="deducted", short_is="added")
        parts.append(_converted(value, item, rate))
    return parts


def _converted(node: Explained, item: CommodityRisk, rate: Decimal) -> Explained:
    """Add what conversion to the portfolio's currency changes."""
    if rate == ONE:
        return node
    change = leaf(f"converted from {item.currency}", node.amount * rate - node.amount,
                  rate=f"{rate:f}")
    return total(f"{node.label}, converted", node, change)


def _commodity(level: str, item: CommodityRisk, cite: Citation) -> Explained:
    """Return risk, plus what the account's ratio adds to it."""
    amount: Decimal = getattr(item, level)
    side = f", {item.side}" if item.side else ""
    name = f"{level} ({ESTIMATED})" if item.mode == ESTIMATE else level
    before = total(f"{item.code} scan and spreads{side}", *_components(item, cite))
    floor = leaf(f"{item.code} short option minimum", item.short_option_minimum,
                 _at(cite, "short option minimum"))
    risk = greater_of(f"{item.code} risk{side}", before, floor,
                      cite=_at(cite, "risk of a combined commodity"))
    step = _at(cite, "ratio of the account class")
    ratio = leaf(f"{level} ratio of the account class and rounding", amount - risk.amount, step,
                 source=item.label)
    return total(f"{item.code} {name}{side}", risk, ratio, cite=step)


def _components(item: CommodityRisk, cite: Citation) -> list[Explained]:
    parts = [_scan(item, scan, cite) for scan in item.scans]
    named = (("intra-commodity spread charges", item.intra), ("spot month charge", item.spot),
             ("inter-commodity credits", -item.inter_credit),
             ("inter-clearing credits", -item.clearing_credit))
    parts += [leaf(f"{item.code} {name}", amount, _at(cite, name))
              for name, amount in named if amount]
    return parts


def _scan(item: CommodityRisk, scan: TierScan, cite: Citation) -> Explained:
    """Return the active scenario's loss, contract by contract, never below zero."""
    tier = f" tier {scan.tier}" if scan.tier else ""
    label = f"{item.code}{tier} scan, scenario {scan.active}"
    worst = max(scan.losses)
    if scan.held:
        found = total(f"{label}: loss by contract", *(
            leaf(f"{held.quantity:f} {held.position.label}",
                 held.quantity * held.losses[scan.active - 1] + ZERO,
                 loss_of_one_long=f"{held.losses[scan.active - 1]:f}") for held in scan.held))
    else:
        found = leaf(f"{label}: loss of the joined commodities", worst,
                     joined=", ".join(item.absorbed))
    return greater_of(label, found, leaf("No loss in any scenario", ZERO),
                      cite=_at(cite, "scan risk"))


def offsets_of(answer: PortfolioRisk, evidence: SpreadEvidence) -> tuple[Offset, ...]:
    """Return netting, spreads formed and spreads denied as offsets considered."""
    families = {item.code: tuple(dict.fromkeys(
        held.position.family for scan in item.scans for held in scan.held))
        for item in answer.commodities}
    account = (answer.portfolio.account_id,)
    netting = [offset for item in answer.commodities
               if (offset := _netting(item, account)) is not None]
    formed = [_granted(item, account, evidence.conditions(item.legs, families)
                       if item.is_credit else ()) for item in answer.formed]
    denied = [_denied(item, account) for item in answer.denied]
    return (*netting, *formed, *denied)


def _netting(item: CommodityRisk, account: tuple[str, ...]) -> Offset | None:
    """Compare the scan of a commodity with its contracts scanned one by one."""
    alone = sum((max(ZERO, max(losses_of([held]))) for scan in item.scans
                 for held in scan.held), ZERO)
    saved = alone - item.scan
    contracts = tuple(held.position.label for scan in item.scans for held in scan.held)
    if not saved or item.absorbed or not contracts:
        return None
    return Offset("netting within the scan", contracts, "granted",
                  f"one commodity, {item.code}: all contracts lose or gain together", -saved,
                  account, "combined commodity",
                  tests=(("contracts scanned one by one", accounting(alone, CENTS)),
                         ("scanned together", accounting(item.scan, CENTS))))


def _granted(item: SpreadFormed, account: tuple[str, ...],
             conditions: tuple[tuple[str, str], ...]) -> Offset:
    legs = tuple(f"{leg.commodity} {leg.label}" if not item.is_credit else leg.label
                 for leg in item.legs)
    figures = tuple((f"{leg.commodity} {leg.label} delta before, after",
                     f"{leg.before:f}, {leg.after:f}") for leg in item.legs)
    unit = "%" if item.is_credit and not item.flat else " a spread"
    kind = "inter-commodity credit" if item.is_credit else "intra-commodity spread charge"
    return Offset(
        kind, legs, "granted",
        f"{item.kind} spread of priority {item.priority}, {item.count:f} spreads at "
        f"{item.rate:f}{unit}", -item.amount if item.is_credit else item.amount, account,
        "inter-commodity" if item.is_credit else "combined commodity",
        tests=(*figures, *conditions))


def _denied(item: SpreadDenied, account: tuple[str, ...]) -> Offset:
    return Offset(
        "inter-commodity credit" if item.kind not in ("series", "tier")
        else "intra-commodity spread", item.legs, "denied",
        f"{item.kind} spread of priority {item.priority}: {item.reason}", ZERO, account,
        "inter-commodity", tests=(("detail", item.detail), (SIGNIFICANT, NO_CREDIT))
        if item.kind not in ("series", "tier") else (("detail", item.detail),))
