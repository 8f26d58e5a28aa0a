"""Tables of requirements: silos, designs, offsets and bridges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from workstation.book.accounts import Account
from workstation.measures.requirement import Offset
from workstation.results.formats import account_type, money, percent, regime, words, yes_no
from workstation.results.run import DesignOutcome, Run
from workstation.results.silos import silo_of
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the base has beside a what-if's figure; None off a what-if or where it has none."""

    current: Decimal | None = None
    change: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SiloRow(Compared):
    """One account under the rulebook its type implies; amounts None where nothing margins it."""

    account: str
    name: str
    account_type: str
    silo: str
    regime: str
    initial: Decimal | None
    maintenance: Decimal | None
    gross: Decimal | None
    net: Decimal | None
    status: str


@dataclass(frozen=True, slots=True)
class DesignRow:
    """One design against today's silos; `saving_share` is None where the silos ask for nothing."""

    design: str
    title: str
    status: str
    silos: Decimal
    requirement: Decimal
    saving: Decimal
    saving_share: Decimal | None
    complete: bool
    citation: str


@dataclass(frozen=True, slots=True)
class OffsetRow(Compared):
    """One offset considered, as one line."""

    kind: str
    between: str
    accounts: str
    level: str
    status: str
    reason: str
    amount: Decimal
    would_save: Decimal
    tests: str
    barrier: str


@dataclass(frozen=True, slots=True)
class BridgeRow(Compared):
    """One bar of a waterfall: a level reached, or a step with the level after it."""

    label: str
    kind: str
    amount: Decimal
    level: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class StandAloneRow:
    """One position's own requirement."""

    where: str
    account: str
    symbol: str
    amount: Decimal | None


# Regimes state the two on different bases, so neither is added up over accounts.
PREMIUM_BASIS = "of the initial under Regulation T, of the maintenance elsewhere"


def silos_table(run: Run) -> Table:
    """Return what each account must post today, under its own rulebook."""
    left_out = Counter(item.account_id for item in run.silos.excluded)
    rows = tuple(
        _silo_row(account, run, left_out[account.account_id]) for account in run.book.accounts
    )
    columns = (
        words("Account", "account"), words("Name", "name"), account_type("Type", "account_type"),
        words("Silo", "silo"), regime("Regime", "regime"),
        money(f"Initial ({run.currency})", "initial", total=True),
        money(f"Maintenance ({run.currency})", "maintenance", total=True),
        money(f"Gross ({run.currency})", "gross", f"counts short-option premium; {PREMIUM_BASIS}"),
        money(f"Net ({run.currency})", "net", f"after short-option premium; {PREMIUM_BASIS}"),
        words("Status", "status"),
    )
    return Table("Silos", columns, rows, "What each account must post today, silo by silo.")


def _silo_row(account: Account, run: Run, left_out: int) -> SiloRow:
    margin = run.silos.of_account(account.account_id)
    kind, silo = str(account.account_type), str(silo_of(account.account_type))
    if margin is None:
        return SiloRow(account.account_id, account.name, kind, silo, "", None, None, None, None,
                       "not margined")
    status = f"incomplete: {left_out} excluded" if left_out else "complete"
    return SiloRow(account.account_id, account.name, kind, silo, margin.regime,
                   margin.initial.amount, margin.maintenance.amount, margin.gross, margin.net,
                   status)


def designs_table(run: Run) -> Table:
    """Return what the book would post under each design, and what that saves."""
    rows = tuple(_design_row(outcome) for outcome in run.designs)
    columns = (
        words("Design", "design"), words("Title", "title"), words("Status", "status"),
        money(f"Today, silos ({run.currency})", "silos"),
        money(f"Requirement ({run.currency})", "requirement"),
        money(f"Saving ({run.currency})", "saving", "in parentheses where it asks for more"),
        percent("Saving (%)", "saving_share"),
        Column("Complete", "complete", yes_no), words("Citation", "citation"),
    )
    return Table("Designs", columns, rows, "What the book would post under each design.")


