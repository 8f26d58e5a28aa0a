"""Tables of the cheapest delivery: the matrix with its prices, obligations, moves, estates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

from workstation.collateral.plan import Plan
from workstation.results.formats import money, percent, whole, words
from workstation.results.run import Run
from workstation.results.table import Table

ZERO = Decimal(0)
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One obligation of one regime: asked, met, short and why, and the price of one more."""

    regime: str
    obligation: str
    holder: str
    requirement: Decimal
    deadline: int
    met: Decimal
    shortfall: Decimal
    reason: str
    price: Decimal | None
    excess: Decimal | None
    barred: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One change from what is pledged now to the cheapest."""

    lot: str
    obligation: str
    now: Decimal
    cheapest: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True)
class EstateRow:
    """Where a part of a lot falls if its holder fails, with the loss the recovery leaves."""

    holder: str
    lot: str
    symbol: str
    part: str
    estate: str
    claim: str
    value: Decimal
    recovery: Decimal
    loss: Decimal
    citation: str


@dataclass(frozen=True, slots=True)
class RunwayRow:
    """What is free by a deadline against calls now and under stress.

    `runway` is what is free under stress over the stressed call, None without a call.
    """

    within: int
    free: Decimal
    called: Decimal
    stressed: Decimal
    left: Decimal
    runway: Decimal | None
    free_stressed: Decimal


def _per_million(price: Decimal | None) -> Decimal | None:
    return None if price is None else price * MILLION


def matrix_table(run: Run, regime: str = "silos") -> Table:
    """Return which lot goes to which obligation; the last rows are the prices and shortfalls."""
    found = run.collateral.mobility
    plan = None if found is None else found.plan(regime)
    obligations = () if plan is None else plan.obligations
    columns = (
        words("Lot", "lot"), words("Symbol", "symbol"), words("Pledged for", "pledged_for"),
        money(f"Available ({run.currency})", "available", "market value"),
        *(money(f"{row.name} ({run.currency})", f"to_{n}", f"due in {row.deadline} business days")
          for n, row in enumerate(obligations)),
        money(f"Left ({run.currency})", "left"),
        money("Worth of 1m more, a year", "worth", "what one more million of the lot would save"),
    )
    rows = () if plan is None else (*_matrix_rows(plan), *_price_rows(plan))
    return Table("Allocation matrix", columns, rows,
                 "The cheapest delivery at market value, by house terms; the rows below say what "
                 "is asked after haircut, what is short, and what one more million costs a year.")


def _matrix_rows(plan: Plan) -> list[SimpleNamespace]:
    """Return one row a part of a lot; what is given of a lot is split over its parts in order."""
    places = {row.name: n for n, row in enumerate(plan.obligations)}
    given = {(d.part, places[d.obligation]): d.market_value for d in plan.deliveries}
    return [
        SimpleNamespace(
            lot=source.lot, symbol=source.symbol, pledged_for=source.pledged_for,
            available=source.available, left=source.available - source.given,
            worth=_per_million(source.price),
            **{f"to_{n}": given.get((number, n)) for n in range(len(places))})
        for number, source in enumerate(plan.sources)]


def _price_rows(plan: Plan) -> list[SimpleNamespace]:
    asked = ("asked after haircut", {n: o.requirement for n, o in enumerate(plan.obligations)})
    short = ("short", {n: o.shortfall or None for n, o in enumerate(plan.obligations)})
    price = ("1m more costs a year",
             {n: _per_million(o.price) for n, o in enumerate(plan.obligations)})
    return [
        SimpleNamespace(lot=name, symbol="", pledged_for="", available=None, left=None, worth=None,
                        **{f"to_{n}": value for n, value in values.items()})
        for name, values in (asked, short, price)]


def obligations_table(run: Run) -> Table:
    """Return every obligation under every regime with its shortfall, the reason and its price."""
    found = run.collateral.mobility
    unit = run.currency
    rows = () if found is None else tuple(
        ObligationRow(plan.title, row.name, row.holder, row.requirement, row.deadline, row.met,
                      row.shortfall, row.reason, _per_million(row.price), row.excess,
                      "; ".join(f"{lot}: {why}" for lot, why in row.barred))
        for plan in found.plans for row in plan.obligations)
    columns = (
        words("Regime", "regime"), words("Obligation", "obligation"), words("Holder", "holder"),
        money(f"Requirement ({unit})", "requirement", "in full, no credit for positions' equity"),
        whole("Due in (days)", "deadline", "business days"),
        money(f"Met ({unit})", "met"), money(f"Short ({unit})", "shortfall"),
        words("What binds", "reason"),
        money("1m more costs, a year", "price"),
        money(f"Account's excess today ({unit})", "excess", "equity above maintenance"),
        words("Lots that cannot go there", "barred"),
    )
    return Table("Margin obligations", columns, rows,
                 "What each obligation asks, what the lots can deliver in time, and at what price; "
                 "terms are the house's.")


def moves_table(run: Run) -> Table:
    """Return what to move so that today's pledges cost least."""
    found = run.collateral.mobility
    regret = None if found is None else found.regret
    unit = run.currency
    rows = () if regret is None else tuple(
        MoveRow(m.lot, m.obligation, m.now, m.cheapest, m.change) for m in regret.moves)
    columns = (words("Lot", "lot"), words("Obligation", "obligation"),
               money(f"Pledged now ({unit})", "now"), money(f"Cheapest ({unit})", "cheapest"),
               money(f"Change ({unit})", "change"))
    return Table("Collateral substitutions", columns, rows,
                 "Changes from what is pledged now to the cheapest cover of the same value.")


