"""Tables on the course of a cascade: causes, sales in time, deleveraging, who bears deficits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.cascade.result import CascadeResult, Cause
from workstation.results.formats import money, percent, price, quantity, whole, words
from workstation.results.run import Run
from workstation.results.table import Column, Table

SHOCK = "the shock"


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One first call: who, caused by whose sales, through which factor."""

    step: int
    participant: str
    account: str
    caused_by: str
    factor: str
    move: float
    call: Decimal
    sold: Decimal


@dataclass(frozen=True, slots=True)
class OddsRow:
    """How often one row sells and fails over the drawn shocks."""

    participant: str
    account: str
    sold: float
    defaulted: float


def causes_table(run: Run) -> Table:
    """Return which sale moved which price and called whom."""
    cascade = run.cascade
    rows = tuple(_cause(cascade, c) for c in cascade.causes) if cascade else ()
    unit = f"({run.currency})"
    columns = (whole("Step", "step"), words("Called", "participant"), words("Account", "account"),
               words("Caused by", "caused_by"), words("Through", "factor"),
               percent("Move (%)", "move", "the shock's, or what sales did beyond it"),
               money(f"Call {unit}", "call"),
               money(f"Then sold {unit}", "sold", "over the whole cascade"))
    return Table("Causal chain", columns, rows, "First calls, each with what called it.")


def _cause(cascade: CascadeResult, cause: Cause) -> CauseRow:
    by = SHOCK if cause.parent < 0 else f"sales by {named(cascade.causes[cause.parent])}"
    return CauseRow(cause.step, cause.participant, cause.account, by, cause.factor, cause.move,
                    cause.call, cause.sold)


def named(cause: Cause) -> str:
    """Return a row's name: the participant, with its account where it has several."""
    return cause.participant if cause.account == cause.participant else (
        f"{cause.participant} {cause.account}")


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _fine(value: float) -> str:
    return f"{value:,.3f}"


def liquidations_table(run: Run) -> Table:
    """Return how long every seller takes, how much it sells, and the days of volume that is."""
    rows = run.cascade.liquidations if run.cascade else ()
    columns = (
        words("Participant", "participant"), words("Account", "account"),
        Column("First sale (min)", "first_minutes", _number, True, "#,##0",
               hint="after the shock"),
        Column("Last sale (min)", "last_minutes", _number, True, "#,##0"),
        percent("Sold (%)", "share", "of its holdings at today's prices"),
        Column("Days of volume", "days_of_volume", _fine, True, "0.000",
               hint="of its slowest factor"))
    return Table("Time to liquidation", columns, rows, "Forced sales of every participant in time.")


def deleveraged_table(run: Run) -> Table:
    """Return the positions venues closed against winners."""
    rows = run.cascade.deleveraged if run.cascade else ()
    columns = (whole("Step", "step"), words("Factor", "factor"), words("Loser", "loser"),
               words("Winner", "winner"), quantity("Quantity", "quantity", "closed for the loser"),
               price("Price", "price", "at which the loser is left with nothing"),
               money(f"Winner loses ({run.currency})", "haircut", "against the mark", total=True))
    return Table("Auto-deleveraging", columns, rows,
                 "Positions closed against winners once an insurance fund was used up.")


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One participant of the network of unpaid calls."""

    participant: str
    due: Decimal
    paid: Decimal
    claims: Decimal
    received: Decimal
    means: Decimal
    stands: str
    distress: float


def borne_table(run: Run) -> Table:
    """Return who bears the deficits left in the end."""
    rows = run.cascade.borne if run.cascade else ()
    columns = (words("Participant", "participant"), words("Account", "account"),
               words("Borne by", "layer"), money(f"Amount ({run.currency})", "amount", total=True))
    return Table("Who bears deficits", columns, rows,
                 "What liquidation left below zero, through the layers behind each account.")


def network_table(run: Run) -> Table:
    """Return who pays what of the unpaid calls, and how distress spreads."""
    unit = f"({run.currency})"
    columns = (
        words("Participant", "participant"), money(f"Owes {unit}", "due"),
        money(f"Pays {unit}", "paid", "Eisenberg-Noe; default costs by Rogers-Veraart"),
        money(f"Is owed {unit}", "claims"), money(f"Receives {unit}", "received"),
        money(f"Can pay from {unit}", "means", "the client's other accounts, with recourse; a "
              "firm's capital where the edition states it, else none"),
        words("Stands", "stands"),
        percent("Distress (%)", "distress", "DebtRank, single hit, nothing recovered"))
    rows = () if run.cascade is None else tuple(
        NetworkRow(n.participant, n.due, n.paid, n.claims, n.received, n.means,
                   "in default" if n.defaulted else "pays in full" if n.due else
                   "owes nothing", n.distress) for n in run.cascade.network)
    return Table("Clearing of unpaid calls", columns, rows,
                 "What is left unpaid in the end, cleared between the client, the firms that carry "
                 "it and the clearing house behind cleared accounts.")


def odds_table(run: Run) -> Table:
    """Return how often every participant sells and fails over the drawn shocks."""
    drawn = run.cascade.monte_carlo if run.cascade else None
    rows = () if drawn is None else tuple(
        OddsRow(o.participant, o.account, o.sold, o.defaulted) for o in drawn.odds)
    columns = (words("Participant", "participant"), words("Account", "account"),
               percent("Sells (%)", "sold", "share of drawn paths"),
               percent("No equity left (%)", "defaulted", "share of drawn paths"))
    return Table("Odds over drawn shocks", columns, rows, "Every participant over drawn shocks.")
