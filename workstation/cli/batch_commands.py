"""Every book of a folder at once, on this machine or on a cluster."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from workstation.base.files import writing
from workstation.base.problem import Problem, UnusableInputError
from workstation.cli import typed
from workstation.cli.printed import json_text
from workstation.harmonised.design import shipped_by_default
from workstation.reports.league_documents import league_document, league_text, write_league
from workstation.results.league import BookOutcome, League, ranked
from workstation.workspace.batch import Done, Order, orders, run_locally
from workstation.workspace.cluster import run_on_cluster
from workstation.workspace.designs import find_design

DONE, INCOMPLETE = 0, 1
TODAY = "today"


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin batch` takes beside --as-of, --params and --json."""
    sub.add_argument("folder", type=Path, help="folder of client files; not searched deeper")
    sub.add_argument("--scheduler", metavar="ADDRESS",
                     help="Dask scheduler to review on (local processes unless given)")
    sub.add_argument("--workers", type=typed.count, default=0, metavar="N",
                     help="local processes (one per processor unless given)")
    sub.add_argument("--design", action="append", default=[], metavar="NAME_OR_FILE",
                     help="design to compare; the first one ranks the league")
    sub.add_argument("--out", type=Path, metavar="DIR",
                     help="folder of the packs and the league table (FOLDER-review unless given)")


def batch(chosen: argparse.Namespace) -> int:
    """Review every book of a folder; one pack each, and the league table."""
    names = tuple(chosen.design)
    designs = [find_design(name).name for name in names] or [
        design.name for design in shipped_by_default()]
    ranking = next((name for name in designs if name != TODAY), designs[0])
    out = chosen.out or Path(f"{chosen.folder.resolve().name}-review")
    wanted, skipped = orders(chosen.folder, out, Order(
        Path(), Path(), chosen.as_of, names, tuple(chosen.params), tuple(chosen.params_file)))
    done = _progress(len(wanted))
    outcomes = run_on_cluster(wanted, chosen.scheduler, done) if chosen.scheduler else (
        run_locally(wanted, done, max(0, chosen.workers)))
    league = ranked(ranking, outcomes, skipped)
    written = _write(league, out)
    print(json_text(league_document(league)) if chosen.json
          else league_text(league))
    if not chosen.json:
        print("wrote " + ", ".join(str(path) for path in written))
    if all(outcome.status == "failed" for outcome in league.books):
        raise UnusableInputError(Problem(
            str(chosen.folder), f"none of the {len(wanted)} books could be reviewed",
            f"see {written[0]} for the reason of each"))
    return DONE if all(o.status == "complete" for o in league.books) else INCOMPLETE


def _progress(count: int) -> Done:
    """Return what says on stderr how far the batch is."""
    ended: list[str] = []

    def done(outcome: BookOutcome) -> None:
        ended.append(outcome.file)
        spent = f", {outcome.seconds:.1f} s" if outcome.seconds else ""
        print(f"[{len(ended)}/{count}] {outcome.file}: {outcome.status}{spent}",
              file=sys.stderr, flush=True)

    return done


def _write(league: League, out: Path) -> tuple[Path, ...]:
    with writing(out, "the league table"):
        return write_league(league, out)
