"""What moves cost: grid, scans, past moves and replay, reverse stress, procyclicality, survival."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import accounting
from workstation.base.wording import regime_words
from workstation.reports.charts.bars import Mark, Part, bars
from workstation.reports.charts.lines import Line, Tick, line_chart
from workstation.reports.charts.shapes import Picture
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
    text_cell,
)
from workstation.reports.dossier.pack import Pack
from workstation.results.cascade_measures import (
    distances_table,
    drawn_table,
    liquidity_table,
    margin_rise_table,
    tipping_table,
)
from workstation.results.run import Run
from workstation.results.scans import ScanLine, ScanProfile
from workstation.results.stress_tables import reverse_sentence, reverse_table
from workstation.results.stressed_book import (
    GridCell,
    StressedBook,
    past_moves_table,
    replays_table,
)
from workstation.results.tables import runway_table

MOST_ROWS = 15
MOST_CHARTS = 2
MOST_PARTS = 3
CHART_HEIGHT = 150.0
NOBODY_ASKED = ("The book was not margined again after moves, nor over its history: `crossmargin "
                "review FILE`, or the window's export, does.")


def stress(pack: Pack) -> Section:
    """Return losses against margin, moves margined again, distances, and margin that rises."""
    run = pack.run
    stressed = [missing(NOBODY_ASKED)] if pack.stressed is None else [
        *_grid(pack.stressed, run.currency), *_past(pack.stressed, run.currency)]
    blocks: list[Block] = [*_losses(run), *_scans(run), *stressed]
    absent = []
    for table, wanted, title in (
            (distances_table(run), (("factor", 0.8), ("event", 1.6), ("account", 1.0), "move",
                                    ("priced", 0.8), "level", "volatilities"),
             "Reverse stress: the nearest move of one factor alone to each event"),
            (tipping_table(run), (("event", 1.6), "multiple", ("verdict", 1.2)),
             "Reverse stress along the scenario"),
            (margin_rise_table(run), (("name", 2.0), "amount"),
             "Rise of margin at the shock: what raises the client's margin"),
            (liquidity_table(run), ("multiple", "volume_left", "client_loss", "amplification",
                                    ("defaulted", 0.6)), "Larger shocks into thinner markets"),
            (drawn_table(run), (("measure", 1.6), "share", "amount"), "Drawn shocks"),
            (runway_table(run), ("within", "free", "called", "stressed", "left", "runway"),
             "Survival: free collateral by deadline against calls now and under stress")):
        if table.rows:
            blocks.append(grid_of(table, wanted, MOST_ROWS, title=title))
        else:
            absent.append(title.split(":")[0].lower())
    blocks += _reverse(pack)
    if absent:
        blocks.append(missing(
            f"Not in this review: {', '.join(dict.fromkeys(absent))}. Run the cascade step by step "
            "(`--mode dynamic`) with lots and volumes to have them."))
    return Section("Stress", tuple(blocks))


def _reverse(pack: Pack) -> list[Block]:
    """Return how far the review's shock may go before something gives, margined again."""
    found, note = pack.beneath.reverse, pack.beneath.note
    if not found:
        return [missing(note or "Reverse stress on margin computed again: the review's shock moves "
                        "nothing this book holds.")]
    return [Prose(reverse_sentence(found)), grid_of(
        reverse_table(found), (("event", 1.2), ("of", 0.8), "multiple", ("moves", 1.2),
                               ("why", 1.8)), MOST_ROWS, lines=3,
        title=f"Reverse stress on margin computed again, along {found[0].direction}")]


def _losses(run: Run) -> list[Block]:
    cascade = run.cascade
    if cascade is None or not cascade.steps:
        return []
    losses = [Part("Direct loss", cascade.direct_loss, "silo:futures"),
              Part("Loss after the cascade", cascade.total_loss, "denied", "cross")]
    return [Chart(f"{cascade.scenario}: losses against margin held today ({run.currency})",
                  bars(losses, PAGE_WIDTH, "Losses against margin",
                       Mark("maintenance today", run.silos.maintenance.amount)))]


def _scans(run: Run) -> list[Block]:
    """Return the portfolios with the largest scans, over their points."""
    profiles = sorted(run.scans, key=lambda p: -p.requirement)[:MOST_CHARTS]
    if not profiles:
        return [missing("No portfolio of this book is margined by scanning price moves.")]
    return [Chart(_scan_title(profile), scan_picture(profile)) for profile in profiles]


