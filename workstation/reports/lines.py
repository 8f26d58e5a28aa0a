"""Lines of the plain-text summaries: aligned columns, one hundred characters at most."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from decimal import Decimal

from workstation.base.money import accounting
from workstation.cascade.result import CascadeResult, Trigger
from workstation.measures.account_status import CASH_NOT_STATED
from workstation.results.formats import level_text, percent_text
from workstation.results.run import Run

WIDTH = 100
NAME_WIDTH = 28
KIND_WIDTH = 22
AMOUNT_WIDTH = 19
SHARE_WIDTH = 10


def row(label: str, kind: str, first: str, second: str, share: str = "") -> str:
    """Return one line of a table; names are cut, numbers never, and none runs into the next."""
    return (f"{_named(label, kind)}{first:>{AMOUNT_WIDTH}} {second:>{AMOUNT_WIDTH - 1}}"
            f"{share:>{SHARE_WIDTH}}").rstrip()


def amounts_row(label: str, kind: str, *amounts: str) -> str:
    """Return one line of three amounts or so, in the width of the others."""
    width = (WIDTH - NAME_WIDTH - KIND_WIDTH - 2) // max(1, len(amounts)) - 1
    return (_named(label, kind) + " ".join(f"{text:>{width}}" for text in amounts)).rstrip()


def _named(label: str, kind: str) -> str:
    return f"{cut(label, NAME_WIDTH):<{NAME_WIDTH}} {cut(kind, KIND_WIDTH):<{KIND_WIDTH}} "


def cut(text: str, width: int) -> str:
    """Return a name that fits."""
    return text if len(text) <= width else text[: width - 1] + "…"


def money_text(value: Decimal | float | None) -> str:
    """Return an amount, blank where there is none."""
    return "" if value is None else accounting(value)


def wrapped(text: str, indent: str = "") -> list[str]:
    """Return a sentence on as many lines as it needs."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def cash_doubt(run: Run) -> str:
    """Say what a cascade takes for nothing because the file does not state it; empty if it does."""
    if not run.without_cash:
        return ""
    return (f"Its calls and defaults take the cash of {', '.join(run.without_cash)} as nothing: "
            f"{CASH_NOT_STATED}.")


def sentences(texts: Iterable[str]) -> str:
    """Return texts as one paragraph, each closed by a full stop."""
    return " ".join(text if text.endswith(".") else f"{text}." for text in texts)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where there is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def client_calls(cascade: CascadeResult) -> list[Decimal]:
    """Return the calls on the client itself, the first of the participants."""
    client = cascade.participants[0] if cascade.participants else ""
    return [call.call for call in cascade.calls if call.participant == client]


def loss_text(kind: str, loss: Decimal) -> str:
    """Return a loss in words; a negative loss is a gain."""
    return f"{kind} {'loss' if loss >= 0 else 'gain'} {accounting(abs(loss))}"


def trigger_text(trigger: Trigger) -> str:
    """Return what one factor alone brings about, and how far it is."""
    event = f"{trigger.event} at {trigger.account}"
    if not trigger.move:
        return f"{event}: already now, before any move"
    way = "falls" if trigger.move < 0 else "rises"
    there = f"to {level_text(trigger.level)}"
    if trigger.priced != trigger.factor:
        there = f"({trigger.priced} {there})"
    return f"{trigger.factor} {way} {percent_text(abs(trigger.move))} {there}: {event}"
