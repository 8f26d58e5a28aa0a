"""Stresses with margin computed again, reverse stress, and attribution on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from workstation import __version__
from workstation.base.problem import Problem, UnusableInputError
from workstation.cascade.scenarios import scenario_names
from workstation.cli import typed
from workstation.cli.printed import json_text
from workstation.cli.what_if_commands import branched
from workstation.lab.scenarios import Shock, custom, de_peg, historical, intraday, times
from workstation.lab.stress_set import OWN
from workstation.measures.stressed import AfterShock, ReverseStress
from workstation.parameters.store import read_edition
from workstation.reports.stress_documents import (
    after_body,
    attribution_body,
    attribution_text,
    reverse_body,
    stresses_text,
)
from workstation.results.attribution_table import Attribution
from workstation.results.run import Run
from workstation.workspace.beneath import attributed_to
from workstation.workspace.designs import find_design
from workstation.workspace.review import edition_used
from workstation.workspace.session import Session
from workstation.workspace.stress import refuse_unknown
from workstation.workspace.stresses import (
    StressQuestion,
    after_shocks,
    reverse,
    stress_question,
    stresses,
)

DONE, INCOMPLETE = 0, 1
CLASSES = ("equity", "crypto", "rates", "commodity", "currency")


def stress_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin stress` takes beside the common arguments."""
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--scenario", help="joint scenario to go along, or a part of its name "
                     "(that of the review unless given)")
    sub.add_argument("--horizon", choices=("1d", "5d"), default="1d",
                     help="window of the scenario, one day (unless given) or five")
    sub.add_argument("--intraday", action="store_true",
                     help="open to low in place of the close, where it is known")
    sub.add_argument("--shock", action="append", type=typed.shock, default=[],
                     metavar="FACTOR=MOVE", help="shocks of your own in place of the scenario, "
                     "such as SPX=-10%%; may be repeated")
    sub.add_argument("--vol", action="append", type=typed.shock, default=[],
                     metavar="CLASS=POINTS", help="change of 30-day volatility of an asset class, "
                     "such as equity=20%%, with the term structure of the edition")
    sub.add_argument("--de-peg", type=typed.shock, metavar="COIN=MOVE",
                     help="a coin that loses its peg, such as USDT=-5%%")
    sub.add_argument("--at", action="append", default=[], metavar="ACCOUNT",
                     help="the de-peg is confined to this venue's account; may be repeated")
    sub.add_argument("--multiplier", type=typed.multiplier, default=1.0, metavar="X",
                     help="multiplies every move (1 unless given)")
    sub.add_argument("--only", action="store_true",
                     help="this one stress and the way along it, without the library")
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="design to compute again (those of the review unless given)")


