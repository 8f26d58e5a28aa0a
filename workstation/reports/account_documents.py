"""JSON-ready documents of accounts' standing: equity, tests, calls, triggers, distance."""

from __future__ import annotations

from workstation.measures.account_status import (
    AccountStatus,
    AccountTest,
    Distance,
    PositionTrigger,
)
from workstation.reports.margin_documents import Document, explain_body, number


def status_body(status: AccountStatus) -> Document:
    """Return where one account stands; `call` is the largest call that holds now."""
    return {
        "account_id": status.account_id, "regime": status.regime, "currency": status.currency,
        "equity": number(status.equity.amount), "excess": number(status.excess),
        "call": number(status.call if status.cash_stated else None),
        "cash_stated": status.cash_stated,
        "sma": None if status.sma is None else number(status.sma.amount),
        "buying_power": None if status.buying_power is None
        else number(status.buying_power.amount),
        "tests": [_test_body(test) for test in status.tests],
        "triggers": [_trigger_body(trigger) for trigger in status.triggers],
        "distance": None if status.distance is None else _distance_body(status.distance),
        "explain_equity": explain_body(status.equity),
        "notes": list(status.notes),
        "regulatory_minimum": number(status.regulatory), "house": number(status.house),
    }


def _test_body(test: AccountTest) -> Document:
    return {"name": test.name, "required": number(test.required.amount),
            "excess": number(test.excess), "call": number(test.call.amount), "met": test.met,
            "condition": test.condition, "explain": explain_body(test.required),
            "explain_call": explain_body(test.call)}


def _trigger_body(trigger: PositionTrigger) -> Document:
    return {"where": trigger.where, "symbol": trigger.symbol, "price": number(trigger.price),
            "move": number(trigger.move), "reason": trigger.reason,
            "least_equity_price": number(trigger.least_equity_price),
            "concentration_price": number(trigger.concentration_price)}


def _distance_body(distance: Distance) -> Document:
    return {"down": number(distance.down), "up": number(distance.up), "note": distance.note,
            "tiers": [{"name": tier.name, "least": number(tier.least), "down": number(tier.down),
                       "up": number(tier.up)} for tier in distance.tiers]}
