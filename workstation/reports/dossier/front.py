"""The first page: whose review this is, and the decision with what it rests on."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from workstation.base.money import accounting
from workstation.reports.dossier.blocks import (
    Block,
    Bullets,
    Cell,
    Facts,
    Field,
    Figure,
    Figures,
    Grid,
    Prose,
    Section,
    amount_cell,
    text_cell,
)
from workstation.reports.dossier.pack import HASH_SHOWN, Pack, data_hash, proposal
from workstation.reports.lines import counted, loss_text, trigger_text
from workstation.reports.standing import Status
from workstation.results.formats import percent_text
from workstation.results.run import DesignOutcome, Run
from workstation.results.silos import silo_of
from workstation.results.tables import all_problems, saving_share

MOST_REASONS = 3
MOST_NAMES = 6


def cover(pack: Pack) -> Section:
    """Return client, entities, accounts, reviewer, date, editions, hash and status."""
    run, template = pack.run, pack.template
    firms = tuple(dict.fromkeys(a.firm for a in run.book.accounts if a.firm))
    kinds = Counter(str(silo_of(account.account_type)) for account in run.book.accounts)
    prepared = pack.standing.last(Status.REVIEWED)
    reviewer = prepared.author if prepared else template.reviewer
    unconfirmed = sum(len(e.unverified) for e in run.editions)
    pairs = (
        ("Client", run.book.name),
        ("Carrying firms", ", ".join(firms) or "the file names none"),
        ("LEIs", _leis(pack, (run.book.name, *firms))),
        ("Accounts", ", ".join(f"{n} {kind}" for kind, n in kinds.items()) or "none"),
        ("Reviewer", reviewer or "not named"),
        ("Status", _status(pack)),
        ("Inputs", f"{', '.join(i.name for i in run.inputs) or 'none'}; SHA-256 over all "
                   f"{data_hash(run)[:HASH_SHOWN]}"),
        ("Editions", f"{len(run.editions)} rule editions, {unconfirmed} parameters to confirm; "
                     "listed under data quality"),
    )
    return Section("Cover", (Facts(pairs),))


def _leis(pack: Pack, names: tuple[str, ...]) -> str:
    known = [f"{name} {pack.template.lei[name]}" for name in names if name in pack.template.lei]
    return "; ".join(known) or "not in the file; give them in the template under [lei]"


def _status(pack: Pack) -> str:
    last = pack.standing.decisions[-1] if pack.standing.decisions else None
    if last is None or pack.standing.status is Status.DRAFT:
        return "Draft: not reviewed yet"
    return f"{pack.standing.status} by {last.author}, {last.at:%Y-%m-%d %H:%M} UTC"


def decision(pack: Pack) -> Section:
    """Return what is posted, what would be, why, what can go wrong, and what is incomplete."""
    run, chosen = pack.run, proposal(pack.run)
    blocks: list[Block] = [Figures(_figures(run, chosen))]
    if not run.complete:
        blocks.append(Prose(
            f"INCOMPLETE: {_positions(len(run.excluded))} excluded from every total; see "
            "exceptions and data quality.", "warning"))
    blocks.append(_designs(run, chosen))
    blocks += [Prose("Why", "lead"), Bullets(_why(chosen)),
               Prose("What can go wrong", "lead"), Bullets(_risks(run)),
               Prose("What is incomplete", "lead"), Bullets(_gaps(run)),
               Facts(_recommended(pack))]
    return Section("Decision", tuple(blocks))


def _positions(count: int) -> str:
    return "1 position is" if count == 1 else f"{count:,} positions are"


def _figures(run: Run, chosen: DesignOutcome | None) -> tuple[Figure, ...]:
    unit = run.currency
    today = run.silos.maintenance.amount
    initial = f"maintenance; initial {accounting(run.silos.initial.amount)}"
    called = sum((status.call for status in run.statuses), Decimal(0))
    items = [Figure(f"Posts today ({unit})", accounting(today), initial)]
    if chosen is not None:
        share = saving_share(chosen)
        saving = "" if share is None else f"{percent_text(share)} of today"
        items += [
            Figure(f"Would post ({unit})", accounting(chosen.margin.requirement.amount),
                   chosen.margin.title or chosen.margin.name, "accent"),
            Figure(f"Saving ({unit})", accounting(chosen.saving), saving,
                   "granted" if chosen.saving >= 0 else "denied")]
    free = accounting(run.collateral.free_value) if run.collateral.lots else "none named"
    items += [Figure(f"Free collateral ({unit})", free, "after haircut"),
              Figure(f"Called now ({unit})", accounting(called), _called_of(run),
                     "denied" if called else "text")]
    return tuple(items)


def _called_of(run: Run) -> str:
    left = len(run.without_cash)
    return (f"not known for {left} of {len(run.statuses)} accounts: cash not stated" if left
            else "largest call of each account")


def _designs(run: Run, chosen: DesignOutcome | None) -> Grid:
    fields = (Field("Maintenance requirement", 1.7), Field("Status", 0.8),
              Field(f"Requirement ({run.currency})", number=True),
              Field(f"Saving ({run.currency})", number=True), Field("Saving (%)", number=True))
    rows: list[tuple[Cell, ...]] = [
        (text_cell("Today, silos", bold=True), text_cell("current law"),
         amount_cell(run.silos.maintenance.amount, bold=True), Cell(""), Cell(""))]
    shown = [outcome for outcome in run.designs if not _is_today(outcome)]
    rows += [_design(outcome, bold=outcome is chosen) for outcome in shown]
    marked = frozenset({shown.index(chosen) + 1}) if chosen in shown else frozenset()
    return Grid(fields, tuple(rows), chosen=marked, whole=True)


def _is_today(outcome: DesignOutcome) -> bool:
    """Say whether a design only repeats today's law, which has its own line."""
    return outcome.margin.status == "current law" and not outcome.saving


