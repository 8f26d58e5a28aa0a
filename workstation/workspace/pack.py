"""Write the review pack of a run: memo, workbook and documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from workstation.base.files import Together, way_out
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.book.what_if import branch_of
from workstation.projects.state import book_codec
from workstation.reports.change_documents import changes_body, changes_document, exception_body
from workstation.reports.dossier.change_report import change_report
from workstation.reports.dossier.explain_report import explain_report
from workstation.reports.dossier.memo import memo
from workstation.reports.dossier.notice import notice_report
from workstation.reports.dossier.pack import Pack, data_hash
from workstation.reports.margin_documents import Document, encode
from workstation.reports.memo import memo_bytes
from workstation.reports.notice_documents import notice_document, notice_xml
from workstation.reports.pdf.render import pdf_bytes
from workstation.reports.review_documents import review_document
from workstation.reports.stress_documents import beneath_body
from workstation.reports.stressed_documents import stressed_body
from workstation.reports.template import Template, read_template
from workstation.reports.web import html_bytes
from workstation.reports.workbook import change_workbook_bytes, workbook_bytes
from workstation.results.changes import Changes
from workstation.results.notice import Notice

REVIEW, WORKBOOK, MEMO, WEB = "review.json", "review.xlsx", "memo.pdf", "memo.html"
EXPLAIN = "explain.pdf"
Writer = Callable[[Pack, str], bytes]

WRITERS: Mapping[str, tuple[str, Writer]] = {
    REVIEW: ("the document", lambda pack, _: encode(pack_document(pack)).encode()),
    WORKBOOK: ("the workbook", lambda pack, _: workbook_bytes(pack)),
    MEMO: ("the memo", memo_bytes),
    WEB: ("the web page", lambda pack, _: html_bytes(memo(pack))),
    EXPLAIN: ("the explain report", lambda pack, page: pdf_bytes(explain_report(pack), page)),
}
"""By the name of the file: what it is, and how its bytes are made for a size of paper."""
USUAL = (REVIEW, WORKBOOK, MEMO, WEB)


def pack_document(pack: Pack) -> Document:
    """Return the whole review as JSON: figures, book, standing, exceptions, and what changed."""
    standing, changes = pack.standing, pack.changes
    return {
        **review_document(pack.run),
        "what_if": branch_of(pack.run.book.name) or None,
        "inputs_sha256": data_hash(pack.run),
        "status": str(standing.status).lower(),
        "decisions": [{"status": str(d.status).lower(), "by": d.author, "at": d.at.isoformat(),
                       "conditions": d.conditions} for d in standing.decisions],
        "exceptions": [exception_body(row) for row in pack.exceptions],
        "changes": None if changes is None else changes_body(changes),
        "stressed": None if pack.stressed is None else stressed_body(pack.stressed),
        **beneath_body(pack.beneath),
        "book": book_codec().plain(pack.run.book),
    }


def write_pack(pack: Pack, folder: Path, page: str = "A4", parts: Sequence[str] = USUAL,
               progress: Progress = silent) -> tuple[Path, ...]:
    """Write parts of a pack into `folder` (made if needed) and return their paths.

    The files appear together or not at all. Raises UnusableInputError with the way out where the
    folder cannot be written, is full, or a file of it is open elsewhere.
    """
    return _written(folder, {
        name: (what, partial(make, pack, page))
        for name, (what, make) in ((part, WRITERS[part]) for part in parts)}, progress)


def write_change(changes: Changes, folder: Path, page: str = "A4", template: Path | None = None,
                 progress: Progress = silent) -> tuple[Path, ...]:
    """Write a comparison of two reviews as JSON, workbook and PDF; raises as `write_pack` does."""
    words = Template() if template is None else read_template(template)
    return _written(folder, {
        "change.json": ("the document", lambda: encode(changes_document(changes)).encode()),
        "change.xlsx": ("the workbook", partial(change_workbook_bytes, changes)),
        "change.pdf": ("the report",
                       lambda: pdf_bytes(change_report(changes, words), page))}, progress)


def write_notices(found: Sequence[Notice], folder: Path, page: str, template: Template,
                  progress: Progress = silent) -> tuple[Path, ...]:
    """Write each notice as PDF, XML and JSON; raises as `write_pack` does."""
    files: dict[str, tuple[str, Callable[[], bytes]]] = {}
    for notice in found:
        name = f"call-{''.join(c if c.isalnum() or c in '-_' else '_' for c in notice.account_id)}"
        files |= {
            f"{name}.pdf": ("the notice", partial(_notice_pdf, notice, template, page)),
            f"{name}.xml": ("the message", partial(notice_xml, notice)),
            f"{name}.json": ("the document", partial(_notice_json, notice))}
    return _written(folder, files, progress)


def _notice_pdf(notice: Notice, template: Template, page: str) -> bytes:
    return pdf_bytes(notice_report(notice, template), page)


def _notice_json(notice: Notice) -> bytes:
    return encode(notice_document(notice)).encode()


def _written(folder: Path, files: Mapping[str, tuple[str, Callable[[], bytes]]],
             progress: Progress) -> tuple[Path, ...]:
    target, together = folder, Together()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, (what, make)) in enumerate(files.items()):
            progress(number / len(files), f"Writing {what}")
            target = folder / name
            together.add(target, make())
        together.place()
    except OSError as error:
        raise UnusableInputError(Problem(
            str(target), f"the pack cannot be written there ({error.strerror})",
            way_out(error, target))) from error
    finally:
        together.drop()
    return tuple(folder / name for name in files)
