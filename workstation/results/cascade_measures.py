"""Tables around a cascade: regimes on one shock, losses by factor, halts, tipping, distances."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.cascade.result import CascadeResult, HaltSpan, Tipping
from workstation.results.cascade_chain import (
    borne_table,
    causes_table,
    deleveraged_table,
    liquidations_table,
    odds_table,
)
from workstation.results.formats import (
    level,
    money,
    percent,
    quantity,
    whole,
    words,
    yes_no,
)
from workstation.results.run import Run
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class TippingRow:
    """One event and the multiple of the shock from which it happens."""

    event: str
    multiple: float | None
    searched: float
    verdict: str


@dataclass(frozen=True, slots=True)
class HaltRow:
    """One halt, with the steps it covers."""

    market: str
    factors: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source gave towards one call."""

    step: int
    participant: str
    account: str
    source: str
    amount: Decimal


def _times(value: float) -> str:
    return f"{value:,.2f} x"


def _number(value: float) -> str:
    return f"{value:,.1f}"


def _fine(value: float) -> str:
    return f"{value:,.4f}"


def times(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of multiples."""
    return Column(heading, field, _times, True, "0.00", hint=hint)


def regimes_table(run: Run) -> Table:
    """Return capital efficiency against liquidation dynamics: one row a regime."""
    rows = run.cascade.comparison if run.cascade else ()
    unit = f"({run.currency})"
    columns = (
        words("Regime", "title"), money(f"Requirement {unit}", "requirement"),
        money(f"Saving {unit}", "saving", "against today's silos"),
        money(f"Taken out {unit}", "withdrawn", "equity withdrawn before the shock"),
        percent("Netted (%)", "offset_share", "share of risk margined net across factors"),
        money(f"Margin after, model {unit}", "model_after", "right after the shock"),
        money(f"Margin after, rulebooks {unit}", "rulebooks_after",
              "the book repriced and margined again after the shock"),
        money(f"Called {unit}", "called", "largest call of each account, added up"),
        money(f"From elsewhere {unit}", "from_elsewhere", "excess and collateral moved, no sale"),
        money(f"Forced sales {unit}", "sold", "the client's, at final prices"),
        money(f"Direct loss {unit}", "direct_loss"), money(f"Total loss {unit}", "total_loss"),
        times("Amplification", "amplification", "total over direct loss"),
        percent("Market fall (%)", "market_fall", "largest fall beyond the shock"),
        whole("Steps", "steps", "until nobody has to sell"),
        Column("Default", "defaulted", yes_no),
        times("First sale at", "first_sale",
              "multiple of the shock from which the client sells; empty: not in the search"),
    )
    return Table("Regimes compared", columns, rows,
                 "The same shock under today's silos and every design.")


def factor_losses_table(run: Run) -> Table:
    """Return the client's loss by factor and the depth of its market."""
    rows = run.cascade.factor_outcomes if run.cascade else ()
    unit = f"({run.currency})"
    columns = (
        words("Factor", "factor"), money(f"Exposure {unit}", "exposure", "gain per 100 % move"),
        money(f"Direct loss {unit}", "direct_loss", total=True),
        money(f"Total loss {unit}", "total_loss", total=True),
        quantity("Sold", "sold", "by all participants together"),
        Column("Days of volume", "days_of_volume", _fine, True, "0.0000"),
        Column("Critical leverage", "critical_leverage", _number, True, "#,##0.0",
               hint="leverage at which the client's own exit leaves no equity"),
        whole("Steps halted", "halted_steps"),
    )
    return Table("Cascade by factor", columns, rows, "Direct and total loss of the client.")


def account_losses_table(run: Run) -> Table:
    """Return every account's loss to the shock and through sales, and where it stands."""
    rows = run.cascade.account_outcomes if run.cascade else ()
    unit = f"({run.currency})"
    columns = (
        words("Participant", "participant"), words("Account", "account"),
        words("Firm or venue", "where"), money(f"Direct loss {unit}", "direct_loss"),
        money(f"Through sales {unit}", "through_sales", "net of what an insurance fund paid"),
        money(f"Received {unit}", "received", "from the participant's other accounts"),
        money(f"Equity left {unit}", "equity_left"),
        money(f"Unsettled at most {unit}", "unsettled", "proceeds of sales, at one time"))
    return Table("Cascade by account", columns, rows,
                 "Direct loss and loss through sales, without what accounts gave each other.")


def tipping_table(run: Run) -> Table:
    """Return from which multiple of the shock each event happens."""
    rows = tuple(map(_tipping, run.cascade.tipping)) if run.cascade else ()
    columns = (words("Event", "event"), times("From", "multiple", "multiple of this shock"),
               words("Verdict", "verdict"))
    return Table("Tipping points", columns, rows, "Reverse stress along this shock.")


def _tipping(tipping: Tipping) -> TippingRow:
    multiple = tipping.multiple
    if multiple is None:
        verdict = f"not up to {tipping.searched:g} times the shock"
    elif multiple == 0:
        verdict = "already before the shock"
    else:
        verdict = "under this shock" if multiple <= 1 else "not under this shock"
    return TippingRow(tipping.event, multiple, tipping.searched, verdict)


def halts_table(run: Run) -> Table:
    """Return the halts of the cascade, in order."""
    rows = tuple(map(_halt, run.cascade.halts)) if run.cascade else ()
    columns = (words("Market", "market"), words("Factors", "factors"),
               whole("From step", "first"), whole("To step", "last"))
    return Table("Halts", columns, rows, "Trading halts; sales wait until they are over.")


def _halt(halt: HaltSpan) -> HaltRow:
    return HaltRow(halt.market, ", ".join(halt.factors), halt.step, halt.step + halt.steps - 1)


def sources_table(run: Run) -> Table:
    """Return the waterfall of calls: what met each, source by source."""
    rows = _sources(run.cascade) if run.cascade else ()
    columns = (
        whole("Step", "step"), words("Participant", "participant"), words("Account", "account"),
        words("Source", "source"), money(f"Amount ({run.currency})", "amount"),
    )
    return Table("Call sources", columns, rows, "What met each call, in the order drawn on.")


def _sources(cascade: CascadeResult) -> tuple[SourceRow, ...]:
    return tuple(SourceRow(c.step, c.participant, c.account, s.source, s.amount)
                 for c in cascade.calls for s in c.sources)


def distances_table(run: Run) -> Table:
    """Return how far each factor alone is from the next call, forced sale and loss of equity."""
    columns = (
        words("Factor", "factor"), words("Event", "event"), words("Where", "account"),
        percent("Move (%)", "move", "of this factor alone"), words("Price of", "priced"),
        level("Price there", "level"),
        Column("Daily volatilities", "volatilities", _number, True, "0.0"),
    )
    return Table("Distance to call", columns, run.triggers,
                 "The nearest move of each factor alone to each event, nearest first.")


def amplifiers_table(run: Run) -> Table:
    """Return the same shock with each amplifier switched off."""
    rows = run.cascade.amplifiers if run.cascade else ()
    unit = f"({run.currency})"
    columns = (words("Variant", "name"), money(f"Client loses {unit}", "client_loss"),
               money(f"Everyone loses {unit}", "everyone_loss"),
               money(f"Client sells {unit}", "sold"), whole("Steps", "steps"))
    return Table("Amplifiers", columns, rows, "The same shock with one amplifier switched off.")


def liquidity_table(run: Run) -> Table:
    """Return losses by multiple of the shock and share of volume left."""
    rows = run.cascade.liquidity if run.cascade else ()
    columns = (times("Shock", "multiple"), percent("Volume left (%)", "volume_left"),
               money(f"Client loses ({run.currency})", "client_loss"),
               times("Amplification", "amplification", "everyone's total over direct loss"),
               Column("Default", "defaulted", yes_no))
    return Table("Shock and liquidity", columns, rows, "Larger shocks into thinner markets.")


def margin_rise_table(run: Run) -> Table:
    """Return the client's margin before and after the shock, and what changed it."""
    rows = run.cascade.margin_rise if run.cascade else ()
    columns = (words("Cause", "name"), money(f"Amount ({run.currency})", "amount"))
    return Table("Margin at the shock", columns, rows,
                 "Prices, then volatility, then correlations, then concentration charges.")


def references_table(run: Run) -> Table:
    """Return the classic models on the same book and shock."""
    rows = run.cascade.references if run.cascade else ()
    unit = f"({run.currency})"
    columns = (
        words("Participant", "participant"), money(f"Direct loss {unit}", "direct_loss"),
        money(f"Second round {unit}", "second_loss",
              "all sell back to their old leverage (Greenwood-Landier-Thesmar)"),
        percent("Systemic part (%)", "systemicness", "its part of everyone's second-round losses "
                "over everyone's equity"),
        percent("Indirect (%)", "indirect", "own second-round loss over own equity"),
        times("Leverage limit", "limit", "the client's: long holdings over today's requirement"),
        whole("Rounds of sales", "rounds"),
        money(f"Sold {unit}", "sold", "above the limit, alone in its markets (Cont-Schaanning)"),
        money(f"Equity left {unit}", "equity_left"))
    whole_part = sum(row.systemicness for row in rows)
    return Table("Reference models", columns, rows,
                 "Long holdings only, one linear market depth of a day: anchors, no forecast. "
                 f"Aggregate vulnerability {100 * whole_part:.2f} % of everyone's equity.")


def _small(value: float) -> str:
    return f"{100 * value:+.3f} %"


def contagion_table(run: Run) -> Table:
    """Return how far each factor's shock alone moves the others through forced sales."""
    rows = run.cascade.contagion if run.cascade else ()
    columns = (words("Shocked alone", "shocked"), percent("Shock (%)", "shock"),
               words("Moved by sales", "moved"),
               Column("Move (%)", "move", _small, True, "0.000%", hint="beyond its own shock"))
    return Table("Contagion", columns, rows, "Asset to asset, through forced sales.")


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One figure over the drawn shocks: a share of the paths, or an amount."""

    measure: str
    share: float | None = None
    amount: Decimal | None = None
    minutes: float | None = None


def drawn_table(run: Run) -> Table:
    """Return how often and how much over drawn shocks; no rows where none were drawn."""
    drawn = run.cascade.monte_carlo if run.cascade else None
    rows: tuple[DrawnRow, ...] = ()
    about = "No shocks were drawn."
    if drawn is not None:
        rows = (
            DrawnRow("Client is called", drawn.called), DrawnRow("Client sells", drawn.sold),
            DrawnRow("Client is left without equity", drawn.defaulted),
            DrawnRow("Mean loss", amount=drawn.mean_loss),
            *(DrawnRow("Loss not exceeded in", q.level, q.loss) for q in drawn.losses),
            *(DrawnRow(name, minutes=minutes) for name, minutes in (
                ("Median time to the first sale", drawn.first_sale_minutes),
                ("Median time until sales are over", drawn.over_minutes))
              if minutes is not None))
        about = f"{drawn.paths:,} paths drawn from seed {drawn.seed}."
    columns = (words("Measure", "measure"), percent("Share of paths (%)", "share"),
               money(f"Amount ({run.currency})", "amount"),
               Column("Minutes", "minutes", _number, True, "#,##0"))
    return Table("Drawn shocks", columns, rows, about)


def cascade_measure_tables(run: Run) -> tuple[Table, ...]:
    """Return those of these tables that have rows."""
    every = (regimes_table(run), sources_table(run), factor_losses_table(run),
             account_losses_table(run), tipping_table(run),
             halts_table(run), amplifiers_table(run), margin_rise_table(run),
             contagion_table(run), liquidity_table(run), references_table(run), drawn_table(run),
             odds_table(run), causes_table(run), liquidations_table(run),
             deleveraged_table(run), borne_table(run), distances_table(run))
    return tuple(table for table in every if table.rows)
