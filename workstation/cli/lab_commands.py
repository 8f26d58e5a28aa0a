"""The policy lab on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from workstation.base.files import writing
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, part_of, silent
from workstation.cascade.scenarios import scenario_names
from workstation.cli import typed
from workstation.cli.printed import json_text
from workstation.cli.risk_files import add_params_file
from workstation.harmonised.design import Design, shipped
from workstation.importers.margin_histories import read_margin_histories
from workstation.lab.experiment import DAYS, DEFAULT_STRESS, Settings, experiment
from workstation.lab.result import Findings
from workstation.lab.sample_history import SAMPLE, sample_history
from workstation.lab.scenarios import custom
from workstation.market.history import History
from workstation.market.history_files import read_histories
from workstation.reports.lab_documents import lab_document
from workstation.reports.lab_text import lab_text
from workstation.reports.lab_workbook import write_evidence
from workstation.rulebooks.span.margin_history import MarginHistories
from workstation.workspace.designs import find_design
from workstation.workspace.opening import open_with_files
from workstation.workspace.session import Session

DONE, INCOMPLETE = 0, 1


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin lab` takes."""
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE",
                     help="position file or saved review")
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="design to compare (all shipped ones unless given)")
    sub.add_argument("--scenario", default=DEFAULT_STRESS, help="joint scenario of the cascades")
    sub.add_argument("--shock", action="append", type=typed.shock, default=[],
                     metavar="FACTOR=MOVE",
                     help="shocks of your own in place of the scenario, such as SPX=-10%%")
    sub.add_argument("--days", type=typed.count, default=DAYS, metavar="N",
                     help="last dates of the history to replay")
    sub.add_argument("--marks", choices=("rolled", "held"), default="rolled",
                     help="marks and volatilities of the replay: rolled through history (unless "
                     "given), or held as today; positions are held always")
    sub.add_argument("--history", action="append", default=[], metavar="CSV",
                     help="history for books without one: files of date and close named after "
                          f"their factor, or {SAMPLE!r} for a synthetic one")
    sub.add_argument("--margin-history", type=Path, metavar="CSV",
                     help="published margin changes (symbol, date, initial, maintenance), replayed "
                          "for the futures held (that of a saved review unless given)")
    add_params_file(sub)
    sub.add_argument("--evidence", type=Path, metavar="CSV_OR_XLSX",
                     help="write every figure with its topic, window and seed")
    sub.add_argument("--json", action="store_true", help="print the document instead of text")


def lab(chosen: argparse.Namespace) -> int:
    """Compare designs on books: efficiency, coverage, cyclicality, dynamics, protection."""
    sessions = [open_with_files(path, chosen.params_file) for path in chosen.files]
    kept = next((s.margin_histories for s in sessions if s.margin_histories is not None), None)
    settings = Settings(_scenario(chosen.scenario), max(1, chosen.days),
                        _history(chosen.history),
                        custom(dict(chosen.shock), "own shocks") if chosen.shock else None,
                        rolled=chosen.marks == "rolled",
                        margins=_margins(chosen.margin_history) or kept)
    designs = tuple(find_design(name) for name in chosen.design) or tuple(shipped().values())
    findings = _findings(sessions, designs, settings, _progress(chosen))
    if chosen.evidence:
        _write(chosen.evidence, findings)
    inputs = {item.name: sha256(item.content).hexdigest()
              for session in sessions for item in session.inputs}
    inputs |= {file.name: file.sha256 for session in sessions for file in session.risk_files}
    print(json_text(lab_document(findings, inputs)) if chosen.json
          else lab_text(findings))
    complete = all(found.complete for book in findings.books for found in book.designs) and not any(
        problem.severity == "error" for session in sessions for problem in session.problems)
    return DONE if complete else INCOMPLETE


def _findings(sessions: Sequence[Session], designs: Sequence[Design], settings: Settings,
              progress: Progress) -> Findings:
    """Run every design on every book, each under its own rules and risk-parameter files."""
    share = 1 / len(sessions)
    found = [experiment([session.book], designs, settings,
                        part_of(progress, number * share, share), session.rule_set())
             for number, session in enumerate(sessions)]
    return replace(found[0], books=tuple(book for each in found for book in each.books))


def _scenario(wanted: str) -> str:
    found = [name for name in scenario_names() if wanted.casefold() in name.casefold()]
    if wanted not in found and len(found) != 1:
        raise UnusableInputError(Problem(
            "Scenario", f"{wanted!r} names {'none' if not found else 'several'} of the scenarios",
            f"name one of: {', '.join(scenario_names())}"))
    return wanted if wanted in found else found[0]


def _margins(path: Path | None) -> MarginHistories | None:
    if path is None:
        return None
    found = read_margin_histories(path)
    for problem in found.problems:
        print(f"crossmargin: {problem.sentence()}", file=sys.stderr)
    return found


def _history(given: list[str]) -> History | None:
    if not given:
        return None
    if SAMPLE in given:
        print("crossmargin: books without a history are replayed on a synthetic one",
              file=sys.stderr)
        return sample_history()
    read = read_histories([Path(name) for name in given])
    for problem in read.problems:
        print(f"crossmargin: {problem.sentence()}", file=sys.stderr)
    return read.history


def _progress(chosen: argparse.Namespace) -> Progress:
    """Show progress on a terminal only."""
    if chosen.json or not sys.stderr.isatty():
        return silent

    def show(done: float, doing: str) -> None:
        print(f"\r{done:4.0%} {doing:<60.60}", end="\n" if done >= 1 else "", file=sys.stderr)

    return show


def _write(path: Path, findings: Findings) -> None:
    with writing(path):
        write_evidence(findings, path)
