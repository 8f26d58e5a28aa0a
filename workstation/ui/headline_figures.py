"""The five figures an analyst asks for first, as words; read from the run, never computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workstation.base.money import accounting
from workstation.base.numerals import written
from workstation.measures.account_status import CASH_NOT_STATED

if TYPE_CHECKING:
    from workstation.collateral.report import CollateralReport
    from workstation.results.run import DesignOutcome, Run

MILLION, THOUSAND = Decimal(1_000_000), Decimal(1_000)
NONE_YET = "–"
PERCENT = 100
NOT_SEARCHED = "not searched"


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure: its label, its amount, the line under it, and where it leads."""

    label: str
    amount: str = NONE_YET
    note: str = ""
    tone: str = ""
    dock: str = "margin"

    def spoken(self) -> str:
        """Return the figure as one phrase for a screen reader."""
        return ", ".join(part for part in (self.label, self.amount, self.note) if part)


def figures(run: Run | None, outcome: DesignOutcome | None, chosen: str) -> tuple[Figure, ...]:
    """Return the five figures of a run, or their empty places before there is one."""
    design = f"DESIGN: {chosen}" if chosen else "DESIGN"
    if run is None:
        return (Figure("TODAY, SILOS"), Figure(design), Figure("SAVING", dock="bridge"),
                Figure("FREE COLLATERAL", dock="collateral"),
                Figure("NEXT TRIGGER", dock="cascade"))
    return (_silos(run), _design(design, outcome), _saving(outcome),
            _free(run.collateral), _trigger(run))


def against_base(shown: tuple[Figure, ...], run: Run, outcome: DesignOutcome | None,
                 base: Run) -> tuple[Figure, ...]:
    """Return the figures of a what-if with the base's amount and the change under each."""
    then = None if outcome is None else base.design(outcome.margin.name)
    amounts: tuple[tuple[Decimal, Decimal] | None, ...] = (
        (base.silos.maintenance.amount, run.silos.maintenance.amount),
        None if then is None or outcome is None else (
            then.margin.requirement.amount, outcome.margin.requirement.amount),
        None if then is None or outcome is None else (then.saving, outcome.saving),
        (base.collateral.free_value, run.collateral.free_value), None)
    return tuple(figure if pair is None else replace(
        figure, note=f"base {accounting(pair[0])}, change {accounting(pair[1] - pair[0])}",
        tone="what-if") for figure, pair in zip(shown, amounts, strict=True))


def _incomplete(count: int) -> str:
    return f"incomplete: {count} position{'s' if count != 1 else ''} excluded"


def _silos(run: Run) -> Figure:
    note = f"{run.currency}, initial {accounting(run.silos.initial.amount)}"
    if run.complete:
        return Figure("TODAY, SILOS", accounting(run.silos.maintenance.amount), note)
    return Figure("TODAY, SILOS", accounting(run.silos.maintenance.amount),
                  _incomplete(len(run.excluded)), "warning")


def _design(label: str, outcome: DesignOutcome | None) -> Figure:
    if outcome is None:
        return Figure(label)
    margin = outcome.margin
    amount = accounting(margin.requirement.amount)
    if margin.complete:
        return Figure(label, amount, f"{margin.status}: {margin.title}")
    return Figure(label, amount, _incomplete(len(margin.excluded)), "warning")


def _saving(outcome: DesignOutcome | None) -> Figure:
    from workstation.results.formats import percent_text
    from workstation.results.tables import saving_share

    if outcome is None:
        return Figure("SAVING", dock="bridge")
    share = saving_share(outcome)
    part = "" if share is None else f"{percent_text(share)} of today"
    tone = "good" if outcome.saving > 0 else "bad" if outcome.saving < 0 else ""
    words = part if outcome.saving >= 0 else f"{part}: asks for more"
    return Figure("SAVING", accounting(outcome.saving), words, tone, "bridge")


def _free(collateral: CollateralReport) -> Figure:
    if not collateral.lots:
        return Figure("FREE COLLATERAL", NONE_YET, "no collateral lots in the file",
                      dock="collateral")
    by_lag = "  ".join(f"T+{lag} {short(value)}" for lag, value in collateral.free_by_lag[:2])
    return Figure("FREE COLLATERAL", accounting(collateral.free_value), by_lag,
                  dock="collateral")


def _trigger(run: Run) -> Figure:
    """Return the call that holds now, else the nearest move that brings one, else the stress."""
    label = "NEXT TRIGGER"
    called = max(run.statuses, key=lambda status: status.call, default=None)
    if called is not None and called.call > 0:
        test = called.first_call
        return Figure(label, accounting(called.call),
                      f"called now: {called.account_id}, {test.name if test else 'call'}", "bad",
                      "accounts")
    silent = run.without_cash
    if silent and len(silent) == len(run.statuses):
        return Figure(label, CASH_NOT_STATED, "no call is claimed", "warning", "accounts")
    figure = _nearest(run)
    if not silent:
        return figure
    others = f"{CASH_NOT_STATED}: {', '.join(silent)}"
    return replace(figure, note=f"{figure.note}; {others}" if figure.note else others)


def _nearest(run: Run) -> Figure:
    """Return the nearest event of the accounts whose cash is known, else the stress."""
    label = "NEXT TRIGGER"
    if run.triggers:
        first = run.triggers[0]
        far = "" if first.volatilities is None else (
            f", {written(format(first.volatilities, '.1f'))} daily vols")
        return Figure(label, f"{first.factor} {_signed(first.move)}",
                      f"{first.event}: {first.account}{far}", dock="cascade")
    searched = [status.distance for status in run.statuses if status.distance is not None]
    near = [(status.distance.nearest, status.account_id) for status in run.statuses
            if status.distance is not None and status.distance.nearest is not None]
    if near:
        move, account = min(near, key=lambda item: (abs(item[0]), item[1]))
        return Figure(label, f"all {_signed(float(move))}", f"call: {account}", dock="accounts")
    if searched and not any(NOT_SEARCHED in distance.note for distance in searched):
        return Figure(label, "none", "no move searched brings a call", "good", "accounts")
    return _call(run)


def _signed(move: float) -> str:
    """Write a relative move with its sign: +9.8 %."""
    return written(f"{move * PERCENT:+,.1f}").replace("-", "\N{MINUS SIGN}") + " %"


def _call(run: Run) -> Figure:
    label, cascade = "CALL UNDER STRESS", run.cascade
    if run.without_cash:
        return Figure(label, NONE_YET, "not claimed without cash", dock="cascade")
    if cascade is None or not cascade.participants:
        return Figure(label, NONE_YET, "no cascade was run", dock="cascade")
    client = cascade.participants[0]
    called = next((c for c in cascade.calls if c.participant == client and c.call > 0), None)
    if called is None:
        return Figure(label, "none", cascade.scenario, "good", "cascade")
    outcome = "default" if client in cascade.defaults else f"round {called.step}"
    return Figure(label, accounting(called.call), f"{cascade.scenario}, {outcome}", "bad",
                  "cascade")


def short(value: Decimal) -> str:
    """Write an amount in thousands or millions: 9.1m, 820k."""
    size = abs(value)
    if size >= MILLION:
        text = written(f"{size / MILLION:,.1f}") + "m"
    elif size >= THOUSAND:
        text = written(f"{size / THOUSAND:,.0f}") + "k"
    else:
        text = written(f"{size:,.0f}")
    return f"({text})" if value < 0 else text
