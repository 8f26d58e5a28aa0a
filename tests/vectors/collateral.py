"""Families of the collateral vectors, run through the collateral package's own functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from tests.vectors.runner import Case, Check, Header
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral import haircuts, measures
from workstation.collateral.allocation import Cap, Lots, Obligations, allocate
from workstation.collateral.graph import Aside, partition
from workstation.collateral.report import LotState
from workstation.parameters.ruleset import RuleSet

TODAY = date(2026, 11, 20)
STATE_NAMES = {
    LotState.FREE: "FREE", LotState.PLEDGED: "PLEDGED_NOT_REUSABLE",
    LotState.REUSABLE: "PLEDGED_REUSABLE_UNUSED", LotState.REUSED: "RE_USED",
    LotState.SEGREGATED: "SEGREGATED", LotState.IN_TRANSIT: "IN_TRANSIT",
    LotState.INELIGIBLE: "INELIGIBLE_FROZEN",
}


def number(value) -> Decimal:
    return Decimal(str(value))


def within(pairs: Iterable[tuple[float, float]], case: Case) -> tuple[bool, str]:
    """Compare at the case's tolerance: '0.01 absolute', '1e-9 relative' or 'exact'."""
    text = case["tolerance"]
    size = 0.0 if text == "exact" else float(text.split()[0])
    relative = "relative" in text
    worst = 0.0
    for got, wanted in pairs:
        scale = max(abs(float(wanted)), 1e-300) if relative and wanted else 1.0
        worst = max(worst, abs(float(got) - float(wanted)) / scale)
    return worst <= size, f"worst difference {worst:.3g}"


def listed(got: Iterable, wanted: Iterable) -> list[tuple[float, float]]:
    return list(zip(got, wanted, strict=True))


def rule_140(case: Case, header: Header) -> tuple[bool, str]:
    share = RuleSet(TODAY).edition("haircuts")["broker_pledge_share"].value
    got = measures.rule_15c3_3(number(case["inputs"]["net_debit"]),
                               number(case["inputs"]["long_market_value"]), share)
    wanted = case["expected"]
    return within([(got.excess_margin, wanted["excess_margin_to_lock_up"]),
                   (got.pledgeable, wanted["pledgeable_max"])], case)


