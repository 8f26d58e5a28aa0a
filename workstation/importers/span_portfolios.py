"""Portfolios built position by position; an unreadable line marks its account incomplete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.importers.span_drafts import NONE_MONTHS
from workstation.rulebooks.span.portfolio import (
    SPECULATOR,
    Portfolio,
    SpanPosition,
    account_class,
    is_house,
    is_omnibus,
)

NO = frozenset({"0", "N", "NO", "FALSE"})
NO_ACCOUNT = "(no account)"
RIGHTS = {"C": "C", "CALL": "C", "P": "P", "PUT": "P", "": "", "F": "", "FUT": ""}
HOUSE_CODES = frozenset({"HOUS", "HOUSE", "H"})


@dataclass(slots=True)
class AccountDraft:
    """One account while its lines arrive."""

    fields: Mapping[str, str]
    where: str
    positions: list[SpanPosition] = field(default_factory=list)
    rejected: list[Exclusion] = field(default_factory=list)


class PortfolioDrafts:
    """Gathers lines by account, in the order of first appearance.

    Field names are those of the SpanPosConv header in lower case.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.dates: set[str] = set()
        self._accounts: dict[str, AccountDraft] = {}

    def account(self, fields: Mapping[str, str], where: str) -> AccountDraft:
        """Return the draft of a line's account, begun if need be."""
        name = fields.get("portfolio") or fields.get("acctid") or NO_ACCOUNT
        if name not in self._accounts:
            self._accounts[name] = AccountDraft(dict(fields), where)
        return self._accounts[name]

    def add(self, fields: Mapping[str, str], where: str) -> None:
        """Add one position line."""
        account = self.account(fields, where)
        if fields.get("date"):
            self.dates.add(fields["date"].removesuffix(".0").replace("-", ""))
        try:
            account.positions.append(_position(fields, where))
        except ValueError as error:
            name = fields.get("portfolio") or fields.get("acctid") or NO_ACCOUNT
            account.rejected.append(Exclusion(
                where, str(error), "correct the line and load the file again", name))

    def finished(self) -> list[Portfolio]:
        """Return every account with its positions."""
        return [self._portfolio(name, draft) for name, draft in self._accounts.items()]

    def _portfolio(self, name: str, draft: AccountDraft) -> Portfolio:
        given = draft.fields
        code = given.get("accttype", "").strip().upper()
        found = account_class(code)
        if found is None:
            self.problems.append(Problem(
                draft.where, f"account {name} has " + (f"the unknown type {code!r}" if code else
                                                       "no account type"),
                "it was margined as heightened risk (HRP); state M, H or S", "info"))
        segregation = given.get("seg", "").strip().upper()
        customer = given.get("iscust", "1").strip().upper() not in NO and (
            segregation not in HOUSE_CODES) and not is_house(code)
        return Portfolio(
            name, found or SPECULATOR, tuple(draft.positions), code,
            given.get("currency") or "USD", customer, is_omnibus(code),
            given.get("firm", ""), segregation, self._money(draft, "ledgerbal"),
            self._money(draft, "ote"), self._money(draft, "securities"), draft.where,
            tuple(draft.rejected))

    def _money(self, draft: AccountDraft, name: str) -> Decimal:
        try:
            return _number(draft.fields.get(name) or "0", name)
        except ValueError as error:
            self.problems.append(Problem(draft.where, str(error), "it was taken as nought"))
            return Decimal(0)


def _position(fields: Mapping[str, str], where: str) -> SpanPosition:
    if not fields.get("pfcode"):
        raise ValueError("the line names no product (pfCode)")
    quantity = _number(fields.get("net", ""), "net")
    if quantity != quantity.to_integral_value():
        raise ValueError(f"net holds {fields['net']}, not a whole number of contracts")
    right = RIGHTS.get(fields.get("o", "").strip().upper())
    if right is None:
        raise ValueError(f"o holds {fields['o']!r}, neither C nor P")
    strike = fields.get("k", "") if right else ""
    if right and not strike:
        raise ValueError("an option without a strike (k)")
    month = _month(fields.get("pe", ""))
    if not month:
        raise ValueError("the line names no contract month (pe)")
    return SpanPosition(
        fields["pfcode"], month, quantity, fields.get("pftype", "").upper(), right,
        _number(strike, "k") if strike else None,
        _month(fields.get("undpe", "")) if right else "", fields.get("exch", ""),
        fields.get("ec", ""), fields.get("cc", ""), where)


def _month(text: str) -> str:
    """Return a period code; spreadsheets turn 202609 into 202609.0."""
    plain = text.strip().removesuffix(".0").replace(" ", "").upper()
    return "" if plain in NONE_MONTHS else plain


def _number(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{name} holds {text!r}, not a number") from None
    if not value.is_finite():
        raise ValueError(f"{name} holds {text!r}, not a number")
    return value
