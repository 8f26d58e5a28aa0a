"""The policy lab on an open review: which designs, under which stress, on which history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.base.progress import Progress, silent
from workstation.book.book import Book
from workstation.harmonised.design import Design, shipped
from workstation.lab.experiment import Settings, experiment
from workstation.lab.result import Findings
from workstation.lab.sample_history import sample_history

if TYPE_CHECKING:
    from workstation.workspace.session import Session


@dataclass(frozen=True, slots=True)
class LabQuestion:
    """What the lab was asked, as one snapshot; two are equal when the findings would be.

    `rules` is the key of the rule set: date, overlays, pinned editions and risk-parameter files.
    """

    book: Book
    designs: tuple[Design, ...]
    settings: Settings
    rules: tuple[object, ...]

    @property
    def synthetic(self) -> bool:
        """Say whether the book has no history, so that the sample history stands in."""
        return not self.book.market.history.dates


def lab_designs(session: Session) -> tuple[Design, ...]:
    """Return every design the lab can compare: the shipped ones, as edited in this review."""
    return tuple({**shipped(), **{
        design.name: design for design in session.terms().designs}}.values())


def lab_question(session: Session, names: Sequence[str], stress: str, days: int) -> LabQuestion:
    """Return what the lab is asked with a session as it stands; names it does not know are left."""
    book = session.book
    history = None if book.market.history.dates else sample_history(book.as_of)
    designs = tuple(design for design in lab_designs(session) if design.name in names)
    return LabQuestion(book, designs, Settings(
        stress, days, history, margins=session.margin_histories), session.rule_set().key)


def laboratory(session: Session, question: LabQuestion, progress: Progress = silent) -> Findings:
    """Compare the designs on the session's book; raises CancelledError through `progress`."""
    return experiment([question.book], question.designs, question.settings, progress,
                      session.rule_set())

