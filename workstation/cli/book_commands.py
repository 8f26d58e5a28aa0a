"""Commands that read a client's book."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.suggestion import meant
from workstation.cascade.dynamic_client import MODE as DYNAMIC
from workstation.cascade.episodes import preset_names
from workstation.cascade.ground import FIRMS
from workstation.cascade.regimes import SILOS
from workstation.cascade.scenarios import PRESET
from workstation.cli.printed import json_text
from workstation.cli.what_if_commands import branched
from workstation.harmonised.design import Design
from workstation.importers.write_crif import write_crif
from workstation.parameters.store import read_edition
from workstation.reports.cascade_text import cascade_text
from workstation.reports.collateral_documents import mobility_lines
from workstation.reports.collateral_text import lots_text
from workstation.reports.margin_documents import margin_document
from workstation.reports.programme_documents import programmes_document, programmes_text
from workstation.reports.review_documents import (
    cascade_document,
    collateral_document,
    design_margin_document,
)
from workstation.reports.summary import summary_text
from workstation.reports.template import Template, read_template
from workstation.reports.texts import margin_text, sentences
from workstation.workspace.changes import compare
from workstation.workspace.designs import find_design
from workstation.workspace.netting_sets import crif_of_book
from workstation.workspace.opening import open_with_files
from workstation.workspace.pack import write_pack
from workstation.workspace.previous import of_session, read_reviewed
from workstation.workspace.programmes import programmes as programme_rows
from workstation.workspace.regime import (
    HARMONISED,
    named_regime,
    one_regime,
    regime_problems,
)
from workstation.workspace.review import Stress
from workstation.workspace.session import PROJECT_SUFFIX, Session
from workstation.workspace.stress import refuse_unknown
from workstation.workspace.stressed_book import stressed_book

DONE, INCOMPLETE = 0, 1


def review(arguments: argparse.Namespace) -> int:
    """Review each file: print the summary, write the pack."""
    worst = DONE
    template = Template() if arguments.template is None else read_template(arguments.template)
    _refuse_save(arguments)
    for path, folder in zip(arguments.files, _folders(arguments.files, arguments.out), strict=True):
        session = _session(arguments, path)
        if arguments.design:
            session.designs = tuple(find_design(name) for name in arguments.design)
        branched(session, arguments)
        before = None if arguments.previous is None else read_reviewed(arguments.previous)
        run = session.settled()
        changes = None if before is None else compare(before, of_session(session))
        stressed = stressed_book(session, always=arguments.stress)
        written = write_pack(session.pack(template, changes, stressed), folder, arguments.page)
        if arguments.save is not None:
            written = (*written, session.save(arguments.save))
        print(summary_text(run))
        print("wrote " + ", ".join(str(item) for item in written))
        worst = max(worst, DONE if run.whole else INCOMPLETE)
    return worst


def _refuse_save(arguments: argparse.Namespace) -> None:
    """Refuse what cannot be saved before anything is computed or written."""
    if arguments.save is None:
        return
    if len(arguments.files) > 1:
        raise UnusableInputError(Problem("--save", "several files cannot be saved as one project",
                                         "review them one by one"))
    if arguments.save.suffix.lower() != PROJECT_SUFFIX:
        raise UnusableInputError(Problem(
            str(arguments.save), f"a saved review ends in {PROJECT_SUFFIX}",
            f"name it {arguments.save.stem}{PROJECT_SUFFIX}"))


def _folders(files: Sequence[Path], out: Path | None) -> list[Path]:
    """Return where each pack goes; books of one name are numbered, so that none overwrites."""
    if out is not None and len(files) == 1:
        return [out]
    met: Counter[str] = Counter()
    folders = []
    for path in files:
        met[path.stem] += 1
        name = path.stem if met[path.stem] == 1 else f"{path.stem}-{met[path.stem]}"
        folders.append(out / name if out is not None else Path(f"{name}-review"))
    return folders


def crif(arguments: argparse.Namespace) -> int:
    """Write the sensitivities of a client's swaps accounts as a CRIF."""
    session = _session(arguments, arguments.file)
    rows, excluded = crif_of_book(session.book)
    if not len(rows):
        raise UnusableInputError(Problem(
            arguments.file.name, "no swaps account has sensitivities",
            "hold swaps or over-the-counter options in accounts of a swaps type"))
    write_crif(rows, arguments.out)
    print(f"wrote {arguments.out}: {len(rows)} rows of {len(rows.portfolios)} accounts, in USD")
    for item in excluded:
        print(f"left out {item.where}: {item.what}; {item.remedy}")
    return INCOMPLETE if excluded else DONE


def programmes(arguments: argparse.Namespace) -> int:
    """Print what each cross-margin programme admits of a client and would save."""
    session = _session(arguments, arguments.file)
    rows = programme_rows(session, customer=not arguments.house)
    if not rows:
        raise UnusableInputError(Problem(
            arguments.file.name, "no edition of the programmes is in force on the review date",
            "choose a later review date with --as-of"))
    document = programmes_document(rows, session.book.market.currency, session.book.as_of)
    _print(arguments, document, programmes_text(document))
    return DONE