def estates_table(run: Run) -> Table:
    """Return where each part of each lot falls if the firm that holds it fails."""
    unit = run.currency
    rows = tuple(EstateRow(e.holder, e.lot, e.symbol, e.part, e.estate, e.claim, e.value,
                           e.recovery, e.value * (1 - e.recovery), str(e.cite))
                 for e in run.collateral.estates)
    columns = (
        words("If it fails", "holder"), words("Lot", "lot"), words("Symbol", "symbol"),
        words("Part", "part"), words("Estate", "estate"), words("Claim", "claim"),
        money(f"Market value ({unit})", "value", total=True), percent("Recovery (%)", "recovery"),
        money(f"Loss ({unit})", "loss", total=True), words("Citation", "citation"))
    return Table("Collateral in insolvency", columns, rows,
                 "Which account class or estate each part of each lot falls into if its holder "
                 "fails; recoveries are house assumptions.")


def runway_table(run: Run) -> Table:
    """Return what is free by each deadline against the calls due by then, now and stressed."""
    unit = run.currency
    columns = (
        whole("Within (business days)", "within"),
        money(f"Free after haircut ({unit})", "free", "cumulative, at today's prices"),
        money(f"Free under stress ({unit})", "free_stressed",
              "re-priced in the scenario, haircuts wider, pegs lost, wrong-way lots counted less"),
        money(f"Called now ({unit})", "called", "calls of accounts below maintenance"),
        money(f"Called under stress ({unit})", "stressed",
              "the client's first calls in the scenario of the cascade"),
        money(f"Left under stress ({unit})", "left", "stressed value less the stressed call"),
        percent("Covers (%)", "runway", "free under stress over the stressed call"))
    return Table("Collateral runway", columns, tuple(runway_rows(run)),
                 "Free collateral by deadline against today's calls and the first calls of the "
                 "scenario, re-priced in the same scenario and wherever it is accepted.")


def runway_rows(run: Run) -> list[RunwayRow]:
    """Return what is free by each deadline against the calls."""
    now = sum((status.call for status in run.statuses), ZERO)
    called = max(stressed_call(run), now)
    lots = run.collateral.stressed
    found = []
    for days, free in run.collateral.free_by_lag:
        left = free if not lots else sum(
            (lot.free_stressed for lot in lots if lot.settlement_lag <= days), ZERO)
        found.append(RunwayRow(days, free, now, called, left - called,
                               left / called if called else None, left))
    return found


def stressed_lots_table(run: Run) -> Table:
    """Return every lot with something free, re-priced in the scenario."""
    unit = run.currency
    columns = (
        words("Lot", "lot"), words("Symbol", "symbol"),
        whole("Within (business days)", "settlement_lag"),
        money(f"Free now ({unit})", "free_now", total=True),
        percent("Move (%)", "move", "of its mark in the scenario"),
        percent("Haircut then (%)", "haircut"),
        money(f"Free under stress ({unit})", "free_stressed", total=True),
        words("What changes it", "why"))
    return Table("Collateral under stress", columns, run.collateral.stressed,
                 "Free lots re-priced in the scenario of the cascade.")


def stressed_call(run: Run) -> Decimal:
    """Return what the client is called for in the first step of the scenario that calls it."""
    cascade = run.cascade
    own = [] if cascade is None else [
        call for call in cascade.calls if call.participant == cascade.participants[0]]
    first = min((call.step for call in own), default=0)
    return sum((call.call for call in own if call.step == first), ZERO)
