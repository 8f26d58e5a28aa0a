"""Every command with its arguments, declared in one place."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from workstation import __version__
from workstation.base.suggestion import meant
from workstation.cli import (
    batch_commands,
    book_commands,
    design_commands,
    desk_commands,
    import_commands,
    lab_commands,
    pack_commands,
    reconcile_commands,
    risk_files,
    simm_commands,
    span_commands,
    stress_commands,
    typed,
    what_if_commands,
    window,
)

UNUSABLE = 2
_CHOICE = re.compile(r"invalid choice: (?P<wrong>'.*?') \(choose from (?P<names>.*)\)$")
Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """A parser that refuses a call in one sentence, with the way to the help."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with the status of an unusable call."""
        said = _choices(message.removeprefix("argument ").rstrip("."))
        self.exit(UNUSABLE, f"{self.prog}: {said}; see {self.prog} --help.\n")


def _choices(message: str) -> str:
    """Say of a word that is not among the choices which of them may have been meant."""
    found = _CHOICE.search(message)
    if found is None:
        return message
    names = [name.strip(" '") for name in found["names"].split(",")]
    return (f"{message[:found.start()]}{found['wrong']} is none of {', '.join(names)}; "
            f"{meant(found['wrong'].strip(chr(39)), names)}".rstrip("; "))


def _open(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", nargs="?", type=Path, help="workbook, CSV or saved review")
    sub.add_argument("--smoke", action="store_true",
                     help="open the window on a sample client, compute once, and close")


def _review(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE",
                     help="position file or saved review; several are reviewed one by one")
    _as_of(sub)
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="harmonised design to compare (all shipped ones unless given)")
    sub.add_argument("--out", type=Path, help="folder of the pack (FILE-review unless given)")
    sub.add_argument("--previous", type=Path, metavar="OLD",
                     help="earlier review (project, review.json or position file) to explain the "
                     "change from")
    sub.add_argument("--save", type=Path, metavar="PROJECT",
                     help="also save the review as a project (.crossmargin)")
    sub.add_argument("--stress", action="store_true",
                     help="margin the book again after moves and over its history in full above "
                     "60 positions too, which takes long")
    pack_commands.paper(sub)
    _params(sub)
    what_if_commands.add_changes(sub)


def _margin(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--regime", default="silos",
                     help="silos (default), harmonised, or one rulebook by name")
    sub.add_argument("--design", default="single-account-scan", metavar="NAME_OR_FILE",
                     help="design of --regime harmonised")
    _as_of(sub)
    _params(sub)
    what_if_commands.add_changes(sub)
    _json(sub)


def _import(sub: argparse.ArgumentParser) -> None:
    import_commands.arguments(sub)
    _as_of(sub)
    _json(sub)


def _crif(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--out", type=Path, required=True, metavar="CRIF",
                     help="the file to write, comma separated")
    _as_of(sub)
    _params(sub)


def _programmes(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--house", action="store_true",
                     help="the accounts are a firm's own, not a customer's")
    _as_of(sub)
    _params(sub)
    _json(sub)


