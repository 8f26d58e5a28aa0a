"""JSON-ready documents of requirements, in the shapes the user guide promises.

Amounts cross from Decimal to float once, here, and are not rounded; what is not a finite number
becomes null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from workstation.base.explain import Explained
from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.harmonised.result import DesignMargin
from workstation.measures.requirement import AccountMargin, Margin, Offset
from workstation.results.run import EditionUsed, InputFile

Document = dict[str, Any]


class Stamp(Protocol):
    """What every document says about its making; a Run is one."""

    @property
    def as_of(self) -> date:
        """Review date."""

    @property
    def product_version(self) -> str:
        """Version of the product."""

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """Files read."""

    @property
    def editions(self) -> tuple[EditionUsed, ...]:
        """Rule editions read."""


def encode(document: Document) -> str:
    """Write a document as JSON text; laid out apart from the writing, which is then compiled."""
    plain = json.dumps(document, allow_nan=False, ensure_ascii=False)
    return msgspec.json.format(plain, indent=2) + "\n"


def envelope(schema: str, stamp: Stamp) -> Document:
    """Return the fields every document starts with; `schema` is its name without the product."""
    return {
        "schema": f"crossmargin.{schema}",
        "as_of": stamp.as_of.isoformat(),
        "product_version": stamp.product_version,
        "inputs": {item.name: item.sha256 for item in stamp.inputs},
        "parameters": {edition.rule: edition.edition for edition in stamp.editions},
    }


def number(value: Decimal | float | None) -> float | None:
    """Return an amount as a JSON number; None for what is missing or not finite."""
    if value is None:
        return None
    plain = float(value)
    return plain if math.isfinite(plain) else None


def margin_document(margin: Margin, stamp: Stamp, problems: Iterable[Problem] = ()) -> Document:
    """Return one regime for the book (`crossmargin.margin/1`)."""
    return {**envelope("margin/1", stamp), **margin_body(margin),
            "problems": [problem_body(problem) for problem in problems]}


def margin_body(margin: Margin) -> Document:
    """Return the figures of one regime; `explain` is of maintenance."""
    return {
        "regime": margin.regime,
        "currency": margin.currency,
        **_figures(margin),
        "complete": margin.complete,
        "accounts": [account_body(account) for account in margin.accounts],
        "explain": explain_body(margin.maintenance),
        "explain_initial": explain_body(margin.initial),
        "offsets": [offset_body(offset) for offset in margin.offsets],
        "excluded": [exclusion_body(item) for item in margin.excluded],
    }


def design_body(design: DesignMargin) -> Document:
    """Return the figures of a design in the shape of a regime; it asks for one amount."""
    amount = number(design.requirement.amount)
    return {
        "regime": "harmonised",
        "design": design.name, "title": design.title, "version": design.version,
        "status": design.status, "citation": design.citation,
        "currency": design.currency,
        "initial": amount, "maintenance": amount, "gross": amount, "net": amount,
        "complete": design.complete,
        "accounts": [],
        "explain": explain_body(design.requirement),
        "offsets": [offset_body(offset) for offset in design.offsets],
        "excluded": [exclusion_body(item) for item in design.excluded],
    }


def account_body(account: AccountMargin) -> Document:
    """Return one account's figures."""
    return {"account_id": account.account_id, "regime": account.regime,
            "currency": account.currency, **_figures(account), "complete": account.complete}


def _figures(margin: Margin | AccountMargin) -> Document:
    return {
        "initial": number(margin.initial.amount),
        "maintenance": number(margin.maintenance.amount),
        "gross": number(margin.gross),
        "net": number(margin.net),
    }


def explain_body(node: Explained) -> Document:
    """Return an explanation: every node with its rule, inputs and parts."""
    return {
        "label": node.label,
        "amount": number(node.amount),
        "citation": None if node.cite is None else str(node.cite),
        "inputs": unique_names(node.inputs),
        "combine": node.combine,
        "parts": [explain_body(part) for part in node.parts],
    }


def unique_names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return pairs as an object; a name that comes again is numbered, so nothing is lost."""
    named: dict[str, str] = {}
    for name, value in pairs:
        key, count = name, 1
        while key in named:
            count += 1
            key = f"{name} ({count})"
        named[key] = value
    return named


def offset_body(offset: Offset) -> Document:
    """Return one offset considered."""
    return {
        "kind": offset.kind, "between": list(offset.between), "status": offset.status,
        "reason": offset.reason, "amount": number(offset.amount),
        "would_save": number(offset.would_save), "accounts": list(offset.accounts),
        "level": offset.level, "tests": unique_names(offset.tests), "barrier": offset.barrier,
    }


def exclusion_body(item: Exclusion) -> Document:
    """Return one position or row left out."""
    return {"where": item.where, "what": item.what, "remedy": item.remedy,
            "account_id": item.account_id}


def problem_body(problem: Problem) -> Document:
    """Return one problem."""
    return {"where": problem.where, "what": problem.what, "remedy": problem.remedy,
            "severity": problem.severity}


def keyed(names: Iterable[str], values: Iterable[float]) -> Mapping[str, float | None]:
    """Return one number a name."""
    return {name: number(value) for name, value in zip(names, values, strict=True)}
