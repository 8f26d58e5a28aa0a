"""`crossmargin reconcile`: our requirement against the one a broker or clearing house states."""

from __future__ import annotations

import argparse
from pathlib import Path

from workstation.base.files import writing
from workstation.cli.printed import json_text
from workstation.importers.stated_margin import StatedFile
from workstation.parameters.store import read_edition
from workstation.reports.dispute import reconcile_document, reconcile_text, write_dispute
from workstation.workspace.opening import open_with_files
from workstation.workspace.reconciling import OWN_COLUMN, reconciled

DONE, INCOMPLETE = 0, 1


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin reconcile` takes beside --as-of, --params and --json."""
    sub.add_argument("file", type=Path, help="the client's positions or a saved review")
    sub.add_argument("--stated", type=Path, metavar="FILE",
                     help="sheet or CSV of accounts (and positions) with their requirement; the "
                     "margin column of the client's own file unless given")
    sub.add_argument("--out", type=Path, metavar="DIR",
                     help="write the dispute sheet (PDF) and the break list (workbook) there")


def reconcile(chosen: argparse.Namespace) -> int:
    """Print the break list; write the dispute sheet where asked."""
    session = open_with_files(chosen.file, chosen.params_file, chosen.as_of)
    session.overlays = (*session.overlays, *(read_edition(path) for path in chosen.params))
    run = session.review() if session.run is None or chosen.params_file else session.run
    found, stated = reconciled(run, chosen.stated, session.overlays)
    document = reconcile_document(run, found, stated.name, stated.sha256)
    problems = (*stated.problems, *found.problems)
    document["problems"] = [{"where": p.where, "what": p.what, "remedy": p.remedy,
                             "severity": p.severity} for p in problems]
    print(json_text(document) if chosen.json
          else reconcile_text(found, _named(stated), problems, len(run.excluded)))
    if chosen.out is not None:
        with writing(chosen.out, "the dispute sheet"):
            written = write_dispute(run, found, stated.name, chosen.out)
        if not chosen.json:
            print("wrote " + ", ".join(map(str, written)))
    return DONE if found.agrees and run.whole else INCOMPLETE


def _named(stated: StatedFile) -> str:
    return "the file's own margin column" if stated.name == OWN_COLUMN else stated.name
