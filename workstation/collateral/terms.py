"""What each obligation takes, by when and at what haircut, and what giving a lot away costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workstation.base.explain import Citation
from workstation.base.money import accounting
from workstation.base.vocabulary import AccountType
from workstation.base.wording import asset_class_words
from workstation.collateral import tokens
from workstation.collateral.supply import Part
from workstation.collateral.wishes import Buffer, Wishes
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

FOLDER = "allocation"
POOL = "pool"
OWN_HAIRCUT = "lot"
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Due:
    """One obligation: its name, who holds it, and of which kind it is; `accounts` it stands for."""

    name: str
    holder: str
    kind: str
    requirement: Decimal
    accounts: tuple[str, ...]
    excess: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A part at an obligation: its haircut there, or why it cannot go (the haircut is then 1)."""

    haircut: Decimal
    barred: str = ""


class Terms:
    """The editions behind an allocation, as questions; `names` are the client's in its accounts."""

    def __init__(self, rules: RuleSet, client: str, names: Iterable[str] = ()) -> None:
        edition = rules.edition(FOLDER)
        self._lines = {str(row["account_type"]): row for row in edition["obligations"].rows}
        self._limits = edition["limits"].rows
        self._costs = {kind: Decimal(row["cost"]) for row in edition["opportunity_cost"].rows
                       for kind in row["classes"]}
        self._other = edition["other_cost"].value
        self.liquid = frozenset(edition["kept_first"].raw)
        self._tickets = (float(edition["least_ticket"].value), float(edition["ticket_cost"].value))
        self._buffers = edition["buffers"].rows
        self._client = {name.strip().lower() for name in (client, *names)}
        self._tokens: Edition | None = (
            rules.edition(tokens.FOLDER) if rules.has(tokens.FOLDER) else None)
        self.cite: Citation = edition["obligations"].cite

    def wishes(self, classes: Sequence[str]) -> Wishes:
        """Return the least tickets and buffers a desk keeps to; none unless the edition says."""
        buffers = tuple(
            Buffer(tuple(n for n, kind in enumerate(classes) if kind in row["classes"]),
                   float(row["value"])) for row in self._buffers)
        return Wishes(*self._tickets, buffers)

    def told_wishes(self) -> tuple[str, ...]:
        """Return in words what the desk keeps to; empty where it has no wishes."""
        ticket, cost = self._tickets
        liquid = ", ".join(sorted(self.liquid)).replace("_", " ")
        found = [f"kept free first: {liquid}"] if liquid else []
        found += [f"at least {accounting(ticket)} of a lot to an obligation"] if ticket else []
        found += [f"every ticket costs {accounting(cost)} a year"] if cost else []
        found += [f"{accounting(Decimal(row['value']))} of {', '.join(row['classes'])} stays free"
                  for row in self._buffers]
        return tuple(found)

    def owes(self, account_type: AccountType) -> bool:
        """Say whether accounts of a type owe margin at all."""
        return account_type.value in self._lines

    def deadline(self, due: Due) -> int:
        """Return the business days an obligation leaves."""
        return int(self._lines[due.kind]["deadline"])

    def cost(self, part: Part) -> Decimal:
        """Return what giving away one unit of market value costs a year."""
        return self._costs.get(part.asset_class, self._other)

    def limits(self, due: Due) -> Sequence[Mapping[str, Any]]:
        """Return the concentration limits of an obligation."""
        return [row for row in self._limits if row["account_type"] == due.kind]

    def answer(self, part: Part, due: Due) -> Answer:
        """Return the haircut of a part at an obligation, or what bars it; time apart."""
        line = self._lines[due.kind]
        if part.asset_class not in line["takes"]:
            return Answer(ONE, f"{asset_class_words(part.asset_class)} not taken")
        issuer = part.issuer.strip().lower()
        if issuer and issuer in (*self._client, due.holder.strip().lower()):
            return Answer(ONE, f"issued by {part.issuer}: wrong way")
        if part.asset_class in tokens.TOKENS and line["token_regime"] != OWN_HAIRCUT:
            return self._token(part, str(line["token_regime"]))
        return Answer(part.haircut, "" if part.haircut < ONE else "counts nothing after haircut")

    def late(self, part: Part, due: Due) -> str:
        """Say why a part cannot be there in time; empty where it can."""
        if part.home in due.accounts and part.home:
            return ""
        if part.lag is None:
            return f"locked for {part.home}"
        if part.lag > self.deadline(due):
            return f"arrives in {part.lag} days, due in {self.deadline(due)}"
        return ""

    def _token(self, part: Part, regime: str) -> Answer:
        if self._tokens is None or regime not in self._tokens:
            return Answer(ONE, f"{part.symbol} not taken")
        haircut = tokens.haircut_under(self._tokens, regime, part.symbol)
        return Answer(ONE, f"{part.symbol} not taken") if haircut is None else Answer(haircut)
