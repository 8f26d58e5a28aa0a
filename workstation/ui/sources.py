"""Where the search looks: commands, panels, and everything the open review holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from workstation.base.wording import account_type_words
from workstation.ui.dock_host import DOCKS
from workstation.ui.finding import Entry, Source

if TYPE_CHECKING:
    from workstation.ui.main_window import MainWindow

THIS = ("help.palette", "edit.search", "edit.goto")
"""Commands that open the search itself."""


def commands(window: MainWindow) -> Source:
    """Return the declared commands, with their keys."""
    entries = [
        Entry("Command", action.text().replace("…", ""), action.statusTip(), action.trigger,
              action.shortcut().toString(), action.isEnabled())
        for id_, action in window.commands.actions.items() if id_ not in THIS]
    return lambda _: entries


def everything(window: MainWindow) -> list[Source]:
    """Return every source, in the order their finds are listed."""
    return [commands(window), partial(_docks, window), partial(_accounts, window),
            partial(_positions, window), partial(_offsets, window), partial(_findings, window),
            partial(_rules, window), partial(_topics, window)]


def positions_only(window: MainWindow) -> list[Source]:
    """Return the positions and accounts of the open review."""
    return [partial(_positions, window), partial(_accounts, window)]


def _docks(window: MainWindow, typed: str) -> Iterator[Entry]:
    for spec in DOCKS:
        yield Entry("Panel", spec.title, "show this panel",
                    partial(window.navigation.show_dock, spec.id))


def _accounts(window: MainWindow, typed: str) -> Iterator[Entry]:
    book = window.desk.book
    for account in () if book is None else book.accounts:
        kind = account_type_words(account.account_type)
        yield Entry("Account", account.account_id, f"{account.name} · {kind}",
                    partial(window.navigation.explain_account, account.account_id))


def _positions(window: MainWindow, typed: str) -> Iterator[Entry]:
    book = window.desk.book
    for position in () if book is None else book.positions:
        instrument = position.instrument
        hint = " · ".join(filter(None, (
            position.account_id, instrument.description, instrument.underlying, position.where)))
        if all(word in f"{instrument.symbol} {hint}".casefold() for word in typed.split()):
            yield Entry("Position", " ".join(instrument.symbol.split()), hint,
                        partial(window.navigation.go_to_position, position.where))


def _offsets(window: MainWindow, typed: str) -> Iterator[Entry]:
    outcome = window.desk.outcome
    if outcome is None:
        return
    for offset in outcome.ledger:
        name = " / ".join(" ".join(side.split()) for side in offset.between)
        yield Entry("Offset", name, f"{offset.status} · {offset.kind} · {offset.reason}",
                    partial(window.navigation.show_offset, offset))


def _findings(window: MainWindow, typed: str) -> Iterator[Entry]:
    if window.desk.session is None:
        return
    from workstation.ui.problems import findings

    for finding in findings(window.desk.session, window.desk.run):
        yield Entry("Problem", finding.what, f"{finding.severity} · {finding.where}",
                    partial(window.navigation.show_finding, finding.where))


@cache
def _paragraphs() -> tuple[tuple[str, str], ...]:
    from workstation.results.coverage import coverage_table

    return tuple((f"{row.rule} {row.paragraph}", f"{row.standing} · {row.answer}")
                 for row in coverage_table().rows)


def _rules(window: MainWindow, typed: str) -> Iterator[Entry]:
    run = window.desk.run
    for used in () if run is None else run.editions:
        yield Entry("Edition", f"{used.rule} {used.edition}",
                    f"in force from {used.effective:%Y-%m-%d} · {used.source}",
                    window.dialogs.editions)
    for name, hint in _paragraphs():
        yield Entry("Rule", name, hint, partial(window.dialogs.coverage, name))


def _topics(window: MainWindow, typed: str) -> Iterator[Entry]:
    from workstation.ui.help.pages import headings

    for page, anchor, title in headings():
        yield Entry("Help", title, "help", partial(window.dialogs.guide, page, anchor))
