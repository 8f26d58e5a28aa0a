"""Margin by regime, why it is what it is, and what changed since the last review."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workstation.base.wording import account_type_words, made_words, regime_words
from workstation.measures.account_status import CASH_NOT_STATED
from workstation.measures.requirement import Offset
from workstation.offsets.heat_map import HeatMap, heat_map
from workstation.reports.charts import heat
from workstation.reports.charts.shapes import Picture
from workstation.reports.charts.waterfall import waterfall
from workstation.reports.dossier.blocks import (
    PAGE_WIDTH,
    Block,
    Cell,
    Chart,
    Field,
    Grid,
    Prose,
    Section,
    amount_cell,
    grid_of,
    missing,
    state_colour,
    text_cell,
)
from workstation.reports.dossier.pack import Pack, proposal
from workstation.results.attribution_table import attribution_table, levers_table
from workstation.results.changes import (
    Changes,
    changes_table,
    market_changes_table,
    position_changes_table,
    rule_changes_table,
)
from workstation.results.margin_tables import SiloRow
from workstation.results.run import DesignOutcome, Run
from workstation.results.silos import Silo, silo_of
from workstation.results.tables import (
    account_tests_table,
    accounts_status_table,
    bridge_table,
    explain_table,
    silo_offsets_table,
    silos_table,
)

MOST_ACCOUNTS = 40
MOST_OFFSETS = 12
MOST_EXPLAINED = 40
MOST_CHANGES = 20
MOST_LEGS = 10
DEEPEST = 2
ZERO = Decimal(0)


def margin_by_regime(pack: Pack) -> Section:
    """Return every account under its rulebook, the designs beside it, and the waterfall."""
    run = pack.run
    blocks: list[Block] = [_silos(run), *_house(run), *_standing(run)]
    outcome = proposal(run)
    if outcome is None:
        return Section("Margin by regime", (*blocks, missing("No design was computed.")))
    title = outcome.margin.title or outcome.margin.name
    blocks += [
        Chart(f"From stand-alone requirements to {title} ({run.currency})",
              waterfall(bridge_table(outcome).rows, _by_silo(run), PAGE_WIDTH,
                        f"Waterfall to {title}")),
        Prose(f"Design {outcome.margin.name} {outcome.margin.version}, {outcome.margin.status}. "
              f"{outcome.margin.citation}", "note")]
    return Section("Margin by regime", tuple(blocks))


def _by_silo(run: Run) -> dict[Silo, Decimal]:
    found: dict[Silo, Decimal] = {}
    for account in run.book.accounts:
        margin = run.silos.of_account(account.account_id)
        if margin is not None and margin.maintenance.amount > 0:
            silo = silo_of(account.account_type)
            found[silo] = found.get(silo, ZERO) + margin.maintenance.amount
    return found


def _silos(run: Run) -> Grid:
    unit = run.currency
    fields = (Field("Account", 1.3), Field("Type", 1.0), Field("Regime", 1.1), Field("Status", 0.8),
              Field(f"Initial ({unit})", number=True), Field(f"Maintenance ({unit})", number=True))
    accounts = sorted(silos_table(run).rows, key=lambda row: -(row.maintenance or ZERO))
    rows = [_silo(row) for row in accounts[:MOST_ACCOUNTS]]
    others = accounts[MOST_ACCOUNTS:]
    if others:
        rows.append((text_cell(f"and {len(others)} more, in the workbook"),
                     *(Cell("") for _ in range(3)), amount_cell(_sum([r.initial for r in others])),
                     amount_cell(_sum([r.maintenance for r in others]))))
    rows.append((text_cell("Total", bold=True), Cell(""), Cell(""), Cell(""),
                 amount_cell(run.silos.initial.amount, bold=True),
                 amount_cell(run.silos.maintenance.amount, bold=True)))
    return Grid(fields, tuple(rows), "Today, silo by silo", totals=frozenset({len(rows) - 1}))


def _silo(row: SiloRow) -> tuple[Cell, ...]:
    return (text_cell(f"{row.account} {row.name}".strip()),
            text_cell(account_type_words(row.account_type), swatch=f"silo:{row.silo}"),
            text_cell(regime_words(row.regime)), text_cell(row.status, state_colour(row.status)),
            amount_cell(row.initial), amount_cell(row.maintenance))


def _sum(amounts: Sequence[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _house(run: Run) -> list[Block]:
    added = [s for s in run.statuses if s.house is not None]
    if not added:
        return [missing("No house editions are laid over the rules, so house margin is the "
                        "regulatory minimum.")]
    unit = run.currency
    fields = (Field("House margin by account"), Field(f"Regulatory minimum ({unit})", number=True),
              Field(f"House adds ({unit})", number=True))
    rows = tuple((text_cell(s.account_id), amount_cell(s.regulatory), amount_cell(s.house))
                 for s in added)
    return [Grid(fields, rows, whole=True)]


def _standing(run: Run) -> list[Block]:
    """Return equity, what is asked of it, and the excess or the call, account by account."""
    if not run.statuses:
        return [missing("No account has equity and a requirement to compare.")]
    table = accounts_status_table(run)
    order = sorted(range(len(table.rows)), key=lambda n: -(table.rows[n].call or ZERO))
    rows = grid_of(table, (("account", 1.0), ("call_by", 0.9), "equity", "required", "excess",
                           "call", "down", "up"), MOST_ACCOUNTS,
                   title="Equity and calls by account; the last two columns are moves of all "
                         "prices together to a call", rows=order)
    return [rows]


def explained(pack: Pack) -> Section:
    """Return the tree of today's requirement and of the design, and the offsets ledger."""
    run, outcome = pack.run, proposal(pack.run)
    blocks: list[Block] = [_tree(run, "Today, maintenance", outcome=None)]
    if outcome is not None:
        blocks.append(_tree(run, outcome.margin.title or outcome.margin.name, outcome))
        blocks += _offsets(outcome, run)
        blocks += _attribution(pack, outcome)
    blocks += _today_offsets(run)
    if run.statuses:
        table = account_tests_table(run)
        failed = [n for n, row in enumerate(table.rows) if not row.met and not row.condition]
        order = failed or [n for n, row in enumerate(table.rows)
                           if row.account not in run.without_cash]
        title = _tests_title(run, failed=bool(failed))
        blocks.append(grid_of(
            table, (("account", 0.8), ("test", 1.0), "required", "equity", "excess", "call",
                    ("citation", 1.6)), MOST_OFFSETS, title=title, rows=order)
            if order else missing(f"{title}."))
    return Section("Explain", tuple(blocks))


