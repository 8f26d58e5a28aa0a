"""Draft, reviewed, approved: who may decide what, and what a stored decision still covers.

The maker marks a review as reviewed; the checker, who is someone else, approves it. Each decision
stands in the audit chain with the hash of the result it was taken on: a result that changed since
is a draft again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workstation.base.problem import Problem, UnusableInputError
from workstation.projects.audit import AuditEntry, verify_audit
from workstation.projects.contents import Approval
from workstation.projects.state import run_codec
from workstation.reports.standing import Decision, Standing, Status
from workstation.results.run import Run

if TYPE_CHECKING:
    from workstation.workspace.session import Session

LONGEST_NAME = 120


def run_sha256(run: Run) -> str:
    """Return the hash of a whole result: what a decision is taken on."""
    return hashlib.sha256(run_codec().encode(run)).hexdigest()


def standing_of(approvals: Sequence[Approval], audit: Sequence[AuditEntry],
                run: Run | None) -> Standing:
    """Return where a review stands; a decision counts while chain and result bear it out."""
    if not approvals or run is None or verify_audit(audit) is not None:
        return Standing()
    sha = run_sha256(run)
    noted = {(entry.action, entry.detail) for entry in audit}
    kept: list[Decision] = []
    for approval in approvals:
        status = Status(approval.decision)
        if (status.lower(), _detail(approval, sha)) in noted and _may_follow(kept, approval):
            kept.append(Decision(approval.author, approval.at, status, approval.conditions))
    return Standing(kept[-1].status, tuple(kept)) if kept else Standing()


def _may_follow(kept: Sequence[Decision], approval: Approval) -> bool:
    """Say whether a decision follows the one before: approval by another than the reviewer."""
    if approval.decision != Status.APPROVED:
        return True
    return bool(kept) and kept[-1].status is Status.REVIEWED and not _same(
        kept[-1].author, approval.author)


def _detail(approval: Approval, sha: str) -> str:
    conditions = f"; conditions: {approval.conditions}" if approval.conditions else ""
    return f"by {approval.author} at {approval.at.isoformat()}{conditions}; result {sha}"


def decide(session: Session, status: Status, author: str, conditions: str = "") -> Standing:
    """Take a decision on the session's result; raises UnusableInputError where it may not be taken.

    The decision is part of the session until `save` puts it on the disk.
    """
    name = " ".join(author.split())
    run = session.run
    _refuse_unfit(session, status, name)
    assert run is not None
    approval = Approval(datetime.now(UTC), name, str(status), " ".join(conditions.split()))
    session.note(status.lower(), _detail(approval, run_sha256(run)))
    session.approvals = (*session.approvals, approval)
    return session.standing


def _refuse_unfit(session: Session, status: Status, name: str) -> None:
    standing = session.standing
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _refusal("a decision needs the name of who takes it", "give it with --as NAME")
    if session.run is None:
        raise _refusal("there is no result to decide on", "compute the review first")
    if verify_audit(session.audit) is not None:
        raise _refusal("its audit trail was changed", "compare with an earlier copy of the file")
    if standing.status is Status.APPROVED:
        last = standing.last(Status.APPROVED)
        raise _refusal(f"it was approved by {last.author if last else 'someone'} and is read-only",
                       "start a new version to change it")
    if status is Status.DRAFT:
        raise _refusal("a draft is not a decision", "choose reviewed or approved")
    if status is Status.APPROVED:
        _refuse_approval(standing, name)


def _refuse_approval(standing: Standing, name: str) -> None:
    made = standing.last(Status.REVIEWED)
    if made is None:
        raise _refusal("it is a draft: nobody has marked this result as reviewed",
                       "let its preparer mark it as reviewed first (--to reviewed)")
    if _same(made.author, name):
        raise _refusal(f"{name} prepared it, and who prepared a review may not approve it",
                       "let someone else approve it")


def new_version(session: Session) -> None:
    """Turn a review into the draft of its next version, to be saved under another name."""
    last = session.standing.decisions[-1:] or ()
    told = f"from one {last[0].status.lower()} by {last[0].author}" if last else "from a draft"
    session.approvals = ()
    session.project_path = None
    session.note("new version", told)


def _same(one: str, other: str) -> bool:
    """Say whether two names are the same person's, however they are typed."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> list[str]:
    """Return the words of a name in one order, without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return sorted("".join(c if c.isalnum() else " " for c in bare).split())


def _refusal(what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem("Review", what, remedy, "error"))
