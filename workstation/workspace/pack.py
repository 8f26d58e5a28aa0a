"""Write the review pack of a run: memo, workbook and documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workstation.base.files import write_whole
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.reports.dossier.memo import memo
from workstation.reports.dossier.pack import Pack
from workstation.reports.margin_documents import encode
from workstation.reports.memo import memo_bytes
from workstation.reports.review_documents import review_document
from workstation.reports.web import html_bytes
from workstation.reports.workbook import workbook_bytes

REVIEW, WORKBOOK, MEMO, WEB = "review.json", "review.xlsx", "memo.pdf", "memo.html"
Writer = Callable[[Pack, str], bytes]

WRITERS: Mapping[str, tuple[str, Writer]] = {
    REVIEW: ("the document", lambda pack, _: encode(review_document(pack.run)).encode()),
    WORKBOOK: ("the workbook", lambda pack, _: workbook_bytes(pack)),
    MEMO: ("the memo", memo_bytes),
    WEB: ("the web page", lambda pack, _: html_bytes(memo(pack))),
}
"""By the name of the file: what it is, and how its bytes are made for a size of paper."""
USUAL = (REVIEW, WORKBOOK, MEMO, WEB)


def write_pack(pack: Pack, folder: Path, page: str = "A4", parts: Sequence[str] = USUAL,
               progress: Progress = silent) -> tuple[Path, ...]:
    """Write parts of a pack into `folder` (made if needed) and return their paths.

    Each file appears whole or not at all. Raises UnusableInputError with the way out where the
    folder cannot be written, is full, or a file of it is open elsewhere.
    """
    written = []
    target = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(parts):
            what, make = WRITERS[name]
            progress(number / len(parts), f"Writing {what}")
            target = folder / name
            write_whole(target, make(pack, page))
            written.append(target)
    except OSError as error:
        raise UnusableInputError(Problem(
            str(target), f"the pack cannot be written there ({error.strerror})",
            _way_out(error, target))) from error
    return tuple(written)


def _way_out(error: OSError, target: Path) -> str:
    """Return what the user can do about a failed write."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space, or choose another folder"
    if error.errno in (errno.EACCES, errno.EPERM) and target.is_file():
        return "close it in the program that has it open, or choose another folder"
    return "choose another folder"
