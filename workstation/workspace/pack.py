"""Write the review pack of a run: JSON, workbook, memo."""

from __future__ import annotations

from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.reports.margin_documents import encode
from workstation.reports.memo import write_memo
from workstation.reports.review_documents import review_document
from workstation.reports.workbook import write_workbook
from workstation.results.run import Run

REVIEW, WORKBOOK, MEMO = "review.json", "review.xlsx", "memo.pdf"


def write_pack(run: Run, folder: Path, page: str = "A4",
               progress: Progress = silent) -> tuple[Path, ...]:
    """Write the three files of a run into `folder` (made if needed) and return their paths."""
    paths = tuple(folder / name for name in (REVIEW, WORKBOOK, MEMO))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        progress(0.1, "Writing the document")
        paths[0].write_text(encode(review_document(run)), "utf-8")
        progress(0.4, "Writing the workbook")
        write_workbook(run, paths[1])
        progress(0.7, "Writing the memo")
        write_memo(run, paths[2], page)
    except OSError as error:
        raise UnusableInputError(Problem(
            str(folder), f"the pack cannot be written there ({error.strerror})",
            "choose another folder")) from error
    return paths
