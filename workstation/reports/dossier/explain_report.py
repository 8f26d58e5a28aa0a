"""The explain report: six views of each number, the offsets ledger, distances, and the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from workstation.base.explain import Citation, Explained
from workstation.base.money import accounting
from workstation.base.wording import made_words
from workstation.book.what_if import branch_of
from workstation.reports.dispute import ALONE
from workstation.reports.dossier.blocks import (
    Block,
    Cell,
    Field,
    Grid,
    Prose,
    Report,
    Section,
    amount_cell,
    grid_of,
    missing,
    text_cell,
)
from workstation.reports.dossier.margins import change_blocks, offsets_grid
from workstation.reports.dossier.pack import Pack, footer, proposal
from workstation.results.breaks_table import breaks_table
from workstation.results.record_tables import explain_table
from workstation.results.run import Run
from workstation.results.tables import (
    account_tests_table,
    accounts_status_table,
    bridge_table,
    distances_table,
    stand_alone_table,
    triggers_table,
)

MOST_LINES = 400
MOST_ROWS = 80


def explain_report(pack: Pack) -> Report:
    """Return the report that follows every amount to its rule and its inputs."""
    run, template = pack.run, pack.template
    trees = _trees(run)
    sections = (
        *(Section(f"(a) Levels: {name}", (_tree(name, node, run.currency),))
          for name, node in trees),
        _bridge(pack), _attribution(pack), _counterfactual(pack), _rules(trees), _posted(pack),
        _ledger(pack), _distances(run))
    return Report(
        title=run.book.name, kind="Explain report", subject=f"As of {run.as_of}. Amounts in "
        f"{run.currency}. Every line is the sum, maximum or minimum of those one level below.",
        author=template.firm or "Crossmargin", status=str(pack.standing.status),
        sections=sections, footer=footer(run, pack.standing.status), firm=template.firm,
        logo=template.logo, disclaimer=template.disclaimer, currency=run.currency,
        what_if=branch_of(run.book.name))


def _trees(run: Run) -> tuple[tuple[str, Explained], ...]:
    return (("today, maintenance", run.silos.maintenance), ("today, initial", run.silos.initial),
            *((d.margin.title or f"design {d.margin.name}", d.margin.requirement)
              for d in run.designs))


def _tree(name: str, node: Explained, currency: str) -> Block:
    rows = explain_table(name, node, currency).rows
    fields = (Field("Line", 1.6, lines=3), Field("Made by", 0.6),
              Field(f"Amount ({currency})", number=True), Field("Rule", 1.0, lines=3),
              Field("Inputs", 1.6, lines=4))
    shown = rows[:MOST_LINES]
    cells = tuple(
        (text_cell(f"{'· ' * r.level}{r.label}", bold=not r.level),
         text_cell(made_words(r.combine, r.binding)),
         amount_cell(r.amount, bold=not r.level), text_cell(r.citation), text_cell(r.inputs))
        for r in shown)
    left = len(rows) - len(shown)
    return Grid(fields, cells, note=f"{left:,} deeper lines are in the workbook, sheet Explain."
                if left else "")


def _bridge(pack: Pack) -> Section:
    title = "(b) Bridge from the last review"
    if pack.changes is None:
        return Section(title, (missing("No earlier review was given (`--previous OLD`)."),))
    return Section(title, change_blocks(pack.changes))


def _attribution(pack: Pack) -> Section:
    """Return each position by itself, and the steps from there to today and to the design."""
    run, outcome = pack.run, proposal(pack.run)
    table = stand_alone_table(run)
    order = sorted(range(len(table.rows)), key=lambda n: -abs(table.rows[n].amount or 0))
    blocks: list[Block] = [Prose(
        "Method: stand-alone requirements, which do not add up to the whole; the bridge below "
        "takes off what netting saves. Where a worst scenario ties or a floor binds, no "
        "attribution is unique.", "note")]
    if table.rows:
        blocks.append(grid_of(table, (("account", 0.8), ("symbol", 1.4), "amount", ("where", 0.8)),
                              MOST_ROWS, rows=order))
    if outcome is not None:
        blocks.append(grid_of(bridge_table(outcome, run.currency), (
            ("label", 1.4), ("kind", 0.5), "amount", "level", ("note", 1.2))))
    return Section("(c) Attribution", tuple(blocks))


def _counterfactual(pack: Pack) -> Section:
    """Return what each denied offset would have been worth, and what would change the answer."""
    outcome = proposal(pack.run)
    title = "(d) What if an offset were granted, or taken away"
    rows = [] if outcome is None else sorted(
        outcome.ledger, key=lambda o: -max(abs(o.amount), o.would_save))
    if not rows:
        return Section(title, (missing("No offset was considered."),))
    unit = pack.run.currency
    fields = (Field("Offset", 1.4, lines=3), Field(f"Without it, more ({unit})", number=True),
              Field(f"Granted in full, less ({unit})", number=True),
              Field("What would change the answer", 1.6, lines=3))
    cells = tuple((text_cell(" / ".join(o.between)), amount_cell(-o.amount if o.amount else None),
                   amount_cell(o.would_save or None), text_cell(o.barrier))
                  for o in rows[:MOST_ROWS])
    return Section(title, (Grid(fields, cells),))


def _rules(trees: tuple[tuple[str, Explained], ...]) -> Section:
    """Return every rule paragraph used, with its edition, its standing and how often."""
    used: dict[Citation, int] = defaultdict(int)
    for cite in _citations(trees):
        used[cite] += 1
    fields = (Field("Rule", 1.4), Field("Paragraph", 1.0), Field("Edition", 0.8),
              Field("Standing", 0.8), Field("Lines", number=True))
    rows = tuple((text_cell(c.rule), text_cell(c.paragraph), text_cell(c.edition),
                  text_cell("to confirm" if c.standing == "unverified" else c.standing,
                            "partial" if c.standing == "unverified" else "text"),
                  Cell(f"{count:,}"))
                 for c, count in sorted(used.items(), key=lambda pair: str(pair[0])))
    if not rows:
        return Section("(e) Rules used", (missing("No line cites a rule."),))
    return Section("(e) Rules used", (Grid(fields, rows),))


def _citations(trees: tuple[tuple[str, Explained], ...]) -> Iterator[Citation]:
    for _, node in trees:
        yield from (line.cite for _, line in node.walk() if line.cite is not None)


def _posted(pack: Pack) -> Section:
    """Return what each account holds against what is asked of it."""
    run = pack.run
    blocks = _stated(pack)
    if run.statuses:
        blocks.insert(0, grid_of(accounts_status_table(run), (
            ("account", 0.8), "equity", "required", "excess", "call", ("notes", 1.6)), lines=4))
        blocks.insert(1, grid_of(account_tests_table(run), (
            ("account", 0.8), ("test", 1.0), "required", "excess", "call", ("condition", 1.2),
            ("citation", 1.2)), MOST_ROWS, title="Every test of equity", lines=4))
    total = run.collateral.free_value
    blocks.append(Prose(f"Collateral free after haircut: {accounting(total)} {run.currency}.",
                        "note"))
    return Section("(f) Held against asked", tuple(blocks))


def _stated(pack: Pack) -> list[Block]:
    """Return our figures beside those a broker or clearing house states, with tested causes."""
    found = pack.reconciled
    if found is None:
        return [missing("A broker's or clearing house's own figures stand beside ours where they "
                        "are given: `crossmargin explain FILE --stated BROKER`.")]
    ours, theirs = found.totals
    return [
        grid_of(breaks_table(found), (
            ("account", 0.7), ("symbol", 0.9), ("status", 0.7), "ours", "stated", "difference",
            ("likely", 2.2)), MOST_ROWS, lines=4,
            title=f"Ours {accounting(ours)} against stated {accounting(theirs)} "
                  f"{found.currency}, figure by figure"),
        Prose(ALONE, "note"),
        *(missing(problem.sentence()) for problem in found.problems)]


def _ledger(pack: Pack) -> Section:
    run = pack.run
    blocks: list[Block] = []
    for outcome in run.designs:
        if outcome.ledger:
            left = len(outcome.ledger) - MOST_ROWS
            blocks.append(offsets_grid(
                outcome.ledger[:MOST_ROWS], run.currency, outcome.margin.title
                or outcome.margin.name, f"{left} more are in the workbook, sheet Ledger "
                f"{outcome.margin.name}." if left > 0 else ""))
    if run.silos.offsets:
        blocks.append(offsets_grid(run.silos.offsets[:MOST_ROWS], run.currency, "Today's silos"))
    return Section("Offsets ledger", tuple(blocks) or (missing("No offset was considered."),))


def _distances(run: Run) -> Section:
    blocks: list[Block] = []
    if run.triggers:
        blocks.append(grid_of(distances_table(run), (
            ("factor", 0.8), ("event", 1.6), ("account", 1.0), "move",
            ("priced", 0.8), "level", "volatilities")))
    prices = triggers_table(run)
    if prices.rows:
        blocks.append(grid_of(prices, (("account", 0.8), ("symbol", 1.2), "price", "move",
                                       ("reason", 1.6)), MOST_ROWS,
                              title="Price of each position alone that brings a call"))
    return Section("Distance to trigger", tuple(blocks) or (
        missing("No move searched brings a call, or the file states no equity."),))
