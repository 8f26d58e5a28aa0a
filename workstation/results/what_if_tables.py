"""Two runs of one client beside each other: what is, what a what-if changes, what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.what_if import Branch
from workstation.measures.requirement import Offset
from workstation.results.formats import money, price, quantity, whole, words, yes_no
from workstation.results.run import DesignOutcome, Run
from workstation.results.table import Column, Table

ZERO = Decimal(0)
DRAWN = 500
"""Changed offsets shown at most; the ledger itself has them all."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One figure before and after; None where one side has none, and then nothing to subtract."""

    item: str
    figure: str
    current: Decimal | None
    after: Decimal | None
    note: str = ""

    @property
    def change(self) -> Decimal | None:
        """Return after less current."""
        return None if self.current is None or self.after is None else self.after - self.current


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One position that a what-if touched; quantities are 0 where it is not held."""

    where: str
    symbol: str
    account: str
    what: str
    current: Decimal
    after: Decimal
    price_current: Decimal | None
    price_after: Decimal | None

    @property
    def change(self) -> Decimal:
        """Return the quantity traded."""
        return self.after - self.current


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule or design that a what-if reads in another edition or version."""

    item: str
    figure: str
    current: str
    after: str


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One change of a branch, with who made it and when."""

    number: int
    operation: str
    author: str
    at: str
    counts: bool
    branch: str
    status: str
    parent: str


def what_if_tables(base: Run, run: Run, branches: Sequence[Branch], design: str = ""
                   ) -> tuple[Table, ...]:
    """Return every comparison; offsets and bridge of one design, or of each without a name."""
    names = [d.margin.name for d in run.designs if design in ("", d.margin.name)]
    pairs = [(then, now) for name in names
             if (then := base.design(name)) is not None and (now := run.design(name)) is not None]
    return (
        headline_changes(base, run), account_changes(base, run), design_changes(base, run),
        *(table(then, now, run.currency) for then, now in pairs
          for table in (offset_changes, bridge_changes)),
        rule_changes(base, run),
        holding_changes(base.book, run.book), operations_table(branches))


def headline_changes(base: Run, run: Run) -> Table:
    """Return the figures of the headline."""
    def row(item: str, figure: str, read: Callable[[Run], Decimal | None], note: str = ""
            ) -> ChangeRow:
        return ChangeRow(item, figure, read(base), read(run), note)

    rows = [
        row("Today, silos", "maintenance", lambda r: r.silos.maintenance.amount, _doubt(run)),
        row("Today, silos", "initial", lambda r: r.silos.initial.amount, _doubt(run)),
        row("Equity", "all accounts with a standing", _equity),
        row("Excess", "equity above maintenance", _excess),
        row("Calls now", "sum over accounts", lambda r: sum((s.call for s in r.statuses), ZERO)),
        row("Free collateral", "after haircut", lambda r: r.collateral.free_value),
        row("Cascade", "loss of the client", _cascade_loss,
            "" if run.cascade is None else run.cascade.scenario),
    ]
    return _changes("What-if headline", rows, run.currency,
                    "The figures of the headline: current, change and after.")


def account_changes(base: Run, run: Run) -> Table:
    """Return every account's requirement under its own rulebook."""
    names = dict.fromkeys((*(a.account_id for a in base.book.accounts),
                           *(a.account_id for a in run.book.accounts)))
    return _changes("What-if margin", [
        row for name in names for row in _account(name, base, run)], run.currency,
        "What each account must post under today's rulebooks.")


def _account(name: str, base: Run, run: Run) -> Iterator[ChangeRow]:
    then, now = base.silos.of_account(name), run.silos.of_account(name)
    regimes = [m.regime for m in (then, now) if m is not None]
    note = " -> ".join(dict.fromkeys(regimes))
    for figure in ("maintenance", "initial"):
        yield ChangeRow(name, figure,
                        None if then is None else getattr(then, figure).amount,
                        None if now is None else getattr(now, figure).amount, note)


def design_changes(base: Run, run: Run) -> Table:
    """Return every design's requirement and saving."""
    def rows() -> Iterator[ChangeRow]:
        for now in run.designs:
            then = base.design(now.margin.name)
            note = "" if now.margin.complete else "incomplete"
            yield ChangeRow(now.margin.name, "requirement",
                            None if then is None else then.margin.requirement.amount,
                            now.margin.requirement.amount, note)
            yield ChangeRow(now.margin.name, "saving", None if then is None else then.saving,
                            now.saving, note)

    return _changes("What-if regimes", list(rows()), run.currency,
                    "What the book would post under each design, and what that saves.")


def rule_changes(base: Run, run: Run) -> Table:
    """Return the rules and designs that the what-if reads in another edition."""
    then = {e.rule: e.edition for e in base.editions}
    versions = {d.margin.name: d.margin.version for d in base.designs}
    rows = (*(RuleRow(e.rule, "edition", then.get(e.rule, ""), e.edition) for e in run.editions),
            *(RuleRow(d.margin.name, "design", versions.get(d.margin.name, ""), d.margin.version)
              for d in run.designs))
    columns = (words("Rule or design", "item"), words("Kind", "figure"),
               words("Current", "current"), words("After", "after"))
    return Table("What-if rules", columns,
                 tuple(row for row in rows if row.current not in ("", row.after)),
                 "Rule editions, parameters and designs that the what-if changes.")