def _tree(run: Run, name: str, outcome: DesignOutcome | None) -> Grid:
    node = run.silos.maintenance if outcome is None else outcome.margin.requirement
    rows = [r for r in explain_table(name, node, run.currency).rows if r.level <= DEEPEST]
    fields = (Field(f"{name}: what it is made of", 1.8), Field("Made by", 0.7),
              Field(f"Amount ({run.currency})", number=True), Field("Rule", 1.3))
    lines = tuple(
        (text_cell(f"{'· ' * r.level}{r.label}", bold=not r.level),
         text_cell(made_words(r.combine, r.binding)), amount_cell(r.amount, bold=not r.level),
         text_cell(r.citation))
        for r in rows[:MOST_EXPLAINED])
    left = len(rows) - MOST_EXPLAINED
    more = f"{left} more lines of this depth, and all deeper ones," if left > 0 else "Deeper lines"
    return Grid(fields, lines, note=f"{more} are in the explain report and the workbook's sheet "
                "Explain.")


def _attribution(pack: Pack, outcome: DesignOutcome) -> list[Block]:
    """Return the holdings and levers the design's risk comes from."""
    name, unit = outcome.margin.name, pack.run.currency
    found = pack.beneath.of(name)
    if found is None:
        return [missing(f"{name} keeps today's silos: its risk is attributed by the tree above.")]
    return [
        grid_of(attribution_table(found.holdings, name, unit),
                (("name", 1.3), ("account", 0.7), "euler", "share", "marginal", ("hedge", 0.6)),
                MOST_OFFSETS,
                title=f"Risk of {outcome.margin.title or name} by holding: Euler shares add up, "
                "released amounts do not"),
        grid_of(levers_table(found.levers, outcome.bridge, unit),
                (("lever", 1.6), "in_order", "shapley", "difference"),
                title="What each lever moves: in the bridge's order, and averaged over every "
                "order (Shapley)")]


def _offsets(outcome: DesignOutcome, run: Run) -> list[Block]:
    if not outcome.ledger:
        return [missing(f"{outcome.margin.title or outcome.margin.name} considered no offset.")]
    granted = sorted((o for o in outcome.ledger if o.status != "denied"), key=lambda o: o.amount)
    denied = sorted((o for o in outcome.ledger if o.status == "denied"),
                    key=lambda o: -o.would_save)
    blocks: list[Block] = []
    matrix = heat_map(outcome.ledger)
    if len(matrix.labels) > 1:
        blocks.append(Chart(
            f"Offsets by pair ({run.currency}; negative saves, purple; blank: never a hedge)",
            heat_picture(matrix)))
    title = outcome.margin.title or outcome.margin.name
    for name, rows in (("granted", granted), ("denied", denied)):
        shown = rows[:MOST_OFFSETS]
        left = len(rows) - len(shown)
        more = f"{left} smaller ones, and every test in full" if left else "Every test in full"
        note = f"{more}: workbook, sheet Ledger {outcome.margin.name}."
        if shown:
            blocks.append(offsets_grid(shown, run.currency, f"Offsets {name} by {title}", note))
        else:
            blocks.append(missing(f"No offset was {name} by {title}."))
    return blocks