def _design_row(outcome: DesignOutcome) -> DesignRow:
    margin, silos = outcome.margin, outcome.bridge.silos
    return DesignRow(margin.name, margin.title, margin.status, silos, margin.requirement.amount,
                     outcome.saving, saving_share(outcome), margin.complete, margin.citation)


def saving_share(outcome: DesignOutcome) -> Decimal | None:
    """Return the saving as a share of today's silos, None where they ask for nothing."""
    return outcome.saving / outcome.bridge.silos if outcome.bridge.silos else None


def ledger_table(outcome: DesignOutcome, currency: str = "") -> Table:
    """Return every offset one design considered: granted or denied, why, and its dollars."""
    return _offsets(f"Ledger {outcome.margin.name}", outcome.ledger,
                    currency or outcome.margin.currency,
                    f"Every offset the design {outcome.margin.name} considered, and why.")


def silo_offsets_table(run: Run) -> Table:
    """Return the offsets today's rulebooks grant or deny inside each silo."""
    return _offsets("Offsets today", run.silos.offsets, run.currency,
                    "Offsets granted and denied inside each silo today.")


def _offsets(name: str, offsets: tuple[Offset, ...], currency: str, about: str) -> Table:
    columns = (
        words("Kind", "kind"), words("Between", "between"), words("Accounts", "accounts"),
        words("Level", "level"), words("Status", "status"), words("Reason", "reason"),
        money(f"Effect ({currency})", "amount", "negative saves margin", total=True),
        money(f"Would save ({currency})", "would_save",
              "what the denied part would have been worth"),
        words("Tests", "tests"), words("What would change it", "barrier"),
    )
    return Table(name, columns, tuple(_offset_row(offset) for offset in offsets), about)


def _offset_row(offset: Offset) -> OffsetRow:
    tests = "; ".join(f"{name} {figure}" for name, figure in offset.tests)
    return OffsetRow(offset.kind, " / ".join(offset.between), " / ".join(offset.accounts),
                     offset.level, offset.status, offset.reason, offset.amount,
                     offset.would_save, tests, offset.barrier)


def bridge_table(outcome: DesignOutcome, currency: str = "") -> Table:
    """Return the waterfall from stand-alone requirements through today's silos to a design."""
    bridge = outcome.bridge
    rows = [
        BridgeRow("Stand-alone requirements", "level", bridge.stand_alone, bridge.stand_alone, ""),
        BridgeRow("Offsets within silos", "step", bridge.within_silos, bridge.silos, ""),
        BridgeRow("Today, silos", "level", bridge.silos, bridge.silos, ""),
    ]
    reached = bridge.silos
    for step in bridge.steps:
        reached += step.amount
        rows.append(BridgeRow(step.label, "step", step.amount, reached, step.note))
    title = outcome.margin.title or f"Design {bridge.design}"
    rows.append(BridgeRow(title, "level", bridge.end, bridge.end, ""))
    money_of = currency or outcome.margin.currency
    columns = (
        words("Step", "label"), words("Kind", "kind"),
        money(f"Amount ({money_of})", "amount", "steps that save margin are negative"),
        money(f"Level after it ({money_of})", "level"), words("Note", "note"),
    )
    return Table(f"Bridge {bridge.design}", columns, tuple(rows),
                 f"From stand-alone requirements through today's silos to {bridge.design}.")


def stand_alone_table(run: Run) -> Table:
    """Return each position's own maintenance requirement."""
    symbols = {p.where: p.instrument.symbol for p in run.book.positions}
    rows = tuple(
        StandAloneRow(item.where, item.account_id, symbols.get(item.where, ""), item.amount)
        for item in run.stand_alone
    )
    columns = (
        words("Cell", "where"), words("Account", "account"), words("Symbol", "symbol"),
        money(f"Stand-alone requirement ({run.currency})", "amount", total=True),
    )
    return Table("Stand-alone", columns, rows,
                 "Each position on its own, under its account's rulebook.")