def offset_changes(then: DesignOutcome, now: DesignOutcome, currency: str) -> Table:
    """Return the offsets of which the decision or the effect changed, largest change first."""
    before, after = by_legs(then.ledger), by_legs(now.ledger)
    rows = [_offset(legs, before.get(legs), after.get(legs))
            for legs in dict.fromkeys((*before, *after))]
    changed = sorted((r for r in rows if r.change or " -> " in r.note),
                     key=lambda r: (-abs(r.change or ZERO), r.item))
    return _changes(f"What-if offsets {now.margin.name}", changed[:DRAWN], currency,
                    f"Offsets of {now.margin.name} whose effect or decision changes; negative "
                    "effects save margin.")


Legs = tuple[str, tuple[str, ...], tuple[str, ...], int]
"""Kind, names, accounts, and a number where several offsets share them."""


def by_legs(ledger: Sequence[Offset]) -> Mapping[Legs, Offset]:
    """Return the offsets of a ledger, in its order, by what they are between."""
    met: Counter[object] = Counter()
    found = {}
    for offset in ledger:
        legs = (offset.kind, tuple(sorted(offset.between)), tuple(sorted(offset.accounts)))
        met[legs] += 1
        found[(*legs, met[legs])] = offset
    return found


def _offset(legs: Legs, then: Offset | None, now: Offset | None) -> ChangeRow:
    """Return an offset's effect; one that is not met in a book counts nothing there."""
    statuses = ["not met" if o is None else o.status for o in (then, now)]
    status = " -> ".join(dict.fromkeys(statuses))
    reason = "" if now is None else now.reason
    return ChangeRow(" / ".join(legs[1]), legs[0], ZERO if then is None else then.amount,
                     ZERO if now is None else now.amount,
                     f"{status}: {reason}" if reason else status)


def bridge_changes(then: DesignOutcome, now: DesignOutcome, currency: str) -> Table:
    """Return the waterfall's steps; each column adds up to its own end."""
    def steps(outcome: DesignOutcome) -> dict[str, Decimal]:
        b = outcome.bridge
        return {"Stand-alone requirements": b.stand_alone, "Offsets within silos": b.within_silos,
                **{s.label: s.amount for s in b.steps}, f"Design {b.design}": b.end}

    before, after = steps(then), steps(now)
    rows = [ChangeRow(label, "level" if label.startswith(("Stand", "Design")) else "step",
                      before.get(label), after[label]) for label in after]
    return _changes(f"What-if bridge {now.margin.name}", rows, currency,
                    f"The waterfall to {now.margin.name}: current, change and after.")


def holding_changes(base: Book, book: Book) -> Table:
    """Return the positions whose size, account or mark changes."""
    then, now = ({p.where: p for p in b.positions} for b in (base, book))
    rows = [_holding(where, then.get(where), now.get(where))
            for where in dict.fromkeys((*then, *now)) if then.get(where) != now.get(where)]
    columns = (
        words("Cell", "where"), words("Symbol", "symbol"), words("Account", "account"),
        words("What", "what"), quantity("Current", "current"), quantity("Change", "change"),
        quantity("After", "after"), price("Price, current", "price_current"),
        price("Price, after", "price_after"))
    return Table("What-if positions", columns, tuple(rows),
                 "Positions that differ from the base.")


def _holding(where: str, then: Position | None, now: Position | None) -> HoldingRow:
    shown = now or then
    if shown is None:
        raise ValueError(f"{where}: no position in either book")
    symbols = dict.fromkeys(p.instrument.symbol for p in (then, now) if p is not None)
    accounts = dict.fromkeys(p.account_id for p in (then, now) if p is not None)
    return HoldingRow(where, " -> ".join(symbols), " -> ".join(accounts), _told(then, now),
                      ZERO if then is None else then.quantity,
                      ZERO if now is None else now.quantity,
                      None if then is None else then.price, None if now is None else now.price)


def _told(then: Position | None, now: Position | None) -> str:
    if then is None:
        return "new"
    if now is None:
        return "closed"
    found = [word for word, differs in (
        ("resized", then.quantity != now.quantity), ("moved", then.account_id != now.account_id),
        ("rolled", then.instrument != now.instrument), ("marked", then.price != now.price))
        if differs]
    return ", ".join(found)


def operations_table(branches: Sequence[Branch]) -> Table:
    """Return the changes of branches, each with its author and time."""
    rows = tuple(OperationRow(number, str(step.operation), step.author,
                              f"{step.at:%Y-%m-%d %H:%M:%S} UTC", step.counts, branch.name,
                              branch.status, branch.parent)
                 for branch in branches for number, step in enumerate(branch.steps, start=1))
    columns = (
        words("Branch", "branch"), words("Status", "status"), words("From", "parent"),
        whole("No.", "number"), words("Change", "operation"), Column("Counts", "counts", yes_no),
        words("Author", "author"), words("At", "at"))
    return Table("What-if changes", columns, rows, "What was changed, by whom and when.")


def _changes(name: str, rows: Sequence[ChangeRow], currency: str, about: str) -> Table:
    columns = (
        words("Item", "item"), words("Figure", "figure"),
        money(f"Current ({currency})", "current"), money(f"Change ({currency})", "change"),
        money(f"After ({currency})", "after"), words("Note", "note"))
    return Table(name, columns, tuple(rows), about)


def _doubt(run: Run) -> str:
    return "" if run.complete else f"incomplete: {len(run.excluded)} excluded"


def _equity(run: Run) -> Decimal | None:
    return sum((s.equity.amount for s in run.statuses), ZERO) if run.statuses else None


def _excess(run: Run) -> Decimal | None:
    known = [s.excess for s in run.statuses if s.excess is not None]
    return sum(known, ZERO) if known else None


def _cascade_loss(run: Run) -> Decimal | None:
    return run.cascade.total_loss if run.cascade is not None and run.cascade.steps else None
