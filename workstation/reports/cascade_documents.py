"""JSON-ready parts of a cascade: steps, calls and sources, regimes, tipping points, distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from workstation.cascade.result import (
    CascadeCall,
    CascadeResult,
    CascadeStep,
    FactorOutcome,
    MonteCarlo,
    Overflow,
    RegimeOutcome,
    Trigger,
)
from workstation.reports.margin_documents import Document, keyed, number, problem_body

AMOUNTS = ("requirement", "saving", "withdrawn", "offset_share", "called", "from_elsewhere", "sold",
           "direct_loss", "total_loss", "amplification", "market_fall", "first_sale", "model_after",
           "rulebooks_after")


def cascade_body(cascade: CascadeResult) -> Document:
    """Return a cascade step by step."""
    return {
        "mode": cascade.mode, "scenario": cascade.scenario, "regime": cascade.regime,
        "step_minutes": number(cascade.step_minutes),
        "factors": list(cascade.factors), "participants": list(cascade.participants),
        "steps": [_step(cascade, step) for step in cascade.steps],
        "direct_loss": number(cascade.direct_loss),
        "total_loss": number(cascade.total_loss),
        "amplification": number(cascade.amplification),
        "defaults": list(cascade.defaults),
        "triggers": list(cascade.triggers),
        "call_waterfall": [_call(call) for call in cascade.calls],
        "halts": [{"market": h.market, "factors": list(h.factors), "step": h.step,
                   "steps": h.steps} for h in cascade.halts],
        "orphaned_exposure": number(cascade.orphaned),
        "by_factor": [_factor(outcome) for outcome in cascade.factor_outcomes],
        "tipping_points": [{"event": t.event, "multiple": number(t.multiple),
                            "searched_to": number(t.searched)} for t in cascade.tipping],
        "regimes": [_regime(outcome) for outcome in cascade.comparison],
        "amplifiers": [{"variant": a.name, "client_loss": number(a.client_loss),
                        "everyone_loss": number(a.everyone_loss), "sold": number(a.sold),
                        "steps": a.steps} for a in cascade.amplifiers],
        "margin_at_the_shock": [{"cause": p.name, "amount": number(p.amount)}
                                for p in cascade.margin_rise],
        "shock_and_liquidity": [
            {"multiple": c.multiple, "volume_left": c.volume_left,
             "client_loss": number(c.client_loss), "amplification": number(c.amplification),
             "defaulted": c.defaulted} for c in cascade.liquidity],
        "contagion": [{"shocked": c.shocked, "shock": number(c.shock), "moved": c.moved,
                       "move": number(c.move)} for c in cascade.contagion],
        "causes": [{"step": c.step, "participant": c.participant, "account": c.account,
                    "caused_by": c.parent if c.parent >= 0 else None, "factor": c.factor,
                    "move": number(c.move), "call": number(c.call), "sold": number(c.sold)}
                   for c in cascade.causes],
        "liquidations": [asdict(row) for row in cascade.liquidations],
        "deleveraged": [{**asdict(row), "haircut": number(row.haircut)}
                        for row in cascade.deleveraged],
        "deficits": [{**asdict(row), "amount": number(row.amount)} for row in cascade.borne],
        "clearing": [{
            "participant": node.participant, "due": number(node.due), "paid": number(node.paid),
            "claims": number(node.claims), "received": number(node.received),
            "means": number(node.means), "means_stated": node.stated,
            "defaulted": node.defaulted, "debtrank_single_hit": number(node.distress)}
            for node in cascade.network],
        "by_account": [{
            "participant": row.participant, "account": row.account, "where": row.where,
            "direct_loss": number(row.direct_loss), "through_sales": number(row.through_sales),
            "received": number(row.received), "equity_left": number(row.equity_left),
            "most_unsettled": number(row.unsettled)}
            for row in cascade.account_outcomes],
        "reference_models": [{
            "participant": row.participant, "direct_loss": number(row.direct_loss),
            "second_round_loss": number(row.second_loss), "systemicness": row.systemicness,
            "indirect_vulnerability": row.indirect, "leverage_limit": number(row.limit),
            "rounds": row.rounds, "sold": number(row.sold),
            "equity_left": number(row.equity_left)} for row in cascade.references],
        "monte_carlo": _drawn(cascade.monte_carlo),
        "overflow": _overflow(cascade.overflow),
        "invariants": {law: number(residual) for law, residual in cascade.invariants},
        "assumptions": list(cascade.assumptions),
        "problems": [problem_body(problem) for problem in cascade.problems],
    }


def no_cascade() -> Document:
    """Return the same fields without a cascade: lists empty, figures null."""
    nothing: dict[str, Any] = dict.fromkeys((
        "mode", "scenario", "regime", "step_minutes", "direct_loss", "total_loss",
        "amplification", "orphaned_exposure", "monte_carlo", "overflow"))
    lists: dict[str, Any] = {name: [] for name in (
        "factors", "participants", "steps", "defaults", "triggers", "call_waterfall", "halts",
        "by_factor", "tipping_points", "regimes", "amplifiers", "margin_at_the_shock",
        "shock_and_liquidity", "contagion", "causes", "liquidations", "deleveraged", "deficits",
        "clearing", "by_account", "reference_models", "assumptions", "problems")}
    return {**nothing, **lists, "invariants": {}}


def triggers_body(triggers: Sequence[Trigger]) -> list[Document]:
    """Return the distances to the next events, nearest first."""
    return [{"factor": t.factor, "event": t.event, "where": t.account, "move": number(t.move),
             "priced": t.priced, "level": number(t.level),
             "daily_volatilities": number(t.volatilities)}
            for t in triggers]


def _step(cascade: CascadeResult, step: CascadeStep) -> Document:
    body = {
        "step": step.step,
        "prices": keyed(cascade.factors, step.prices),
        "equity": keyed(cascade.participants, step.equity),
        "calls": keyed(cascade.participants, step.calls),
        "sales": keyed(cascade.participants, step.sale_fractions),
        "sold": keyed(cascade.factors, step.sold),
    }
    if step.margins:
        body["margin"] = keyed(cascade.participants, step.margins)
    if step.unsettled:
        body["unsettled"] = keyed(cascade.participants, step.unsettled)
    if step.halted:
        body["halted"] = [name for name, stopped in zip(cascade.factors, step.halted, strict=True)
                          if stopped]
    return body


def _call(call: CascadeCall) -> Document:
    return {
        "step": call.step, "participant": call.participant, "account": call.account,
        "equity": number(call.equity), "requirement": number(call.requirement),
        "call": number(call.call), "sale_fraction": number(call.sale_fraction),
        "met_by": call.met_by,
        "sources": [{"source": s.source, "amount": number(s.amount)} for s in call.sources],
    }


def _factor(outcome: FactorOutcome) -> Document:
    return {
        "factor": outcome.factor, "exposure": number(outcome.exposure),
        "direct_loss": number(outcome.direct_loss), "total_loss": number(outcome.total_loss),
        "sold": number(outcome.sold), "days_of_volume": number(outcome.days_of_volume),
        "critical_leverage": number(outcome.critical_leverage),
        "halted_steps": outcome.halted_steps,
    }


def _drawn(drawn: MonteCarlo | None) -> Document | None:
    if drawn is None:
        return None
    return {
        "seed": drawn.seed, "paths": drawn.paths, "mean_loss": number(drawn.mean_loss),
        "losses": [{"level": q.level, "loss": number(q.loss)} for q in drawn.losses],
        "called": drawn.called, "sold": drawn.sold, "defaulted": drawn.defaulted,
        "first_sale_minutes": number(drawn.first_sale_minutes),
        "over_minutes": number(drawn.over_minutes),
        "participants": [asdict(row) for row in drawn.odds],
    }


def _overflow(where: Overflow | None) -> Document | None:
    if where is None:
        return None
    return {"path": where.path, "step": where.step,
            "prices_before": {name: number(price) for name, price in where.prices},
            "equity_before": {name: number(equity) for name, equity in where.equity}}


def _regime(outcome: RegimeOutcome) -> Document:
    return {"regime": outcome.regime, "title": outcome.title, "steps": outcome.steps,
            "defaulted": outcome.defaulted,
            **{name: number(getattr(outcome, name)) for name in AMOUNTS}}