def _design(outcome: DesignOutcome, *, bold: bool) -> tuple[Cell, ...]:
    margin, share = outcome.margin, saving_share(outcome)
    title = (margin.title or margin.name) + ("" if margin.complete else " (incomplete)")
    return (text_cell(title, bold=bold), text_cell(margin.status),
            amount_cell(margin.requirement.amount, bold=bold),
            amount_cell(outcome.saving, bold=bold),
            Cell("" if share is None else percent_text(share), bold=bold))


def _why(chosen: DesignOutcome | None) -> tuple[str, ...]:
    """Return the largest offsets behind the saving, and the largest ones withheld."""
    if chosen is None:
        return ("No design was computed, so there is nothing to compare today with.",)
    granted = sorted((o for o in chosen.ledger if o.amount < 0), key=lambda o: o.amount)
    denied = sorted((o for o in chosen.ledger if o.would_save > 0), key=lambda o: -o.would_save)
    lines = [f"{' / '.join(o.between)}: {o.status}, {accounting(o.amount)}; {o.reason}"
             for o in granted[:MOST_REASONS]]
    lines += [f"Withheld: {' / '.join(o.between)}, worth {accounting(o.would_save)}; {o.reason}"
              for o in denied[:MOST_REASONS - 1]]
    steps = sorted((s for s in chosen.bridge.steps if s.amount > 0), key=lambda s: -s.amount)
    lines += [f"Adds: {s.label}, {accounting(s.amount)}" for s in steps[:1]]
    return tuple(lines) or (f"{chosen.margin.title or chosen.margin.name} grants no offset that "
                            "today's silos do not.",)


def _risks(run: Run) -> tuple[str, ...]:
    lines = []
    called = [s for s in run.statuses if s.call]
    if called:
        lines.append("Called now: " + ", ".join(
            f"{s.account_id} {accounting(s.call)}" for s in called[:MOST_NAMES]))
    lines += _together(run) + [trigger_text(trigger) for trigger in run.triggers[:2]]
    if run.cascade is not None:
        factor = run.cascade.amplification
        times = "" if factor is None else f", {factor:.2f} times the direct loss"
        defaults = ", ".join(run.cascade.defaults) or "none"
        lines.append(f"{run.cascade.scenario}: {loss_text('direct', run.cascade.direct_loss)}, "
                     f"{loss_text('total', run.cascade.total_loss)}{times}; defaults: {defaults}")
    return tuple(lines) or ("No call holds, and no cascade was run on this book.",)


def _together(run: Run) -> list[str]:
    """Return the account whose call is nearest when all prices move together."""
    moves = [(abs(s.distance.nearest), s.distance.nearest, s.account_id) for s in run.statuses
             if s.distance is not None and s.distance.nearest]
    if not moves:
        return []
    size, move, account = min(moves)
    way = "fall" if move < 0 else "rise"
    return [f"All prices {way} {percent_text(size)} together: call in {account}"]


def _gaps(run: Run) -> tuple[str, ...]:
    lines = [f"{item.where}: {item.what}" for item in run.excluded[:MOST_REASONS]]
    left = len(run.excluded) - MOST_REASONS
    if left > 0:
        lines.append(f"and {left:,} more positions")
    problems = all_problems(run)
    errors = sum(p.severity == "error" for p in problems)
    warnings = sum(p.severity == "warning" for p in problems)
    unconfirmed = sum(len(e.unverified) for e in run.editions)
    if run.without_cash:
        lines.append(f"Cash not stated, so neither call nor excess: {', '.join(run.without_cash)}")
    if errors or warnings:
        lines.append(f"Problems of the data: {counted(errors, 'error')}, "
                     f"{counted(warnings, 'warning')}")
    if unconfirmed:
        lines.append(f"Parameters to confirm: {unconfirmed}")
    return tuple(lines) or ("Nothing known: every position is margined, every parameter confirmed.",
                            )


def _recommended(pack: Pack) -> tuple[tuple[str, str], ...]:
    template, standing = pack.template, pack.standing
    conditions = [*template.conditions, *(d.conditions for d in standing.decisions if d.conditions)]
    steps = "; ".join(f"{d.status} by {d.author} on {d.at:%Y-%m-%d}" for d in standing.decisions)
    return (
        ("Recommendation", template.recommendation
         or "none written; the figures above are the computation"),
        ("Conditions", "; ".join(conditions) or "none written"),
        ("Approvals", steps or "none yet"),
    )