def heat_picture(matrix: HeatMap) -> Picture:
    """Return the pairs whose offsets move most, as a heat map."""
    weight = [sum(abs(cell.amount) + cell.would_save for cell in row) for row in matrix.cells]
    heaviest = sorted(range(len(weight)), key=lambda n: -weight[n])[:MOST_LEGS]
    places = sorted(heaviest)
    names = [f"{number}  {matrix.labels[n]}" for number, n in enumerate(places, start=1)]
    heads = [str(number) for number in range(1, len(names) + 1)]
    cells = [[float(matrix.cells[i][j].amount) if matrix.cells[i][j].status else None
              for j in places] for i in places]
    return heat.heat_map(names, heads, cells, PAGE_WIDTH, "Offsets by pair of legs")


def offsets_grid(offsets: Sequence[Offset], unit: str, title: str, note: str = "") -> Grid:
    """Return offsets with decision, figures tested, reason and dollars."""
    fields = (Field("Between", 1.2, lines=3), Field("Decision", 0.55),
              Field("Reason", 1.8, lines=3), Field("Tested", 1.3, lines=5),
              Field(f"Effect ({unit})", number=True), Field(f"Would save ({unit})", number=True))
    rows = tuple((text_cell(" / ".join(o.between)),
                  text_cell(o.status, state_colour(o.status), bold=True), text_cell(o.reason),
                  text_cell("; ".join(f"{name} {figure}" for name, figure in o.tests)),
                  amount_cell(o.amount), amount_cell(o.would_save if o.would_save else None))
                 for o in offsets)
    return Grid(fields, rows, title, note)


def _today_offsets(run: Run) -> list[Block]:
    table = silo_offsets_table(run)
    if not table.rows:
        return [missing("Today's rulebooks found no offset inside a silo.")]
    order = sorted(range(len(table.rows)), key=lambda n: table.rows[n].amount)
    return [grid_of(table, (("between", 1.4), ("accounts", 0.7), ("status", 0.6), ("reason", 1.6),
                            "amount", "would_save"), MOST_OFFSETS,
                    title="Offsets inside today's silos", rows=order, lines=3)]


def change(pack: Pack) -> Section:
    """Return the bridge from the last review, and what moved beneath it."""
    changes = pack.changes
    title = "Change since the last review"
    if changes is None:
        return Section(title, (missing(
            "No earlier review was given. `crossmargin review FILE --previous OLD` explains the "
            "change by positions, prices, exchange rates, time, parameters and rules."),))
    return Section(title, change_blocks(changes))


def _tests_title(run: Run, *, failed: bool) -> str:
    """Name the tests shown; where cash is not stated none is claimed to be met."""
    if run.without_cash:
        unknown = f"not known for {', '.join(run.without_cash)}: {CASH_NOT_STATED}"
        return f"Tests of equity{' that fail now' if failed else ''}; {unknown}"
    return "Tests of equity that fail now" if failed else "Tests of equity, all met now"


def change_blocks(changes: Changes) -> tuple[Block, ...]:
    """Return the bridges of book and accounts, and the lists of what moved."""
    table = changes_table(changes)
    causes = tuple(f"cause_{n}" for n in range(len(changes.causes)))
    of_book = [n for n, row in enumerate(table.rows) if row.account == "whole book"]
    by_account = [n for n, row in enumerate(table.rows)
                  if row.account != "whole book" and row.change]
    blocks: list[Block] = [
        Prose(f"From {changes.client} as of {changes.before_as_of} (inputs "
              f"{changes.before_sha256[:16]}) to {changes.after_as_of}, in {changes.currency}. "
              "Each cause is measured with those left of it already at their later state; the "
              "causes add up to the change exactly.", "note"),
        grid_of(table, (("name", 1.0), "before", *causes, "after", "residual"), rows=of_book,
                lines=3)]
    if by_account:
        blocks.append(grid_of(table, (("account", 1.0), "before", *causes, "after"), MOST_CHANGES,
                              title="Maintenance by account", rows=by_account))
    for part, wanted in (
            (position_changes_table(changes), (("account", 0.8), ("symbol", 1.4), ("what", 0.6),
                                               "before", "after")),
            (market_changes_table(changes), (("what", 0.8), ("symbol", 1.2), "before", "after",
                                             "move")),
            (rule_changes_table(changes), (("kind", 0.6), ("name", 1.0), ("before", 1.2),
                                           ("after", 1.2)))):
        if part.rows:
            blocks.append(grid_of(part, wanted, MOST_CHANGES, title=part.name))
        else:
            blocks.append(missing(f"{part.name}: none."))
    return (*blocks, *(Prose(note, "note") for note in changes.notes))

