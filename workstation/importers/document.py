"""The `crossmargin.import/1` document of an import."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from workstation import __version__
from workstation.base.problem import Problem
from workstation.book.accounts import Account
from workstation.book.positions import Position
from workstation.importers.imported import Imported

SCHEMA = "crossmargin.import/1"
ACCOUNTS = "Accounts"


def import_document(imported: Imported) -> dict[str, Any]:
    """Return an import as JSON-able values: amounts as numbers, dates in ISO form."""
    book = imported.book
    held = {position.where for position in imported.held_back}
    loaded = book.positions if book else ()
    return {
        "schema": SCHEMA,
        "outcome": imported.outcome,
        "kind": imported.kind,
        "as_of": _iso(imported.as_of),
        "product_version": __version__,
        "parameters": dict(imported.editions),
        "inputs": {imported.path.name: imported.sha256},
        "rows_read": imported.rows_read,
        "positions": [_position(p, p.where in held) for p in (*loaded, *imported.held_back)],
        "cash": _cash(imported),
        "accounts": [_account(account) for account in (book.accounts if book else ())],
        "control_totals": [
            {"where": total.where, "stated": float(total.stated), "computed": float(total.computed),
             "agrees": total.agrees} for total in imported.control_totals],
        "excluded": [{"where": item.where, "what": item.what, "remedy": item.remedy}
                     for item in (book.excluded if book else ())],
        "mapping": [
            {"where": choice.where, "header": choice.header, "field": choice.field,
             "confidence": choice.confidence, "reason": choice.reason, "unit": choice.unit or None}
            for choice in imported.mapping],
        "problems": [_problem(problem) for problem in imported.problems],
    }


def _cash(imported: Imported) -> list[dict[str, Any]]:
    """Return all cash: the cash rows read, and what the Accounts sheet states beside them."""
    found = [{"account_id": line.account_id, "currency": line.currency,
              "amount": float(line.amount), "where": line.where or None}
             for line in imported.cash]
    rows: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in imported.cash:
        rows[line.account_id, line.currency] += line.amount
    for account in imported.book.accounts if imported.book else ():
        for currency, amount in ((account.currency, account.cash), *account.other_cash):
            left = amount - rows[account.account_id, currency]
            if left:
                found.append({"account_id": account.account_id, "currency": currency,
                              "amount": float(left), "where": ACCOUNTS})
    return found


def _position(position: Position, held_back: bool) -> dict[str, Any]:
    instrument, option = position.instrument, position.instrument.option
    price, currency = position.price, instrument.currency
    premium = dict(position.extras).get("premium in coin")
    if premium:
        text, currency = premium.split(" ")
        price = Decimal(text)
    return {
        "account_id": position.account_id,
        "symbol": instrument.symbol,
        "asset_class": instrument.asset_class.value,
        "underlying": instrument.underlying,
        "quantity": float(position.quantity),
        "price": _number(price),
        "currency": currency,
        "multiplier": None if held_back else float(instrument.multiplier),
        "expiry": _iso(instrument.expiry),
        "strike": _number(option.strike if option else None),
        "put_call": option.right if option else None,
        "exercise_style": option.style if option else None,
        "settlement": getattr(instrument.terms, "settlement", None),
        "settlement_currency": getattr(instrument.terms, "settlement_currency", "") or None,
        "extras": dict(position.extras),
        "where": position.where,
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "account_id": account.account_id, "account_name": account.name,
        "account_type": account.account_type.value, "assumed_type": account.assumed_type,
        "firm": account.firm, "currency": account.currency, "cash": float(account.cash),
        "cash_stated": account.cash_stated,
        "other_cash": {currency: float(amount) for currency, amount in account.other_cash},
        "venue": account.venue, "programme": account.programme, "as_of": _iso(account.as_of),
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "what": problem.what, "remedy": problem.remedy,
            "severity": problem.severity}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
