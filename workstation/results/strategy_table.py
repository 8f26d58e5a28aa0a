"""The offsets within accounts: strategies found by the pairing, spreads, groups, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workstation.base.explain import Explained
from workstation.measures.requirement import Offset
from workstation.results.formats import money, quantity, words
from workstation.results.run import Run
from workstation.results.table import Table

STRATEGY = "strategy"
FOUND = {"granted": "found", "partial": "found in part", "denied": "denied"}
CONTRACTS, ALONE, TOGETHER = "contracts", "legs alone", "as a strategy"


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """One pair considered inside an account; amounts are None where the rule states none.

    `saving` is against its legs uncovered, positive; `would_save` what a denied one would have
    brought. `label` names the amount of the explanation it stands for, empty for a denied one.
    """

    account: str
    kind: str
    underlying: str
    name: str
    legs: str
    contracts: Decimal | None
    requirement: Decimal | None
    alone: Decimal | None
    saving: Decimal
    decision: str
    would_save: Decimal
    reason: str
    barrier: str
    label: str
    tests: str = ""


def strategies_table(run: Run) -> Table:
    """Return every offset inside today's silos: strategies first, the largest saving first."""
    underlyings = {p.instrument.symbol: p.instrument.underlying for p in run.book.positions}
    rows = sorted((_row(offset, underlyings) for offset in run.silos.offsets),
                  key=lambda r: (r.kind != STRATEGY, r.decision == FOUND["denied"], -r.saving,
                                 -r.would_save, r.account, r.legs))
    columns = (
        words("Account", "account"), words("Underlying", "underlying"),
        words("Strategy", "name"), quantity("Contracts", "contracts"),
        money(f"Requirement ({run.currency})", "requirement", "of the pair as a strategy",
              total=True),
        money(f"Uncovered ({run.currency})", "alone", "its legs each by itself", total=True),
        money(f"Saving ({run.currency})", "saving", "uncovered less requirement", total=True),
        words("Decision", "decision"),
        money(f"Would save ({run.currency})", "would_save", "what a denied pair would have saved"),
        words("Legs", "legs"), words("Reason", "reason"),
        words("What would change it", "barrier"), words("Figures", "tests"),
        words("Kind", "kind"),
    )
    return Table("Strategies", columns, tuple(rows),
                 "Pairs found inside each account, what they save, and pairs denied with the "
                 "reason.")


def _row(offset: Offset, underlyings: Mapping[str, str]) -> StrategyRow:
    named, _, rule = offset.reason.partition("; ")
    is_found = offset.kind == STRATEGY and offset.status != "denied"
    label = named if is_found else ""
    name = named.partition(": ")[2] or named if is_found else _name(offset)
    figures = dict(offset.tests)
    under = {underlyings.get(leg, leg) for leg in offset.between}
    return StrategyRow(
        ", ".join(offset.accounts), offset.kind, ", ".join(sorted(under)), name,
        " / ".join(" ".join(leg.split()) for leg in offset.between),
        _figure(figures.get(CONTRACTS)), _figure(figures.get(TOGETHER)),
        _figure(figures.get(ALONE)), -offset.amount, FOUND[offset.status], offset.would_save,
        rule if is_found else offset.reason, offset.barrier, label,
        "; ".join(f"{name} {figure}" for name, figure in offset.tests))


def _name(offset: Offset) -> str:
    return "no spread" if offset.kind == STRATEGY else offset.kind


def _figure(text: str | None) -> Decimal | None:
    """Return the number a test was written with, None where it is none."""
    if text is None:
        return None
    bare = text.replace(",", "").strip()
    sign = -1 if bare.startswith("(") else 1
    try:
        return sign * Decimal(bare.strip("()"))
    except InvalidOperation:
        return None


def amount_of(run: Run, row: StrategyRow) -> Explained | None:
    """Return the part of the account's requirement a strategy stands for."""
    margin = run.silos.of_account(row.account)
    if margin is None or not row.label:
        return None
    found = [node for _, node in margin.maintenance.walk() if node.label == row.label]
    exact = (n for n in found if row.requirement is not None
             and abs(n.amount - row.requirement) < Decimal("0.01"))
    return next(exact, found[0] if found else None)


EVERY_LEG, GREEDY = "every leg alone", "largest saving first"


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One underlying of one account: what its pairing costs, and what the alternatives would.

    `greedy` is None where the rulebook did not work it out beside the best pairing.
    """

    account: str
    underlying: str
    requirement: Decimal
    alone: Decimal
    greedy: Decimal | None

    @property
    def saving(self) -> Decimal:
        """Return what the pairing saves against every leg alone."""
        return self.alone - self.requirement

    @property
    def over_greedy(self) -> Decimal | None:
        """Return what it saves against taking the largest saving first."""
        return None if self.greedy is None else self.greedy - self.requirement


def pairings_table(run: Run) -> Table:
    """Return the underlyings that were paired, the largest saving first."""
    rows = [row for margin in run.silos.accounts for _, node in margin.maintenance.walk()
            if (row := _pairing(margin.account_id, node)) is not None]
    rows.sort(key=lambda row: (-row.saving, row.account, row.underlying))
    columns = (
        words("Account", "account"), words("Underlying", "underlying"),
        money(f"Requirement ({run.currency})", "requirement", "as paired", total=True),
        money(f"Every leg alone ({run.currency})", "alone", total=True),
        money(f"Saving ({run.currency})", "saving", "against every leg alone", total=True),
        money(f"Largest saving first ({run.currency})", "greedy",
              "what a greedy pairing would have charged"),
        money(f"Saved against it ({run.currency})", "over_greedy",
              "what the best pairing saves against the greedy one", total=True),
    )
    return Table("Pairings", columns, tuple(rows),
                 "What pairing saves, underlying by underlying, and what a greedy one would.")


def _pairing(account_id: str, node: Explained) -> PairingRow | None:
    """Return the comparison an underlying's amount carries, None where it carries none."""
    inputs = dict(node.inputs)
    alone = _figure(inputs.get(EVERY_LEG))
    if alone is None:
        return None
    return PairingRow(account_id, node.label, node.amount, alone, _figure(inputs.get(GREEDY)))
