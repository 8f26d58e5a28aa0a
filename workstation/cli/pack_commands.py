"""Commands around the review pack: comparing, deciding, notices and explanations."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from workstation.base.money import accounting
from workstation.base.problem import Problem, UnusableInputError
from workstation.cli.printed import json_text
from workstation.cli.risk_files import add_params_file
from workstation.measures.account_status import CASH_NOT_STATED
from workstation.reports.change_documents import changes_document, changes_text
from workstation.reports.lines import counted
from workstation.reports.notice_documents import notice_document
from workstation.reports.paper import PAGES
from workstation.reports.standing import Status
from workstation.reports.template import Template, read_template
from workstation.results.run import Run
from workstation.workspace.approval import decide, new_version
from workstation.workspace.changes import compare
from workstation.workspace.opening import open_with_files
from workstation.workspace.pack import EXPLAIN, write_change, write_notices, write_pack
from workstation.workspace.previous import of_session, read_reviewed
from workstation.workspace.reconciling import reconciled
from workstation.workspace.session import PROJECT_SUFFIX, Session, review_file

DONE, INCOMPLETE = 0, 1
STATES = {"reviewed": Status.REVIEWED, "approved": Status.APPROVED}


def paper(sub: argparse.ArgumentParser) -> None:
    """Declare the paper and the firm's template."""
    sub.add_argument("--template", type=Path, metavar="FILE",
                     help="the firm's template: name, logo, reviewer, disclaimer (.toml)")
    sub.add_argument("--page", choices=PAGES, default=PAGES[0], help="paper of the PDF")


def compare_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare `compare`."""
    for name, told in (("before", "earlier"), ("after", "later")):
        sub.add_argument(name, type=Path,
                         help=f"{told} review: project, review.json or position file")
    sub.add_argument("--out", type=Path, help="folder for change.json, change.xlsx, change.pdf")
    paper(sub)
    sub.add_argument("--json", action="store_true", help="print the document")


def compare_reviews(arguments: argparse.Namespace) -> int:
    """Print why requirements changed from one review to another; write the report if asked."""
    changes = compare(read_reviewed(arguments.before), read_reviewed(arguments.after))
    print(json_text(changes_document(changes)) if arguments.json
          else changes_text(changes))
    if arguments.out is not None:
        written = write_change(changes, arguments.out, arguments.page, arguments.template)
        if not arguments.json:
            print("wrote " + ", ".join(str(item) for item in written))
    return DONE


def notice_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare `notice`."""
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--account", metavar="ID", help="one account; every account called otherwise")
    sub.add_argument("--out", type=Path, help="folder of the notices as PDF, XML and JSON")
    paper(sub)
    add_params_file(sub)
    sub.add_argument("--json", action="store_true", help="print the documents")


def notice(arguments: argparse.Namespace) -> int:
    """Print the margin calls of a book; write a notice for each if asked."""
    session = open_with_files(arguments.file, arguments.params_file)
    run = session.settled()
    if arguments.account is not None and run.status(arguments.account) is None:
        raise UnusableInputError(Problem(
            "--account", f"{arguments.account!r} is not an account with equity",
            f"name one of: {', '.join(s.account_id for s in run.statuses)}"))
    template = Template() if arguments.template is None else read_template(arguments.template)
    found = session.notices(template, arguments.account)
    if arguments.json:
        print(json_text([notice_document(item) for item in found]))
    else:
        lines = [f"{item.account_id}: {item.test} call {accounting(item.called)} "
                 f"{item.currency}, due {item.due}" for item in found]
        print("\n".join([*(lines or ["No account is called."]), *_unknown(run)]))
    if arguments.out is not None and found:
        for path in write_notices(found, arguments.out, arguments.page, template):
            print(f"wrote {path}", file=sys.stderr)
    return DONE if run.whole else INCOMPLETE


def _unknown(run: Run) -> list[str]:
    """Say why more may be called than is known."""
    said = []
    if run.without_cash:
        said.append(f"Not known for {', '.join(run.without_cash)}: {CASH_NOT_STATED}.")
    if run.excluded:
        said.append(f"INCOMPLETE: {counted(len(run.excluded), 'position')} excluded; "
                    "`crossmargin margin FILE` lists them.")
    return said


def explain_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare `explain`."""
    sub.add_argument("file", type=Path, help="position file or saved review")
    sub.add_argument("--previous", type=Path, metavar="OLD", help="earlier review to bridge from")
    sub.add_argument("--stated", type=Path, metavar="BROKER",
                     help="sheet or CSV of a broker's or clearing house's requirements, to be set "
                     "beside ours")
    sub.add_argument("--out", type=Path, default=Path(), help="folder of explain.pdf")
    paper(sub)
    add_params_file(sub)


def explain(arguments: argparse.Namespace) -> int:
    """Write the explain report of a book."""
    session = open_with_files(arguments.file, arguments.params_file)
    run = session.settled()
    template = Template() if arguments.template is None else read_template(arguments.template)
    changes = None if arguments.previous is None else compare(
        read_reviewed(arguments.previous), of_session(session))
    pack = session.pack(template, changes)
    if arguments.stated is not None:
        found, stated = reconciled(run, arguments.stated, session.overlays)
        pack = replace(pack, reconciled=replace(
            found, problems=(*stated.problems, *found.problems)))
    for path in write_pack(pack, arguments.out, arguments.page, (EXPLAIN,)):
        print(f"wrote {path}")
    return DONE if run.whole else INCOMPLETE


def approve_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare `approve`."""
    sub.add_argument("project", type=Path, help="saved review (.crossmargin)")
    sub.add_argument("--as", dest="author", required=True, metavar="NAME",
                     help="who takes the decision")
    sub.add_argument("--to", choices=tuple(STATES), default="approved",
                     help="reviewed: by its preparer; approved: by someone else (the default)")
    sub.add_argument("--conditions", default="", metavar="TEXT", help="conditions of the decision")


def approve(arguments: argparse.Namespace) -> int:
    """Take a decision on a saved review and save it."""
    session = _project(arguments.project)
    if session.run is None:
        session.run = session.review()
    standing = decide(session, STATES[arguments.to], arguments.author, arguments.conditions)
    session.save()
    last = standing.decisions[-1]
    print(f"{arguments.project.name}: {last.status.lower()} by {last.author}")
    return DONE


def revise_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare `revise`."""
    sub.add_argument("project", type=Path, help="saved review (.crossmargin)")
    sub.add_argument("--out", type=Path, required=True, metavar="PROJECT",
                     help="file of the new version; the approved one stays as it is")


def revise(arguments: argparse.Namespace) -> int:
    """Write the draft of the next version beside the approved review."""
    session = _project(arguments.project)
    target = review_file(arguments.out)
    if target.exists():
        raise UnusableInputError(Problem(str(target), "the file exists already",
                                         "choose another name"))
    new_version(session)
    print(f"wrote {session.save(target)}, a draft")
    return DONE


def _project(path: Path) -> Session:
    if path.suffix.lower() != PROJECT_SUFFIX:
        raise UnusableInputError(Problem(
            str(path), "only a saved review can be decided on",
            "save it first: crossmargin review FILE --save NAME.crossmargin"))
    return Session.from_file(path)
