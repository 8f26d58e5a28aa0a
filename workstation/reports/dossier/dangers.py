"""What can go wrong: collateral, liquidity and cascade."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import accounting
from workstation.cascade.regimes import SILOS
from workstation.cascade.result import CascadeResult
from workstation.collateral.report import LotState
from workstation.reports.charts.bars import Part, stacked
from workstation.reports.charts.lines import Band, Line, Tick, line_chart
from workstation.reports.charts.shapes import Hatch
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
    factor_losses_table,
    halts_table,
    regimes_table,
)
from workstation.results.formats import percent_text
from workstation.results.run import Run
from workstation.results.tables import (
    calls_table,
    collateral_states_table,
    free_table,
    lots_table,
    matrix_table,
    moves_table,
    obligations_table,
    protection_table,
)

MOST_LINES = 6
MOST_ROWS = 15
MOST_LOTS = 30
CHART_HEIGHT = 150.0
FILLS: dict[LotState, tuple[str, Hatch]] = {
    LotState.FREE: ("granted", ""), LotState.PLEDGED: ("silo:futures", "diagonal"),
    LotState.REUSABLE: ("silo:security-based swaps", ""), LotState.REUSED: ("denied", "cross"),
    LotState.SEGREGATED: ("accent", ""), LotState.IN_TRANSIT: ("muted", "dots"),
    LotState.INELIGIBLE: ("excluded", "dots"),
}


def collateral(pack: Pack) -> Section:
    """Return what is free, pledged, re-used and segregated, and where it should go."""
    run = pack.run
    if not run.collateral.lots:
        return Section("Collateral", (missing(
            "The book names no collateral lots; add the sheets Collateral and Liens to see what "
            "is free, pledged, re-used, segregated, in transit or ineligible."),))
    blocks = [*_states(run), *_lots(run)]
    matrix = matrix_table(run)
    if matrix.rows:
        blocks.append(Prose(f"The allocation of {len(matrix.rows)} lines is in the workbook, sheet "
                            "Allocation matrix.", "note"))
    return Section("Collateral", tuple(blocks))


def _states(run: Run) -> list[Block]:
    """Return how much is encumbered, and what is free when."""
    report = run.collateral
    ratio = report.encumbrance_ratio
    encumbered = "" if ratio is None else f"Encumbered: {percent_text(ratio)}. "
    by_day = ", ".join(f"{accounting(value)} by T+{days}" for days, value in report.free_by_lag)
    parts = [Part(str(state), value, *FILLS[state]) for state, value in report.value_by_state
             if value]
    return [
        Prose(f"{encumbered}Free after haircut: {accounting(report.free_value)} {run.currency}"
              + (f"; deliverable {by_day}." if by_day else ".")),
        Chart(f"Collateral by state, market value ({run.currency})",
              stacked(parts, PAGE_WIDTH, "Collateral by state")),
        grid_of(collateral_states_table(run), (("state", 1.6), "value", "share")),
        grid_of(free_table(run), ("within", "value", "added"), title="Free by deadline")]


def _lots(run: Run) -> list[Block]:
    """Return lots, what the law locks up, what each obligation can have, and what to move."""
    tables = (
        (lots_table(run), (("lot", 0.7), ("symbol", 0.9), ("location", 1.0), "market_value",
                           "haircut", "free_value", "settlement_lag",
                           ("secured_parties", 1.2)), "Lots"),
        (protection_table(run), (("account", 1.0), "debit", "pledgeable", "fully_paid",
                                 "excess", "locked"), "Segregated by Rule 15c3-3"),
        (obligations_table(run), (("regime", 1.0), ("obligation", 1.0), "requirement",
                                  "deadline", "met", "shortfall", ("reason", 1.1)),
         "Obligations and what the lots can deliver in time"),
        (moves_table(run), (("lot", 1.0), ("obligation", 1.4), "now", "cheapest", "change"),
         "Substitutions that make today's pledges cheapest"))
    return [grid_of(table, wanted, MOST_LOTS, title=title)
            for table, wanted, title in tables if table.rows]


def cascade(pack: Pack) -> Section:
    """Return the timeline, the order of events, impact by factor, contagion, and quantiles."""
    run, result = pack.run, pack.run.cascade
    title = "Liquidity and cascade"
    if result is None or not result.steps:
        return Section(title, (missing(
            "No cascade was run: choose a scenario in the window, or run `crossmargin cascade "
            "FILE --scenario NAME`."),))
    blocks: list[Block] = [
        Prose(_summary(result)),
        *([Prose(doubt, "warning")] if (doubt := cash_doubt(run)) else []), _timeline(run),
        *_causes(result), *_played(run)]
    if result.monte_carlo is None:
        blocks.append(missing("Quantiles of the loss need drawn shocks: `crossmargin cascade FILE "
                              "--mode dynamic --paths N`."))
    if result.assumptions:
        blocks.append(Prose("Assumptions: " + sentences(result.assumptions), "note"))
    return Section(title, tuple(blocks))


def _summary(result: CascadeResult) -> str:
    factor = result.amplification
    times = "" if factor is None else f", amplification {factor:.2f}"
    own = client_calls(result)
    together = f", together {accounting(sum(own, Decimal(0)))}" if own else ""
    under = "today's silos" if result.regime == SILOS else result.regime
    return (f"{result.scenario} ({result.mode}, under {under}): "
            f"{loss_text('direct', result.direct_loss)}, "
            f"{loss_text('total', result.total_loss)}{times}; calls on the client "
            f"{len(own)}{together}; on other participants {len(result.calls) - len(own)}; "
            f"defaults: {', '.join(result.defaults) or 'none'}.")


def _causes(result: CascadeResult) -> list[Block]:
    """Return the causal chain, as far as paper wants it."""
    if not result.triggers:
        return []
    shown = result.triggers[:MOST_ROWS]
    left = len(result.triggers) - len(shown)
    more: list[Block] = [Prose(f"{left} more steps are in review.json.", "note")] if left else []
    return [Bullets(shown, numbered=True), *more]


def _played(run: Run) -> list[Block]:
    """Return impact, calls, the same shock under other regimes, halts, amplifiers, contagion."""
    tables = (
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
         "Contagion through forced sales"))
    return [grid_of(table, wanted, MOST_ROWS, title=name)
            for table, wanted, name in tables if table.rows]


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