def _scan_title(profile: ScanProfile) -> str:
    names = _points(profile)
    worst = "no point loses" if profile.binding is None else f"worst at {names[profile.binding]}"
    lead = _leading(profile)
    moved = f" of {lead.name}" if lead is not None and profile.is_ordered else ""
    return (f"Scan of {profile.portfolio}, {profile.account_id}, "
            f"{regime_words(profile.regime)} ({profile.currency}; {worst}{moved})")


def _leading(profile: ScanProfile) -> ScanLine | None:
    """Return the part that loses or gains most, where it says its moves point by point."""
    told = [part for part in profile.parts if len(part.moves) == len(profile.points)]
    return max(told, key=lambda part: max(map(abs, part.profits), default=0.0), default=None)


def _points(profile: ScanProfile) -> tuple[str, ...]:
    """Return the points as moves of the leading part, by their numbers where it has none."""
    lead = _leading(profile)
    return profile.points if lead is None else lead.moves


def scan_picture(profile: ScanProfile) -> Picture:
    """Return a scan: lines over rising prices, bars over scenarios that have no order."""
    about = f"Scan of {profile.portfolio}"
    names = _points(profile)
    if not profile.is_ordered:
        return bars([Part(name, Decimal(repr(amount)), "denied" if n == profile.binding
                          else "accent") for n, (name, amount) in enumerate(zip(
                              names, profile.total, strict=True))], PAGE_WIDTH, about)
    parts = sorted(profile.parts, key=lambda part: -max(map(abs, part.profits), default=0.0))
    lines = [Line("counted", profile.total)]
    lines += [Line(part.name, part.profits) for part in parts[:MOST_PARTS]
              if len(part.profits) == len(profile.total)]
    marks = () if profile.binding is None else (Tick("worst", profile.binding),)
    return line_chart(names, lines, PAGE_WIDTH, CHART_HEIGHT, about, accounting, marks=marks)


def _grid(found: StressedBook, unit: str) -> list[Block]:
    """Return profit and requirement at every pair of price move and change of volatility."""
    cells = {(cell.move, cell.volatility): cell for cell in found.grid}
    if not any(cell.profit for cell in cells.values()):
        return [missing("No grid: nothing in the book moves with prices.")] if cells else []
    moves = tuple(dict.fromkeys(move for move, _ in cells))
    levels = tuple(dict.fromkeys(level for _, level in cells))
    note = f"Together: {found.moving}" if found.moving else ""
    return [
        _matrix(f"Profit ({unit})", moves, levels, cells, "profit",
                "Grid: all prices and 30-day volatility move together; the client's profit"),
        _matrix(f"Requirement ({unit})", moves, levels, cells, "silos",
                "Grid: what today's rules ask for there, margined again", note)]


def _matrix(corner: str, moves: tuple[float, ...], levels: tuple[float, ...],
            cells: dict[tuple[float, float], GridCell], what: str, title: str, note: str = ""
            ) -> Grid:
    fields = (Field(corner, 1.0), *(Field(f"{move:+.0%}" if move else "unmoved", number=True)
                                    for move in moves))
    rows = tuple((text_cell(f"volatility {100 * level:+.0f}" if level else "volatility unmoved"),
                  *(_amount(getattr(cells[move, level], what)) for move in moves))
                 for level in levels)
    return Grid(fields, rows, title, note, whole=True)


def _amount(value: float) -> Cell:
    return amount_cell(value, colour="denied" if value < 0 else "text")


def _past(found: StressedBook, unit: str) -> list[Block]:
    """Return the book after joint moves of the past, and its margin over its own history."""
    blocks: list[Block] = []
    if found.moves:
        table = past_moves_table(found, unit)
        last = ("design",) if found.design else ()
        blocks += [
            grid_of(table, (("scenario", 1.3), "profit", "equity", "silos", "rise", "called",
                            *last), title="Historical: today's book after joint moves, margined "
                    "again; correlations to one takes every factor's worst at once"),
            Prose(table.about, "note")]
    if found.replays:
        blocks.append(grid_of(
            replays_table(found, unit), (
                ("title", 1.2), ("window", 1.4), "days", "exceedances", ("zone", 0.4),
                "worst_loss", "uncovered", "peak_to_trough", "rise"), lines=3,
            title="Replay: was the margin enough over the book's own history, and how much did "
                  "it move (procyclicality)"))
    return [*blocks, *(missing(note) for note in found.notes)]