def margin(arguments: argparse.Namespace) -> int:
    """Print one regime for the book."""
    session = _session(arguments, arguments.file)
    branched(session, arguments)
    regime = named_regime(arguments.regime)
    if regime == HARMONISED:
        session.designs = (find_design(arguments.design),)
        run = session.review()
        outcome = run.designs[0]
        document = design_margin_document(run, outcome)
        text, complete = margin_text(document), outcome.margin.complete
    else:
        answer, stamp = one_regime(session, regime)
        document = margin_document(answer, stamp, regime_problems(session, answer))
        text, complete = margin_text(document), answer.complete
    _print(arguments, document, text)
    unread = any(problem["severity"] == "error" for problem in document["problems"])
    return DONE if complete and not unread else INCOMPLETE


def collateral(arguments: argparse.Namespace) -> int:
    """Print the encumbrance report."""
    run = _session(arguments, arguments.file).review()
    document = collateral_document(run)
    _print(arguments, document, "\n".join([
        *lots_text(run.collateral), *mobility_lines(run.collateral),
        *sentences(document["problems"])]))
    return DONE if run.whole else INCOMPLETE


def cascade(arguments: argparse.Namespace) -> int:
    """Print the cascade of a named scenario or of shocks given on the line."""
    session = _session(arguments, arguments.file)
    shocks = tuple(arguments.shock)
    if arguments.replay is None and not shocks and arguments.scenario is None:
        raise UnusableInputError(Problem(
            "Shock", "nothing says what happens",
            "add --scenario NAME, --shock FACTOR=MOVE or --replay FIRST LAST"))
    if arguments.design:
        session.designs = tuple(find_design(name) for name in arguments.design)
    session.stress = _stress(arguments, shocks, session.designs)
    refuse_unknown(shocks, session.book, session.overlays)
    stepwise = (arguments.paths, arguments.over, arguments.under != SILOS, arguments.replay,
                arguments.credit_line, arguments.failed_firm, arguments.sell != "pro-rata",
                arguments.venue_move)
    if arguments.mode != DYNAMIC and any(stepwise):
        raise UnusableInputError(Problem(
            "Mode", "--under, --over, --paths, --replay, --credit-line, --failed-firm, --sell and "
            "--venue-move are read step by step only", "add --mode dynamic"))
    run = session.review()
    if run.cascade is None:
        raise UnusableInputError(Problem(
            str(arguments.file), "the book holds no positions to run a cascade on",
            "open a file with positions"))
    if not run.cascade.steps:
        raise UnusableInputError(*run.cascade.problems)
    _print(arguments, cascade_document(run), cascade_text(run, run.cascade))
    return DONE if run.whole else INCOMPLETE


def _stress(arguments: argparse.Namespace, shocks: tuple[tuple[str, float], ...],
            designs: Sequence[Design]) -> Stress:
    named = "custom" if arguments.scenario is None else _scenario(arguments.scenario)
    replay = arguments.replay and tuple(day.isoformat() for day in arguments.replay)
    return Stress(
        named, arguments.multiplier, shocks, arguments.mode, _under(arguments.under, designs),
        arguments.paths, arguments.seed, arguments.over, replay,
        FIRMS.join(arguments.failed_firm),
        arguments.credit_line, arguments.sell.replace("-", " "), tuple(arguments.venue_move))


def _under(wanted: str, designs: Sequence[Design]) -> str:
    names = (SILOS, *(design.name for design in designs))
    if wanted not in names:
        raise UnusableInputError(Problem(
            "Regime", f"{wanted!r} is neither silos nor a design of this review",
            f"name one of: {', '.join(names)}"))
    return wanted


def _scenario(wanted: str) -> str:
    """Find a preset by its name or a part of it; joint scenarios come before episodes."""
    names = preset_names()
    found = [name for name in names if name == wanted] or [
        name for name in names if wanted.lower() in name.lower()]
    found = [name for name in found if not name.startswith(PRESET)] or found
    if len(found) != 1:
        raise UnusableInputError(Problem(
            "Scenario", f"{wanted!r} names {'none' if not found else 'several'} of the scenarios",
            f"{'' if found else meant(wanted, _parts(names))}name one of: "
            f"{', '.join(found or names)}"))
    return found[0]


def _parts(names: Sequence[str]) -> list[str]:
    """Return the names and their words, by which a scenario may be asked for as well."""
    return [*names, *dict.fromkeys(word for name in names for word in name.split()
                                   if word.isalpha())]


def _session(arguments: argparse.Namespace, path: Path) -> Session:
    session = open_with_files(path, arguments.params_file, arguments.as_of)
    session.overlays = (*session.overlays, *(read_edition(p) for p in arguments.params))
    return session


def _print(arguments: argparse.Namespace, document: Mapping[str, Any], text: str) -> None:
    print(json_text(document) if arguments.json else text)