def _collateral(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", type=Path, help="position file or saved review")
    _as_of(sub)
    _params(sub)
    _json(sub)


def _cascade(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", type=Path, help="position file or saved review")
    what = sub.add_mutually_exclusive_group()
    what.add_argument("--scenario", help="name of a joint scenario or an episode, or a part of it")
    what.add_argument("--shock", action="append", type=typed.shock, default=[],
                      metavar="FACTOR=MOVE",
                      help="relative move of a price, such as SPX=-10%% or SPX=-0.10; may be "
                      "repeated")
    sub.add_argument("--multiplier", type=typed.multiplier, default=1.0, metavar="X",
                     help="multiplies every shock (1 unless given)")
    sub.add_argument("--mode", choices=("equilibrium", "dynamic"), default="equilibrium",
                     help="equilibrium: where it ends; dynamic: step by step, with halts, what "
                     "meets each call, and silos beside every design")
    sub.add_argument("--under", default="silos", metavar="REGIME",
                     help="silos (default) or a design's name, in dynamic mode")
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="design to set beside silos (those of the review unless given)")
    sub.add_argument("--over", type=typed.count, default=0, metavar="MINUTES",
                     help="trading minutes over which the shock arrives, in dynamic mode")
    sub.add_argument("--replay", nargs=2, type=typed.iso_date, metavar=("FIRST", "LAST"),
                     help="replay these days of the book's History sheet, in dynamic mode")
    sub.add_argument("--credit-line", type=typed.amount, metavar="AMOUNT",
                     help="committed credit line that meets calls before anything is sold")
    sub.add_argument("--failed-firm", action="append", default=[], metavar="FIRM",
                     help="its accounts neither trade nor lend until they are moved; may be "
                     "repeated")
    sub.add_argument("--sell", choices=("pro-rata", "most-liquid", "least-cost"),
                     default="pro-rata",
                     help="what called accounts sell: the same share of everything (default), the "
                     "most liquid first, or first what relieves most margin for its impact")
    sub.add_argument("--venue-move", action="append", type=typed.venue_move, default=[],
                     metavar="VENUE:FACTOR=MOVE",
                     help="the factor's price at one venue or firm stands so far from its index, "
                     "such as Deribit:BTC=-5%%, in dynamic mode; may be repeated")
    sub.add_argument("--paths", type=typed.count, default=0, metavar="N",
                     help="draw N shocks and depths beside it, in dynamic mode (0 unless given)")
    sub.add_argument("--seed", type=typed.seed, default=1, metavar="S",
                     help="seed of the drawn shocks (1 unless given)")
    _as_of(sub)
    _params(sub)
    _json(sub)


def _stress(sub: argparse.ArgumentParser) -> None:
    stress_commands.stress_arguments(sub)
    _as_of(sub)
    _params(sub)
    what_if_commands.add_changes(sub)
    _json(sub)


def _attribution(sub: argparse.ArgumentParser) -> None:
    stress_commands.attribution_arguments(sub)
    _as_of(sub)
    _params(sub)
    what_if_commands.add_changes(sub)
    _json(sub)


def _parameters(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("what", choices=("list", "show", "check"),
                     help="list: every edition; show: the numbers of one rule; check: all files")
    sub.add_argument("rule", nargs="?", help="rule folder, for show")
    _as_of(sub)


def _template(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("path", type=Path, help="workbook to write (.xlsx)")


def _reconcile(sub: argparse.ArgumentParser) -> None:
    reconcile_commands.arguments(sub)
    _as_of(sub)
    _params(sub)
    _json(sub)


def _batch(sub: argparse.ArgumentParser) -> None:
    batch_commands.arguments(sub)
    _as_of(sub)
    _params(sub)
    _json(sub)


def _nothing(sub: argparse.ArgumentParser) -> None:
    _ = sub


def _as_of(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--as-of", type=typed.iso_date, metavar="YYYY-MM-DD",
                     help="review date (the file's own unless given)")


def _params(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--params", type=Path, action="append", default=[], metavar="PATH",
                     help="edition file of your own numbers, laid over the shipped ones")
    risk_files.add_params_file(sub)


def _json(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--json", action="store_true", help="print the document instead of text")


# name: (help, arguments, what runs it)
COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None], Run]] = {
    "open": ("open the window (the default)", _open, window.open_window),
    "review": ("the whole review, headless: summary, JSON, workbook, memo", _review,
               book_commands.review),
    "margin": ("one regime for the book", _margin, book_commands.margin),
    "import": ("what the importer understood of a file", _import, import_commands.import_),
    "crif": ("sensitivities of a client's swaps accounts as a CRIF file", _crif,
             book_commands.crif),
    "simm": ("sensitivity-based initial margin of every portfolio in a CRIF file",
             simm_commands.simm_arguments, simm_commands.simm),
    "schedule": ("regulatory schedule (grid) initial margin",
                 simm_commands.schedule_arguments, simm_commands.schedule),
    "span": ("scan-based requirement of each portfolio from a risk-parameter file",
             span_commands.arguments, span_commands.span),
    "programmes": ("cross-margin programmes: who may come in, what it saves, where margin lies",
                   _programmes, book_commands.programmes),
    "collateral": ("what the collateral really is, lot by lot", _collateral,
                   book_commands.collateral),
    "cascade": ("liquidation cascade of the client and the book's other participants", _cascade,
                book_commands.cascade),
    "stress": ("every stress with margin computed again, and how far one may go",
               _stress, stress_commands.stress),
    "attribution": ("which holdings a design's requirement comes from", _attribution,
                    stress_commands.attribution),
    "what-if": ("changes to a book beside the book as it is: current, change, after",
                what_if_commands.arguments, what_if_commands.what_if),
    "lab": ("designs against books: efficiency, coverage, cyclicality, dynamics, protection",
            lab_commands.arguments, lab_commands.lab),
    "reconcile": ("our requirement against a broker's: breaks, likely causes, dispute sheet",
                  _reconcile, reconcile_commands.reconcile),
    "batch": ("every book of a folder: one pack each, and a league table", _batch,
              batch_commands.batch),
    "compare": ("what changed between two reviews, cause by cause",
                pack_commands.compare_arguments, pack_commands.compare_reviews),
    "notice": ("margin calls of a book, and a notice for each", pack_commands.notice_arguments,
               pack_commands.notice),
    "explain": ("every amount down to its rule and inputs, as a report",
                pack_commands.explain_arguments, pack_commands.explain),
    "approve": ("mark a saved review as reviewed, or approve it",
                pack_commands.approve_arguments, pack_commands.approve),
    "revise": ("start the next version of an approved review",
               pack_commands.revise_arguments, pack_commands.revise),
    "designs": ("harmonised designs: list, show, check a file, start a new one",
                design_commands.arguments, design_commands.designs),
    "parameters": ("rule editions: dates, sources, unverified values", _parameters,
                   desk_commands.parameters),
    "template": ("write an empty position workbook", _template, desk_commands.template),
    "doctor": ("versions, kernel, Qt platform, fonts, writable folders", _nothing,
               desk_commands.doctor),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = Parser(
        prog="crossmargin",
        description="Offline workstation for cross-product portfolio margin. "
                    "`crossmargin FILE` opens the window on a file.")
    top.add_argument("--version", action="version", version=f"crossmargin {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (text, arguments, run) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
        arguments(sub)
        sub.set_defaults(run=run)
    return top
