"""What can go wrong: stress, collateral, liquidity and cascade."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import accounting
from workstation.collateral.report import LotState
from workstation.reports.charts.bars import Mark, Part, bars, stacked
from workstation.reports.charts.lines import Band, Line, Tick, line_chart
from workstation.reports.charts.shapes import Hatch, Picture
from workstation.reports.dossier.blocks import (
    PAGE_WIDTH,
    Block,
    Bullets,
    Chart,
    Prose,
    Section,
    grid_of,
    missing,
)
from workstation.reports.dossier.pack import Pack
from workstation.reports.lines import cash_doubt, client_calls, loss_text, sentences
from workstation.results.cascade_measures import (
    amplifiers_table,
    contagion_table,
    drawn_table,
    factor_losses_table,
    halts_table,
    liquidity_table,
    margin_rise_table,
    regimes_table,
    tipping_table,
)
from workstation.results.formats import percent_text
from workstation.results.run import Run
from workstation.results.scans import ScanProfile
from workstation.results.tables import (
    calls_table,
    collateral_states_table,
    distances_table,
    free_table,
    lots_table,
    matrix_table,
    moves_table,
    obligations_table,
    protection_table,
    runway_table,
)

MOST_LINES = 6
MOST_ROWS = 15
MOST_LOTS = 30
CHART_HEIGHT = 150.0
MOST_CHARTS = 2
FILLS: dict[LotState, tuple[str, Hatch]] = {
    LotState.FREE: ("granted", ""), LotState.PLEDGED: ("silo:futures", "diagonal"),
    LotState.REUSABLE: ("silo:security-based swaps", ""), LotState.REUSED: ("denied", "cross"),
    LotState.SEGREGATED: ("accent", ""), LotState.IN_TRANSIT: ("muted", "dots"),
    LotState.INELIGIBLE: ("excluded", "dots"),
}


def stress(pack: Pack) -> Section:
    """Return losses against margin, scans, distances and tipping points, margin that rises."""
    run = pack.run
    blocks: list[Block] = []
    cascade = run.cascade
    if cascade is not None and cascade.steps:
        losses = [Part("Direct loss", cascade.direct_loss, "silo:futures"),
                  Part("Loss after the cascade", cascade.total_loss, "denied", "cross")]
        blocks.append(Chart(
            f"{cascade.scenario}: losses against margin held today ({run.currency})",
            bars(losses, PAGE_WIDTH, "Losses against margin",
                 Mark("maintenance today", run.silos.maintenance.amount))))
    blocks += _scans(run)
    tables = (
        (distances_table(run), (("factor", 0.8), ("event", 1.6), ("account", 1.0), "move", "level",
                                "volatilities"),
         "Reverse stress: the nearest move of one factor alone to each event"),
        (tipping_table(run), (("event", 1.6), "multiple", ("verdict", 1.2)),
         "Reverse stress along the scenario"),
        (margin_rise_table(run), (("name", 2.0), "amount"),
         "Procyclicality: what raises the client's margin at the shock"),
        (liquidity_table(run), ("multiple", "volume_left", "client_loss", "amplification",
                                ("defaulted", 0.6)), "Larger shocks into thinner markets"),
        (drawn_table(run), (("measure", 1.6), "share", "amount"), "Drawn shocks"),
        (runway_table(run), ("within", "free", "called", "stressed", "left", "runway"),
         "Survival: free collateral by deadline against calls now and under stress"))
    absent = []
    for table, wanted, title in tables:
        if table.rows:
            blocks.append(grid_of(table, wanted, MOST_ROWS, title=title))
        else:
            absent.append(title.split(":")[0].lower())
    replayed = ("Margin replayed through history (peak to trough) is the policy lab's: "
                "`crossmargin lab FILE`; it is not part of one review.")
    if absent:
        replayed = (f"Not in this review: {', '.join(dict.fromkeys(absent))}. Run the cascade step "
                    f"by step (`--mode dynamic`) with lots and volumes to have them. {replayed}")
    blocks.append(missing(replayed))
    return Section("Stress", tuple(blocks))


def _scans(run: Run) -> list[Block]:
    """Return the portfolios with the largest scans, over their points."""
    profiles = sorted(run.scans, key=lambda p: -p.requirement)[:MOST_CHARTS]
    if not profiles:
        return [missing("No portfolio of this book is margined by scanning price moves.")]
    return [Chart(f"Scan of {p.portfolio}, {p.account_id} ({p.regime}, {p.currency}; worst point "
                  f"{p.points[p.binding] if p.binding is not None else 'none'})",
                  scan_picture(p)) for p in profiles]


def scan_picture(profile: ScanProfile) -> Picture:
    """Return a scan as lines: what is counted, and its largest parts."""
    parts = sorted(profile.parts, key=lambda part: -max(map(abs, part.profits), default=0.0))
    lines = [Line("counted", profile.total)]
    lines += [Line(part.name, part.profits) for part in parts[:3]
              if len(part.profits) == len(profile.total)]
    marks = () if profile.binding is None else (Tick("worst", profile.binding),)
    return line_chart(profile.points, lines, PAGE_WIDTH, CHART_HEIGHT,
                      f"Scan of {profile.portfolio}", accounting, marks=marks)


def collateral(pack: Pack) -> Section:
    """Return what is free, pledged, re-used and segregated, and where it should go."""
    run, report = pack.run, pack.run.collateral
    if not report.lots:
        return Section("Collateral", (missing(
            "The book names no collateral lots; add the sheets Collateral and Liens to see what "
            "is free, pledged, re-used, segregated, in transit or ineligible."),))
    ratio = report.encumbrance_ratio
    encumbered = "" if ratio is None else f"Encumbered: {percent_text(ratio)}. "
    by_day = ", ".join(f"{accounting(value)} by T+{days}" for days, value in report.free_by_lag)
    parts = [Part(str(state), value, *FILLS[state]) for state, value in report.value_by_state
             if value]
    blocks: list[Block] = [
        Prose(f"{encumbered}Free after haircut: {accounting(report.free_value)} {run.currency}"
              + (f"; deliverable {by_day}." if by_day else ".")),
        Chart(f"Collateral by state, market value ({run.currency})",
              stacked(parts, PAGE_WIDTH, "Collateral by state")),
        grid_of(collateral_states_table(run), (("state", 1.6), "value", "share")),
        grid_of(free_table(run), ("within", "value", "added"), title="Free by deadline")]
    for table, wanted, title in (
            (lots_table(run), (("lot", 0.7), ("symbol", 0.9), ("location", 1.0), "market_value",
                               "haircut", "free_value", "settlement_lag",
                               ("secured_parties", 1.2)), "Lots"),
            (protection_table(run), (("account", 1.0), "debit", "pledgeable", "fully_paid",
                                     "excess", "locked"), "Segregated by Rule 15c3-3"),
            (obligations_table(run), (("regime", 1.0), ("obligation", 1.0), "requirement",
                                      "deadline", "met", "shortfall", ("reason", 1.1)),
             "Obligations and what the lots can deliver in time"),
            (moves_table(run), (("lot", 1.0), ("obligation", 1.4), "now", "cheapest", "change"),
             "Substitutions that make today's pledges cheapest")):
        if table.rows:
            blocks.append(grid_of(table, wanted, MOST_LOTS, title=title))
    matrix = matrix_table(run)
    if matrix.rows:
        blocks.append(Prose(f"The allocation of {len(matrix.rows)} lines is in the workbook, sheet "
                            "Allocation matrix.", "note"))
    return Section("Collateral", tuple(blocks))


def cascade(pack: Pack) -> Section:
    """Return the timeline, the order of events, impact by factor, contagion, and quantiles."""
    run, result = pack.run, pack.run.cascade
    title = "Liquidity and cascade"
    if result is None or not result.steps:
        return Section(title, (missing(
            "No cascade was run: choose a scenario in the window, or run `crossmargin cascade "
            "FILE --scenario NAME`."),))
    factor = result.amplification
    times = "" if factor is None else f", amplification {factor:.2f}"
    own = client_calls(result)
    together = f", together {accounting(sum(own, Decimal(0)))}" if own else ""
    blocks: list[Block] = [
        Prose(f"{result.scenario} ({result.mode}, {result.regime}): "
              f"{loss_text('direct', result.direct_loss)}, "
              f"{loss_text('total', result.total_loss)}{times}; calls on the client "
              f"{len(own)}{together}; on other participants {len(result.calls) - len(own)}; "
              f"defaults: {', '.join(result.defaults) or 'none'}."),
        *([Prose(doubt, "warning")] if (doubt := cash_doubt(run)) else []), _timeline(run)]
    if result.triggers:
        shown = result.triggers[:MOST_ROWS]
        left = len(result.triggers) - len(shown)
        blocks.append(Bullets(shown, numbered=True))
        if left:
            blocks.append(Prose(f"{left} more steps are in review.json.", "note"))
    for table, wanted, name in (
            (factor_losses_table(run), (("factor", 1.0), "exposure", "direct_loss", "total_loss",
                                        "sold", "days_of_volume"), "Impact by factor"),
            (calls_table(run), ("step", ("participant", 1.0), "equity", "requirement", "call",
                                ("met_by", 1.4)), "Calls in order"),
            (regimes_table(run), (("title", 1.4), "requirement", "saving", "called", "sold",
                                  "total_loss", "amplification", ("defaulted", 0.5)),
             "The same shock under today's silos and every design"),
            (halts_table(run), (("market", 1.0), ("factors", 1.6), "first", "last"), "Halts"),
            (amplifiers_table(run), (("name", 1.6), "client_loss", "everyone_loss", "sold"),
             "With one amplifier switched off"),
            (contagion_table(run), (("shocked", 1.0), "shock", ("moved", 1.0), "move"),
             "Contagion through forced sales")):
        if table.rows:
            blocks.append(grid_of(table, wanted, MOST_ROWS, title=name))
    if result.monte_carlo is None:
        blocks.append(missing("Quantiles of the loss need drawn shocks: `crossmargin cascade FILE "
                              "--mode dynamic --paths N`."))
    if result.assumptions:
        blocks.append(Prose("Assumptions: " + sentences(result.assumptions), "note"))
    return Section(title, tuple(blocks))


def _timeline(run: Run) -> Chart:
    """Return the prices that fell most, step by step, halts shaded and calls marked."""
    result = run.cascade
    assert result is not None
    first = result.steps[0].prices
    moves = [tuple(step.prices[n] / start - 1 if start else 0.0 for step in result.steps)
             for n, start in enumerate(first)]
    order = sorted(range(len(moves)), key=lambda n: -max(map(abs, moves[n])))[:MOST_LINES]
    lines = [Line(result.factors[n], moves[n]) for n in order if any(moves[n])]
    client = result.participants[0] if result.participants else ""
    steps = [step.step for step in result.steps]
    called = sorted({call.step for call in result.calls if call.participant == client})
    marks = [Tick("call", steps.index(step)) for step in called[:4] if step in steps]
    bands = [Band(f"halt {halt.market}", halt.step, halt.step + halt.steps - 1)
             for halt in result.halts[:3] if halt.step < len(steps)]
    picture = line_chart([str(step) for step in steps], lines, PAGE_WIDTH, CHART_HEIGHT,
                         "Prices step by step", percent_text, bands=bands, marks=marks)
    return Chart("Timeline: price moves by step, the largest; client calls marked, halts shaded",
                 picture)
