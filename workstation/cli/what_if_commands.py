"""What-if branches on the command line: changes to a book, beside the book as it is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from workstation.base.files import writing
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.vocabulary import BASE
from workstation.book.what_if import Branch
from workstation.cli.printed import json_text
from workstation.cli.risk_files import add_params_file
from workstation.parameters.store import read_edition
from workstation.reports.what_if_documents import (
    what_if_document,
    what_if_text,
    write_what_if,
)
from workstation.results.run import Run
from workstation.workspace.branch_book import branch_named
from workstation.workspace.branch_edits import make_change, show_branch, start_branch
from workstation.workspace.designs import find_design
from workstation.workspace.opening import open_with_files
from workstation.workspace.session import Session
from workstation.workspace.what_if_text import GRAMMAR, read_operation, read_operations

DONE, INCOMPLETE = 0, 1
FIRST_NAME = "what-if"


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin what-if` takes."""
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.epilog = f"changes:\n{GRAMMAR}"
    sub.add_argument("file", type=Path, help="workbook, CSV or saved review")
    add_changes(sub, "--do")
    sub.add_argument("--branch", default="", metavar="NAME",
                     help="branch of the saved review to show or to go on from; the name of the "
                     "new one otherwise")
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="harmonised design to compare (those of the review unless given)")
    sub.add_argument("--params", type=Path, action="append", default=[], metavar="PATH",
                     help="edition file of your own numbers, laid over the shipped ones")
    add_params_file(sub)
    sub.add_argument("--out", type=Path, metavar="XLSX",
                     help="write current, change and after of every table to a workbook")
    sub.add_argument("--save", type=Path, metavar="REVIEW",
                     help="keep base and branch in a saved review (.crossmargin)")
    sub.add_argument("--json", action="store_true", help="print the document instead of text")


def add_changes(sub: argparse.ArgumentParser, flag: str = "--what-if") -> None:
    """Declare the two ways in which changes are given."""
    sub.add_argument(flag, dest="changes", action="append", default=[], metavar="CHANGE",
                     help="change of a what-if branch, such as \"scale SPY by 50%%\"; may be "
                     "repeated (crossmargin what-if --help lists them)")
    sub.add_argument("--what-if-file", type=Path, action="append", default=[], metavar="FILE",
                     help="text file of changes, one a line")


def branched(session: Session, chosen: argparse.Namespace, name: str = FIRST_NAME) -> None:
    """Put a session on the branch of the changes given on the line, if there are any."""
    texts = [*chosen.changes,
             *(text for path in chosen.what_if_file for text in read_operations(path))]
    if not texts:
        return
    if session.active != BASE or all(b.name != name for b in session.branches):
        start_branch(session, _free(session.branches, name)).apply()
    else:
        show_branch(session, name).apply()
    for text in texts:
        make_change(session, read_operation(text, session.book)).apply()


def _free(branches: Sequence[Branch], name: str) -> str:
    taken = {branch.name.casefold() for branch in branches}
    if name.casefold() not in taken:
        return name
    return next(f"{name} {n}" for n in range(2, len(taken) + 3)
                if f"{name} {n}".casefold() not in taken)


def what_if(chosen: argparse.Namespace) -> int:
    """Compute a branch beside its base."""
    session = open_with_files(chosen.file, chosen.params_file)
    session.overlays = (*session.overlays, *(read_edition(p) for p in chosen.params))
    if chosen.design:
        session.designs = tuple(find_design(name) for name in chosen.design)
    branched(session, chosen, chosen.branch or FIRST_NAME)
    if session.active == BASE:
        _show_saved(session, chosen.branch)
    run = session.review()
    base, lineage = session.review_base(), session.lineage()
    if chosen.out is not None:
        _write(base, run, lineage, chosen.out)
    if chosen.save is not None:
        session.base_run = base
        session.save(chosen.save)
    print(json_text(what_if_document(base, run, lineage))
          if chosen.json else what_if_text(base, run, lineage), end="\n" if chosen.json else "")
    return DONE if run.whole else INCOMPLETE


def _show_saved(session: Session, name: str) -> None:
    if not name:
        known = ", ".join(branch.name for branch in session.branches)
        raise UnusableInputError(Problem(
            "What-if", "no change is given", f"name a branch of the review ({known})" if known
            else "give one with --do, such as --do \"close SPY\""))
    branch_named(session.branches, name)
    show_branch(session, name).apply()


def _write(base: Run, run: Run, lineage: Sequence[Branch], path: Path) -> None:
    with writing(path):
        write_what_if(base, run, lineage, path)
