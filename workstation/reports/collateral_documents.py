"""JSON-ready parts of collateral: cheapest delivery, its prices, regret, estates; and its lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workstation.base.money import accounting
from workstation.collateral.plan import Covered, Mobility, Plan, Regret, Source
from workstation.collateral.report import CollateralReport, Estate
from workstation.reports.margin_documents import Document, number
from workstation.results.encumbrance_flow import flows
from workstation.results.encumbrance_measures import measures
from workstation.results.mobility_tables import runway_rows
from workstation.results.run import Run

MILLION = Decimal(1_000_000)


def mobility_body(found: Mobility | None) -> Document | None:
    """Return the cheapest delivery under every regime; null without lots."""
    if found is None:
        return None
    return {
        "currency": found.currency, "terms": str(found.cite),
        "wishes": list(found.wishes),
        "plans": [_plan(plan) for plan in found.plans],
        "present": None if found.regret is None else _regret(found.regret),
    }


def _plan(plan: Plan) -> Document:
    return {
        "regime": plan.regime, "title": plan.title, "feasible": plan.feasible,
        "cost_a_year": number(plan.cost), "shortfall": number(plan.shortfall),
        "waterfall": {"cost_a_year": number(plan.waterfall_cost),
                      "shortfall": number(plan.waterfall_short)},
        "obligations": [_covered(row) for row in plan.obligations],
        "lots": [_source(row) for row in plan.sources],
        "deliveries": [
            {"lot": row.lot, "obligation": row.obligation, "market_value": number(row.market_value),
             "after_haircut": number(row.counted)} for row in plan.deliveries],
    }


def _covered(row: Covered) -> Document:
    return {
        "obligation": row.name, "holder": row.holder, "requirement": number(row.requirement),
        "due_in_business_days": row.deadline, "met": number(row.met),
        "shortfall": number(row.shortfall), "price_a_year": number(row.price),
        "binding": row.reason or None, "account_excess": number(row.excess),
        "barred": [{"lot": lot, "why": why} for lot, why in row.barred],
    }


def _source(row: Source) -> Document:
    return {
        "lot": row.lot, "symbol": row.symbol, "pledged_for": row.pledged_for or None,
        "available": number(row.available), "given": number(row.given),
        "opportunity_cost_a_year": number(row.cost), "worth_a_year": number(row.price),
    }


def _regret(regret: Regret) -> Document:
    return {
        "cost_a_year": number(regret.now), "least_cost_a_year": number(regret.least),
        "regret_a_year": number(regret.amount),
        "moves": [{"lot": move.lot, "obligation": move.obligation, "now": number(move.now),
                   "cheapest": number(move.cheapest)} for move in regret.moves],
        "proposals": [{
            "obligation": p.obligation, "release": p.release, "released": number(p.released),
            "deliver": p.deliver, "delivered": number(p.delivered),
            "after_haircut": number(p.counted), "saving_a_year": number(p.saving)}
            for p in regret.proposals],
    }


def shown_body(run: Run) -> Document:
    """Return what the panel draws beside lots and plans: flow, runway, stressed lots, measures."""
    return {
        "flow": [{"lot": f.lot, "hop": f.hop, "from": f.source, "to": f.target,
                  "state": f.state, "market_value": number(f.value)} for f in flows(run)],
        "runway": [{
            "within_business_days": row.within, "free": number(row.free),
            "free_under_stress": number(row.free_stressed), "called_now": number(row.called),
            "called_under_stress": number(row.stressed), "left_under_stress": number(row.left),
            "covers": number(row.runway)} for row in runway_rows(run)],
        "stressed_lots": [{
            "lot": lot.lot, "symbol": lot.symbol, "settlement_lag": lot.settlement_lag,
            "free_now": number(lot.free_now), "move": number(lot.move),
            "haircut": number(lot.haircut), "wrong_way": lot.wrong_way,
            "free_under_stress": number(lot.free_stressed), "why": lot.why}
            for lot in run.collateral.stressed],
        "measures": [{
            "arrangement": row.arrangement, "encumbered": number(row.encumbered),
            "encumbrance_ratio": number(row.ratio), "liquid_free": number(row.liquid_free),
            "reuse_rate": number(row.reuse_rate), "multiplier": number(row.multiplier),
            "longest_chain": row.longest_chain, "largest_share": number(row.largest_share),
            "largest_symbol": row.largest} for row in measures(run)],
    }


def estate_body(estate: Estate) -> Document:
    """Return where one part of a lot falls if its holder fails."""
    return {
        "lot": estate.lot, "symbol": estate.symbol, "holder": estate.holder, "part": estate.part,
        "estate": estate.estate, "claim": estate.claim, "market_value": number(estate.value),
        "recovery": number(estate.recovery), "citation": str(estate.cite),
    }


def mobility_lines(report: CollateralReport) -> Iterator[str]:
    """Write the cheapest delivery of today's margin, and the cost under each design."""
    found = report.mobility
    if found is None:
        return
    for plan in found.plans[:1]:
        yield from ("", f"cheapest delivery of margin, {plan.title.lower()} (house terms):")
        for row in plan.obligations:
            yield from _obligation_lines(plan, row)
        yield f"  cost {accounting(plan.cost)} {found.currency} a year"
        yield from _waterfall_lines(plan)
    for plan in found.plans[1:]:
        short = f", short {accounting(plan.shortfall)}" if not plan.feasible else ""
        yield f"  {plan.title}: {accounting(plan.cost)} a year{short}"
    if found.regret is not None:
        yield (f"pledged now: {accounting(found.regret.now)} a year; the same cover at least "
               f"{accounting(found.regret.least)}: {accounting(found.regret.amount)} too much")


def _waterfall_lines(plan: Plan) -> Iterator[str]:
    more, short = plan.waterfall_cost - plan.cost, plan.waterfall_short - plan.shortfall
    if short > 0:
        yield f"  soonest due and cheapest lot first would leave {accounting(short)} more short"
    elif plan.waterfall_short == plan.shortfall:
        yield f"  soonest due and cheapest lot first would cost {accounting(more)} more"


def _obligation_lines(plan: Plan, row: Covered) -> Iterator[str]:
    price = ("" if row.price is None
             else f"; one more million costs {accounting(row.price * MILLION)} a year")
    when = {0: "the same day", 1: "next business day"}.get(
        row.deadline, f"in {row.deadline} business days")
    yield f"  {row.name:<10} {accounting(row.requirement):>14} due {when}{price}"
    for item in plan.deliveries:
        if item.obligation == row.name:
            yield f"    {item.lot:<20} {accounting(item.market_value):>14}"
    if row.shortfall:
        yield f"    SHORT {accounting(row.shortfall)}: {row.reason}"
