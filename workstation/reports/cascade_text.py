"""What the command line prints for a cascade, as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.base.money import accounting
from workstation.cascade.regimes import SILOS
from workstation.cascade.result import CascadeResult, RegimeOutcome, Tipping, Trigger
from workstation.reports.lines import loss_text, money_text, row, wrapped
from workstation.results.formats import percent_text
from workstation.results.run import Run

MOST_DISTANCES = 12


def cascade_text(run: Run, result: CascadeResult) -> str:
    """Return losses, the chain of causes, regimes, tipping points and the next triggers."""
    grown = f", amplification {result.amplification:.4f}" if result.amplification else ""
    named = "today's silos" if result.regime == SILOS else result.regime
    under = "" if result.step_minutes is None else f", under {named}"
    blocks = [
        [*wrapped(f"{result.scenario} ({result.mode}{under}): "
                  f"{loss_text('direct', result.direct_loss)}, "
                  f"{loss_text('total', result.total_loss)}{grown}"),
         *(line for chain in result.triggers for line in wrapped(chain))],
        _regimes(result), _amplifiers(result), _tipping(result.tipping),
        _drawn(result), _distances(run.triggers), _assumed(result.assumptions),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _regimes(result: CascadeResult) -> list[str]:
    if not result.comparison:
        return []
    lines = [row("REGIMES, THE SAME SHOCK", "requirement", "called", "forced sales",
                 "loss")]
    for outcome in result.comparison:
        name = "  levered" if outcome.withdrawn else outcome.regime
        lines.append(row(f"  {name}", money_text(outcome.requirement),
                         money_text(outcome.called), money_text(outcome.sold),
                         money_text(outcome.total_loss)))
        sale = ("does not have to sell in the search" if outcome.first_sale is None
                else f"sells from {outcome.first_sale:.2f} times the shock")
        grown = "" if outcome.amplification is None else (
            f"amplification {outcome.amplification:.3f}, ")
        steps = f"{outcome.steps} step{'' if outcome.steps == 1 else 's'}"
        lines += wrapped(
            f"{grown}{steps}, {percent_text(outcome.offset_share)} netted, from elsewhere "
            f"{accounting(outcome.from_elsewhere)}, client {sale}"
            f"{', default' if outcome.defaulted else ''}{_after(outcome)}", "    ")
    return lines


def _after(outcome: RegimeOutcome) -> str:
    if outcome.rulebooks_after is None or outcome.model_after is None or outcome.withdrawn:
        return ""
    return (f"; right after the shock the rules ask for {accounting(outcome.rulebooks_after)}, "
            f"the model for {accounting(outcome.model_after)}")


def _amplifiers(result: CascadeResult) -> list[str]:
    if not result.amplifiers:
        return []
    lines = [row("WITHOUT EACH AMPLIFIER", "client loses", "everyone loses", "client sells")]
    lines += [row(f"  {a.name}", money_text(a.client_loss), money_text(a.everyone_loss),
                  money_text(a.sold)) for a in result.amplifiers]
    return lines


def _tipping(points: Sequence[Tipping]) -> list[str]:
    if not points:
        return []
    lines = ["TIPPING POINTS, in multiples of this shock"]
    for point in points:
        where = (f"not up to {point.searched:g}" if point.multiple is None
                 else f"{point.multiple:.3f}")
        lines.append(f"  {point.event}: {where}")
    return lines


def _drawn(result: CascadeResult) -> list[str]:
    drawn = result.monte_carlo
    if drawn is None:
        return []
    losses = ", ".join(f"{percent_text(q.level)} {accounting(q.loss)}" for q in drawn.losses)
    soon = ("" if drawn.first_sale_minutes is None
            else f", first sale after {drawn.first_sale_minutes:,.0f} minutes (median)")
    return [f"DRAWN SHOCKS: {drawn.paths:,} paths, seed {drawn.seed}",
            *wrapped(f"called in {percent_text(drawn.called)} of paths, sells in "
                     f"{percent_text(drawn.sold)}, without equity in "
                     f"{percent_text(drawn.defaulted)}{soon}", "  "),
            *wrapped(f"loss not exceeded in {losses}", "  ")]


def _distances(triggers: Sequence[Trigger]) -> list[str]:
    if not triggers:
        return []
    lines = ["NEXT TRIGGERS, each factor moved alone"]
    lines += [f"  {trigger_text(trigger)}" for trigger in triggers[:MOST_DISTANCES]]
    if len(triggers) > MOST_DISTANCES:
        lines.append(f"  and {len(triggers) - MOST_DISTANCES} more, all listed with --json")
    return lines


def _assumed(sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return []
    return ["ASSUMPTIONS", *(line for said in sentences for line in wrapped(said, "  "))]


def trigger_text(trigger: Trigger) -> str:
    """Return one distance as a line: SPX -4.1 % call PB-1."""
    return f"{trigger.factor} {100 * trigger.move:+.1f} % {trigger.event}, {trigger.account}"