def encumbrance_ratio(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    if "liability" in given:
        match = measures.matched(number(given["liability"]), numbers(given["collateral"]))
        pairs = [(match.over_collateralisation, wanted["over_collateralisation"])]
        pairs += [(match.pro_rata[name], value) for name, value in wanted["pro_rata"].items()]
        return within(pairs, case)
    ratio = measures.encumbrance_ratio(
        number(given["total_assets"]), number(given["encumbered_assets"]),
        number(given["collateral_received"]), number(given["collateral_reused"]))
    return within([(ratio, wanted["ratio"])], case) if ratio is not None else (False, "no ratio")


def numbers(values: Mapping) -> dict[str, Decimal]:
    return {name: number(value) for name, value in values.items()}


def reuse_chain(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    if "reuse_share" in given:
        limit = measures.endless_multiplier(number(given["reuse_share"]), number(given["haircut"]))
        return within([(limit, wanted["infinite_multiplier"])], case)
    chain = measures.reuse_chain(number(given["lot"]), [number(h) for h in given["haircuts"]])
    return within([*listed(chain.by_hop, wanted["value_by_hop"]),
                   (chain.secured, wanted["secured_total"]),
                   (chain.multiplier, wanted["multiplier"])], case)


def wrong_way(case: Case, header: Header) -> tuple[bool, str]:
    given = case["inputs"]
    value = haircuts.wrong_way_value(
        number(given["mv"]), number(given["haircut"]), number(given["stress_haircut"]),
        number(given["correlation"]), own_issuer=given["own_or_affiliate_issuer"])
    return within([(value, case["expected"]["value"])], case)


def concentration(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    if "qty" in given:
        extra = haircuts.size_haircut(given["qty"], given["adv"], given["horizon_days"],
                                      given["sigma_daily"], given["Y"], given["participation"])
        return within([(extra, wanted["extra_haircut"])], case)
    required = number(given["requirement"])
    counted = haircuts.capped_by_group(numbers(given["post_haircut_value_by_group"]),
                                       numbers(given["cap_share_of_requirement"]), required)
    whole = sum(counted.values())
    pairs = [(counted[group], value) for group, value in wanted["eligible_by_group"].items()]
    pairs += [(whole, wanted["total"]), (max(required - whole, 0), wanted["shortfall"])]
    return within(pairs, case)


def haircut_stack(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    if "weights" in given:
        got = haircuts.fund_haircut([number(w) for w in given["weights"]],
                                    [number(h) for h in given["haircuts"]])
        return within([(got, wanted["haircut"])], case)
    cuts = [number(given["asset_haircut"])]
    if not given["same_currency"]:
        cuts.append(number(given["fx_addon"]))
    value = number(given["mv"]) * (1 - haircuts.stacked(*cuts))
    return within([(value, wanted["value"])], case)


def deadline_liquidity(case: Case, header: Header) -> tuple[bool, str]:
    given = case["inputs"]
    free = [(number(lot["v"]), int(lot["lag"])) for lot in given["free_post_haircut"]]
    calls = [number(given["calls"][key]) for key in sorted(given["calls"])]
    got = measures.by_deadline(free, calls)
    pairs = []
    for bucket, wanted in zip(got, case["expected"]["buckets"], strict=True):
        pairs += [(getattr(bucket, name), value) for name, value in wanted.items()]
    return within(pairs, case)


def encumbrance_graph(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    if "obligation" in given:
        return _substitution(case)
    if "own_encumbered_mv" in given:
        got = measures.encumbered_reported(number(given["own_encumbered_mv"]),
                                           number(given["received_reused_mv"]))
        return within([(got, wanted["encumbered_reported"])], case)
    lot, liens = _chain(given["chain"]) if "chain" in given else _graph(given)
    split = partition(lot, liens, Aside(**{
        name: number(given.get(name, 0)) for name in ("in_transit", "ineligible", "segregated")}))
    if wanted.get("refused"):
        return _refused(split, wanted)
    found = {STATE_NAMES[state]: quantity for state, quantity in split.states}
    found["sum"] = sum(quantity for _, quantity in split.states)
    return within([(quantity, wanted[name]) for name, quantity in found.items()
                   if name in wanted], case)


def _graph(given):
    lot = CollateralLot(given["lot"]["id"], "CLIENT", "X", "equity", number(given["lot"]["qty"]),
                        number(given["lot"].get("price", 1)))
    liens = [Lien(lot.lot, number(claim["qty"]), claim["id"], claim.get("obligation", ""),
                  claim.get("type", "pledge"), reuse=number(claim.get("reuse_right", 0)))
             for claim in given["liens"]]
    liens += [Lien(lot.lot, number(edge["qty"]), edge.get("to", "(onward)"), parent=edge["parent"])
              for edge in given.get("reuse", ())]
    return lot, liens


def _chain(parties):
    lot = CollateralLot("L1", parties[0], "X", "equity", Decimal(1), Decimal(1))
    liens = []
    for holder, receiver in zip(parties, parties[1:], strict=False):
        parent = "" if holder == parties[0] else holder
        liens.append(Lien("L1", Decimal(1), receiver, parent=parent, reuse=Decimal(1)))
    return lot, liens


def _refused(split, wanted):
    said = [r for r in split.refused if wanted["reason_contains"] in r.what]
    if not said:
        return False, f"not refused for {wanted['reason_contains']!r}"
    limit = wanted.get("available", wanted.get("max_reuse"))
    if limit is not None and said[0].available != number(limit):
        return False, f"available {said[0].available}, expected {limit}"
    return True, said[0].what


def _substitution(case: Case) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    old, new = ([(number(lot["mv"]), number(lot["haircut"])) for lot in given[key]]
                for key in ("before", "replace_with"))
    got = measures.substitution(number(given["obligation"]["required_post_haircut"]), old, new)
    if got.accepted is not wanted["accepted"]:
        return False, f"accepted {got.accepted}"
    return within([(got.value_before, wanted["value_before"]),
                   (got.value_after, wanted["value_after"])], case)


def allocation_lp(case: Case, header: Header) -> tuple[bool, str]:
    """Compare cost, prices and shortfall; the allocation itself need only keep its limits."""
    given, wanted = case["inputs"], case["expected"]
    lots, obligations, haircut, caps = _programme(given)
    got = allocate(lots, obligations, haircut, caps)
    if got.feasible is not wanted["feasible"]:
        return False, f"feasible {got.feasible}"
    if not got.feasible:
        pairs = [(float(got.shortfall.sum()), wanted["min_total_shortfall"])]
        return _absolute(pairs)
    covered = ((1.0 - haircut) * got.given).sum(axis=0)
    if (covered < obligations.requirement - 1e-7).any() or (got.free < -1e-7).any():
        return False, "the allocation breaks a limit"
    pairs = [(got.cost, wanted["cost"]), *listed(got.requirement_price, wanted["dual_requirement"]),
             *listed(got.lot_price, wanted["dual_inventory"])]
    return _absolute(pairs)


def _absolute(pairs) -> tuple[bool, str]:
    worst = max(abs(float(got) - float(wanted)) for got, wanted in pairs)
    return worst <= 1e-7, f"worst difference {worst:.3g}"


def _programme(given):
    def column(name):
        return np.array(given[name], dtype=float)

    names, due = list(given["lots"]), list(given["obligations"])
    lots = Lots(tuple(names), column("market_value"), column("opportunity_cost_pa"),
                column("settle_lag_days"))
    obligations = Obligations(tuple(due), column("requirement_post_haircut"),
                              column("deadline_days"))
    caps = [Cap(due.index(cap["obligation"]), tuple(names.index(n) for n in cap["lots"]),
                cap["share"]) for cap in given.get("concentration", ())]
    return lots, obligations, column("haircut_lot_by_obligation"), caps


FAMILIES: dict[str, Check] = {
    "rule_140": rule_140,
    "encumbrance_ratio": encumbrance_ratio,
    "reuse_chain": reuse_chain,
    "wrong_way": wrong_way,
    "concentration": concentration,
    "haircut_stack": haircut_stack,
    "deadline_liquidity": deadline_liquidity,
    "encumbrance_graph": encumbrance_graph,
    "allocation_lp": allocation_lp,
}