def attribution_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin attribution` takes beside the common arguments."""
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="design to attribute (those of the review unless given)")


def _session(chosen: argparse.Namespace) -> Session:
    session = Session.from_file(chosen.file, as_of=chosen.as_of)
    session.overlays = (*session.overlays, *(read_edition(path) for path in chosen.params))
    if chosen.design:
        session.designs = tuple(find_design(name) for name in chosen.design)
    branched(session, chosen)
    return session


def stress(chosen: argparse.Namespace) -> int:
    """Put a book through stresses, margin it again, and search along one of them."""
    session = _session(chosen)
    refuse_unknown(chosen.shock, session.book, session.overlays)
    question = stress_question(session, _shock(chosen, session))
    if chosen.only:
        after, found = after_shocks(question, [(OWN, question.first)]), reverse(question)
    else:
        answer = stresses(question)
        after, found = answer.after, answer.reverse
    currency = session.book.market.currency
    print(json_text(_document(session, question, after, found)) if chosen.json
          else stresses_text(after, found, currency), end="\n" if chosen.json else "")
    unread = any(problem.severity == "error" for problem in session.problems)
    return INCOMPLETE if session.book.excluded or unread else DONE


def _shock(chosen: argparse.Namespace, session: Session) -> Shock | None:
    """Return the stress asked for; None for the review's own."""
    given = [bool(chosen.scenario), bool(chosen.shock or chosen.vol), bool(chosen.de_peg)]
    if sum(given) > 1:
        raise UnusableInputError(Problem(
            "Stress", "a scenario, own shocks and a de-peg are three stresses",
            "ask for one of them"))
    if chosen.at and not chosen.de_peg:
        raise UnusableInputError(Problem("--at", "only a de-peg is confined to an account",
                                         "add --de-peg COIN=MOVE"))
    found = _asked(chosen, session)
    if found is None and (chosen.multiplier != 1 or chosen.horizon != "1d" or chosen.intraday):
        found = historical(_scenario(session.stress.scenario), chosen.horizon)
    if found is not None and chosen.intraday:
        found = intraday(found)
    return found if found is None or chosen.multiplier == 1 else times(found, chosen.multiplier)


def _asked(chosen: argparse.Namespace, session: Session) -> Shock | None:
    if chosen.scenario:
        return historical(_scenario(chosen.scenario, chosen.horizon), chosen.horizon)
    if chosen.de_peg:
        _known(chosen.at, [a.account_id for a in session.book.accounts], "--at")
        coin, move = chosen.de_peg
        return de_peg(coin.upper(), move, tuple(chosen.at))
    if chosen.shock or chosen.vol:
        _known([name for name, _ in chosen.vol], CLASSES, "--vol")
        return custom(dict(chosen.shock), "own shocks", dict(chosen.vol))
    return None


def _known(names: list[str], known: list[str] | tuple[str, ...], where: str) -> None:
    for name in names:
        if name not in known:
            raise UnusableInputError(Problem(where, f"there is no {name!r}",
                                             f"name one of: {', '.join(known)}"))


def _scenario(wanted: str, horizon: str = "1d") -> str:
    names = scenario_names(horizon)
    found = [name for name in names if wanted.casefold() in name.casefold()]
    if wanted in names or len(found) == 1:
        return wanted if wanted in names else found[0]
    near = found or get_close_matches(wanted, names, 3, 0.3)
    raise UnusableInputError(Problem(
        "Scenario", f"{wanted!r} names {'several' if found else 'none'} of the scenarios",
        f"name one of: {', '.join(near or names)}"))


def _document(session: Session, question: StressQuestion, after: tuple[AfterShock, ...],
              found: tuple[ReverseStress, ...]) -> Mapping[str, Any]:
    return {**_envelope("crossmargin.stress/1", session, question), "along": question.first.name,
            "stresses": [after_body(row) for row in after],
            "reverse_stress": [reverse_body(row) for row in found]}


def _envelope(schema: str, session: Session, question: StressQuestion) -> Mapping[str, Any]:
    book = session.book
    used = map(edition_used, question.rules.used())
    return {
        "schema": schema, "as_of": book.as_of.isoformat(), "product_version": __version__,
        "inputs": {item.name: sha256(item.content).hexdigest() for item in session.inputs},
        "parameters": {edition.rule: edition.edition for edition in used},
        "client": book.name, "currency": book.market.currency,
        "complete": not book.excluded}


def attribution(chosen: argparse.Namespace) -> int:
    """Say which holdings a design's requirement comes from, and what each would release."""
    session = _session(chosen)
    run = session.review()
    found = tuple(_attributed(session, run))
    if chosen.json:
        print(json_text({
            **_envelope("crossmargin.attribution/1", session, stress_question(session)),
            "parameters": {e.rule: e.edition for e in run.editions}, "complete": run.complete,
            "designs": [attribution_body(item) for item in found]}))
    else:
        print("\n\n".join(attribution_text(item, outcome.bridge, run.currency) for item in found
                          if (outcome := run.design(item.design)) is not None))
    return DONE if run.whole else INCOMPLETE


def _attributed(session: Session, run: Run) -> Iterator[Attribution]:
    designs = session.terms().designs
    found = [item for d in designs if (item := attributed_to(session, run, d)) is not None]
    if not found:
        raise UnusableInputError(Problem(
            "Design", f"{', '.join(d.name for d in designs)}: today's silos stand, so there is no "
            "joint risk to attribute", "name another with --design, such as single-account-scan"))
    yield from found
