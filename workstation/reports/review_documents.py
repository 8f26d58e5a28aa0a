"""JSON-ready documents of a whole review, its collateral and its cascade."""

from __future__ import annotations

from workstation.base.problem import Problem
from workstation.collateral.report import AccountProtection, LotReport
from workstation.offsets.bridge import Bridge
from workstation.reports.account_documents import status_body
from workstation.reports.cascade_documents import cascade_body, no_cascade, triggers_body
from workstation.reports.collateral_documents import estate_body, mobility_body, shown_body
from workstation.reports.margin_documents import (
    Document,
    design_body,
    envelope,
    exclusion_body,
    explain_body,
    margin_body,
    number,
    offset_body,
    problem_body,
)
from workstation.results.licences import licence_notices
from workstation.results.run import DesignOutcome, EditionUsed, Run
from workstation.results.tables import all_problems, saving_share


def review_document(run: Run) -> Document:
    """Return the whole review (`crossmargin.review/1`)."""
    return {
        **envelope("review/1", run),
        "client": run.book.name,
        "currency": run.currency,
        "kernel": run.kernel,
        "complete": run.complete,
        "silos": margin_body(run.silos),
        "accounts": [status_body(status) for status in run.statuses],
        "cash_not_stated": list(run.without_cash),
        "designs": [outcome_body(outcome) for outcome in run.designs],
        "stand_alone": [
            {"where": item.where, "account_id": item.account_id, "amount": number(item.amount)}
            for item in run.stand_alone
        ],
        "collateral": collateral_body(run),
        "cascade": None if run.cascade is None else cascade_body(run.cascade),
        "next_triggers": triggers_body(run.triggers),
        "editions": [edition_body(edition) for edition in run.editions],
        "licence_notices": list(licence_notices(run)),
        "excluded": [exclusion_body(item) for item in run.excluded],
        "problems": [problem_body(problem) for problem in all_problems(run)],
    }


def design_margin_document(run: Run, outcome: DesignOutcome) -> Document:
    """Return one harmonised design for the book (`crossmargin.margin/1`)."""
    return {**envelope("margin/1", run), **outcome_body(outcome),
            "problems": [problem_body(problem) for problem in all_problems(run)]}


def collateral_document(run: Run) -> Document:
    """Return the encumbrance report (`crossmargin.collateral/1`), with what was left out of it."""
    elsewhere = set(run.cascade.problems) if run.cascade else set[Problem]()
    problems = (*run.collateral.problems, *(
        p for p in run.problems if p.severity != "info" and p not in elsewhere))
    return {**envelope("collateral/1", run), **collateral_body(run), "complete": run.complete,
            "excluded": [exclusion_body(item) for item in run.excluded],
            "problems": [problem_body(problem) for problem in dict.fromkeys(problems)]}


def cascade_document(run: Run) -> Document:
    """Return the liquidation cascade (`crossmargin.cascade/1`); without one, no steps."""
    body = no_cascade() if run.cascade is None else cascade_body(run.cascade)
    return {**envelope("cascade/1", run), "currency": run.currency, **body,
            "cash_not_stated": list(run.without_cash),
            "next_triggers": triggers_body(run.triggers)}


def outcome_body(outcome: DesignOutcome) -> Document:
    """Return one design with its saving, its bridge and its ledger."""
    return {
        **design_body(outcome.margin),
        "saving": number(outcome.saving),
        "saving_share": number(saving_share(outcome)),
        "bridge": bridge_body(outcome.bridge),
        "ledger": [offset_body(offset) for offset in outcome.ledger],
    }


def bridge_body(bridge: Bridge) -> Document:
    """Return a waterfall; steps add up from `silos` to `end`."""
    return {
        "stand_alone": number(bridge.stand_alone),
        "within_silos": number(bridge.within_silos),
        "silos": number(bridge.silos),
        "steps": [{"label": s.label, "amount": number(s.amount), "note": s.note}
                  for s in bridge.steps],
        "end": number(bridge.end),
    }


def collateral_body(run: Run) -> Document:
    """Return collateral by lot, by state and by settlement deadline, and all the panel shows."""
    report = run.collateral
    return {
        "currency": report.currency,
        "free_value": number(report.free_value),
        "encumbrance_ratio": number(report.encumbrance_ratio),
        "value_by_state": {str(state): number(value) for state, value in report.value_by_state},
        "free_by_lag": [{"within_business_days": days, "value": number(value)}
                        for days, value in report.free_by_lag],
        "lots": [_lot_body(lot) for lot in report.lots],
        "customer_protection": [_protection_body(item) for item in report.protection],
        "allocation": mobility_body(report.mobility),
        "insolvency": [estate_body(estate) for estate in report.estates],
        **shown_body(run),
        "problems": [problem_body(problem) for problem in report.problems],
    }


def _protection_body(item: AccountProtection) -> Document:
    return {
        "account_id": item.account_id, "debit": number(item.debit.amount),
        "may_be_repledged": number(item.pledgeable.amount), "locked_up": number(item.locked.amount),
        "fully_paid": number(item.fully_paid), "excess_margin": number(item.excess),
        "explain_debit": explain_body(item.debit), "explain_locked_up": explain_body(item.locked),
        "explain_may_be_repledged": explain_body(item.pledgeable),
    }


def _lot_body(lot: LotReport) -> Document:
    return {
        "lot": lot.lot, "account_id": lot.account_id, "symbol": lot.symbol,
        "asset_class": lot.asset_class, "location": lot.location,
        "quantity": number(lot.quantity), "market_value": number(lot.market_value),
        "haircut": number(lot.haircut), "haircut_source": lot.haircut_source,
        "haircut_citation": None if lot.haircut_cite is None else str(lot.haircut_cite),
        "states": {str(state): number(quantity) for state, quantity in lot.states},
        "free_value": number(lot.free_value), "settlement_lag": lot.settlement_lag,
        "secured_parties": list(lot.secured_parties), "where": lot.where,
    }


def edition_body(edition: EditionUsed) -> Document:
    """Return one rule edition with its parameters still to confirm."""
    return {"rule": edition.rule, "edition": edition.edition,
            "effective": edition.effective.isoformat(), "source": edition.source,
            "to_confirm": list(edition.unverified)}
