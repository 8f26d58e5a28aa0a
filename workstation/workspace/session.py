"""An open review: the book as edited, the designs, and the last run. Knows nothing of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from workstation.base.files import with_ending
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.base.resources import resource_root
from workstation.base.vocabulary import BASE
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.what_if import Branch, TypedPosition, TypedUnderlying
from workstation.harmonised.design import Design, shipped_by_default
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.projects.audit import AuditEntry
from workstation.projects.contents import Approval, StoredFile
from workstation.projects.recovery import discard_recovery
from workstation.projects.save import save_project, saved_elsewhere
from workstation.reports.dossier.pack import Pack
from workstation.reports.standing import Standing, Status
from workstation.reports.template import Template
from workstation.results.beneath import Beneath
from workstation.results.changes import Changes
from workstation.results.notice import Notice
from workstation.results.run import Run
from workstation.results.stressed_book import StressedBook
from workstation.rulebooks.span.file_remarks import said_of_files, standing_problems
from workstation.rulebooks.span.margin_history import MarginHistories
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.rulebooks.span.sizing import sized
from workstation.workspace.approval import standing_of
from workstation.workspace.beneath import beneath_of
from workstation.workspace.branch_book import branch_book, branch_named, with_positions
from workstation.workspace.branch_terms import Terms, branch_terms
from workstation.workspace.branches import swapped, typed_over, typing_starts
from workstation.workspace.design_versions import DesignVersion
from workstation.workspace.margin_sources import MarginSource
from workstation.workspace.memory import Memory
from workstation.workspace.notices import notices
from workstation.workspace.review import Question, Stress, review
from workstation.workspace.risk_sources import RiskSource
from workstation.workspace.state import (
    Input,
    State,
    contents,
    noted,
    read_client_file,
    read_project,
)

PROJECT_SUFFIX = ".crossmargin"
SAMPLES = "books"


def review_file(path: Path) -> Path:
    """Return the file a review is saved to under a name: with the ending it is opened by."""
    return with_ending(path, PROJECT_SUFFIX)


class Session:
    """One client review being worked on; edits change it, `review` computes from a snapshot."""

    def __init__(self, book: Book, *, inputs: Sequence[Input] = (),
                 input_problems: Sequence[Problem] = (), overlays: Sequence[Edition] = ()) -> None:
        self.base = book
        self.branches: tuple[Branch, ...] = ()
        self.active = BASE
        self.base_run: Run | None = None
        self._base_asked: tuple[object, ...] = ()
        self._shown: tuple[tuple[object, ...], Book] | None = None
        self.inputs = tuple(inputs)
        self.input_problems = tuple(input_problems)
        self.overlays = tuple(overlays)
        self.pinned: dict[str, Edition] = {}
        self.risk_files: tuple[RiskParameters, ...] = ()
        self._risk_bytes: dict[str, StoredFile] = {}
        self.margin_source: MarginSource | None = None
        self.designs: tuple[Design, ...] = shipped_by_default()
        self.design_versions: tuple[DesignVersion, ...] = ()
        self.stress = Stress()
        self.run: Run | None = None
        self.project_path: Path | None = None
        self.rules: RuleSet | None = None
        self.mapping = ""
        self.audit: tuple[AuditEntry, ...] = ()
        self._beneath: tuple[Run, Beneath] | None = None
        self._memories: dict[str, Memory] = {}
        self.approvals: tuple[Approval, ...] = ()
        self._standing: tuple[Run | None, tuple[Approval, ...], Standing] | None = None

    @classmethod
    def from_file(cls, path: Path, progress: Progress = silent, *, as_of: date | None = None,
                  password: str | None = None) -> Session:
        """Open a client's file or a saved review; raises UnusableInputError with a sentence."""
        if path.suffix.lower() == PROJECT_SUFFIX:
            return cls.of(read_project(path, progress, as_of=as_of), path)
        return cls.of(read_client_file(path, progress, as_of=as_of, password=password))

    @classmethod
    def of(cls, state: State, project_path: Path | None = None) -> Session:
        """Return a session that goes on from a state as read from a file."""
        session = cls(state.book, inputs=state.inputs, input_problems=state.input_problems,
                      overlays=state.overlays)
        session.pinned = dict(state.pinned)
        session.designs = state.designs or session.designs
        session.stress, session.run = state.stress, state.run
        session.mapping, session.audit = state.mapping, state.audit
        session.approvals = state.approvals
        session.use_risk_files([source.parameters for source in state.risk_files])
        session.keep_bytes(state.risk_files)
        session.project_path = project_path
        session.margin_source = state.margin_source
        session.branches, session.design_versions = state.branches, state.design_versions
        return session

    def state(self) -> State:
        """Return a snapshot of everything the review's file keeps."""
        used = self.pinned if self.rules is None else self.rules.used_without_overlays()
        run = self.run if self.active == BASE else self.base_run
        return State(self.base, self.inputs, self.input_problems, self.overlays, used,
                     self.designs, self.stress, run, self.mapping, self.audit,
                     tuple(RiskSource(file, self._risk_bytes.get(file.sha256))
                           for file in self.risk_files), self.branches, self.approvals,
                     self.design_versions, self.margin_source)

    @property
    def standing(self) -> Standing:
        """Return whether the review is a draft, reviewed or approved, as its file bears out."""
        known = self._standing
        if known is None or known[0] is not self.run or known[1] != self.approvals:
            answer = standing_of(self.approvals, self.audit, self.run)
            self._standing = known = (self.run, self.approvals, answer)
        return known[2]

    @property
    def locked(self) -> str:
        """Say that the review is approved and what to do instead of changing it, else nothing."""
        last = self.standing.last(Status.APPROVED)
        return "" if last is None or self.standing.status is not Status.APPROVED else (
            f"This review was approved by {last.author} and is read-only; choose New version to "
            "change a copy.")

    def use_risk_files(self, files: Sequence[RiskParameters]) -> None:
        """Margin futures from these files, and size those that no contract table sizes."""
        self.risk_files = tuple(files)
        self.base = sized(self.base, self.risk_files)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what was found in the client's files and still stands."""
        found = standing_problems((*self.input_problems, *self.book.problems), self.book)
        return tuple(dict.fromkeys((*found, *said_of_files(self.book, self.risk_files))))

    @property
    def margin_histories(self) -> MarginHistories | None:
        """Return the published margin changes the analyst loaded, which the lab replays."""
        return None if self.margin_source is None else self.margin_source.histories

    def keep_bytes(self, sources: Sequence[RiskSource]) -> None:
        """Keep the bytes of risk-parameter files, to be saved while the review uses them."""
        self._risk_bytes |= {source.parameters.sha256: source.file for source in sources
                             if source.file is not None}

    # The book shown ------------------------------------------------------------------------

    @property
    def book(self) -> Book:
        """Return the book shown: the base, or the branch worked on.

        Raises UnusableInputError where a change of the branch no longer fits the base.
        """
        if self.active == BASE:
            return self.base
        key = (self.base, self.branches, self.active)
        if self._shown is None or any(a is not b for a, b in zip(self._shown[0], key, strict=True)):
            self._shown = key, self.book_of(self.active)
        return self._shown[1]

    @book.setter
    def book(self, book: Book) -> None:
        """Put another base in; a branch has no book of its own to replace."""
        if self.active != BASE:
            raise ValueError(f"the book of branch {self.active} follows from its changes")
        self.base = book

    def book_of(self, name: str, branches: Sequence[Branch] | None = None) -> Book:
        """Return the book of a branch, or the base; `branches` are this review's unless given."""
        known = self.branches if branches is None else branches
        return branch_book(self.base, known, name, self.terms(BASE).rules())

    def terms(self, name: str | None = None, branches: Sequence[Branch] | None = None) -> Terms:
        """Return rules and designs of a branch or the base; of what is shown unless named."""
        base = Terms(self.base.as_of, self.designs, self.overlays, self.pinned, self.risk_files)
        known = self.branches if branches is None else branches
        return branch_terms(base, known, self.active if name is None else name)

    def rule_set(self) -> RuleSet:
        """Return the rules in force for what is shown, with what is laid over them."""
        return self.terms().rules()

    @property
    def branch(self) -> Branch:
        """Return the branch worked on; raises UnusableInputError on the base."""
        return branch_named(self.branches, self.active)

    def lineage(self) -> tuple[Branch, ...]:
        """Return the branch shown after those it starts from; empty on the base."""
        found: list[Branch] = []
        name = self.active
        while name != BASE:
            found.append(branch_named(self.branches, name))
            name = found[-1].parent
        return tuple(reversed(found))

    def review(self, progress: Progress = silent) -> Run:
        """Compute the whole review from the present state; safe to call on a worker thread.

        On a branch the base is computed first where it is not known, to compare with.
        """
        if self.active == BASE:
            return self._reviewed(BASE, self.base, progress)
        self.review_base()
        return self._reviewed(self.active, self.book, progress)

    def review_base(self) -> Run:
        """Return the run of the base under the present designs, computed where it is not known."""
        if self.base_run is None or not _same(self._base_asked, self._asked()):
            self._reviewed(BASE, self.base, silent)
        if self.base_run is None:
            raise AssertionError("a review of the base was just computed")
        return self.base_run

    @property
    def compared_with(self) -> Run | None:
        """Return the run of the base where the last run is of a what-if, else None."""
        run, base = self.run, self.base_run
        return None if run is None or base is None or run.book is base.book else base

    def _asked(self) -> tuple[object, ...]:
        return (self.base, self.designs, self.stress, self.overlays, self.risk_files)

    def _reviewed(self, name: str, book: Book, progress: Progress) -> Run:
        asked, terms = self._asked(), self.terms(name)
        question = Question(book, terms.designs, self.stress, self._input_hashes(),
                            self.input_problems)
        rules = terms.rules()
        run = review(question, rules, self._memories.setdefault(name, Memory()), progress)
        if name == BASE:
            self.base_run, self._base_asked, self.rules = run, asked, rules
        return run

    def settled(self, progress: Progress = silent) -> Run:
        """Return the review's result: as stored where it is decided on, else computed now."""
        if self.run is None or self.standing.status is Status.DRAFT:
            self.run = self.review(progress)
        return self.run

    def save(self, path: Path | None = None) -> Path:
        """Write the review to its project file (or to `path`) and return where it lies.

        Its own file is not replaced where somebody else saved to it since it was opened. Raises
        UnusableInputError.
        """
        target = self.project_path if path is None else review_file(path)
        if target is None:
            raise UnusableInputError(Problem(
                "Save", "this review has no file yet", "choose a name with Save as"))
        if path is None and saved_elsewhere(target, self.audit):
            raise UnusableInputError(Problem(
                str(target), "another window saved this review after it was opened here",
                "save this one under another name, or open the file again"))
        trail = noted(self.audit, "saved", target.name)
        save_project(target, contents(replace(self.state(), audit=trail)))
        self.audit, self.project_path = trail, target
        discard_recovery(target)
        return target

    def pack(self, template: Template | None = None, changes: Changes | None = None,
             stressed: StressedBook | None = None) -> Pack:
        """Return what the review's reports are made from; raises ValueError without a run."""
        run = self.run
        if run is None:
            raise ValueError("the review was not computed")
        if self._beneath is None or self._beneath[0] is not run:
            self._beneath = run, beneath_of(self, run)
        return Pack(run, template or Template(), self.standing, changes, stressed,
                    self._beneath[1])

    def notices(self, template: Template, account_id: str | None = None) -> tuple[Notice, ...]:
        """Return the margin-call notice of every account called; without a run there is none."""
        return () if self.run is None else notices(self.run, self.rule_set(), template, account_id)

    def note(self, action: str, detail: str = "") -> None:
        """Add an entry to the review's audit trail."""
        self.audit = noted(self.audit, action, detail)

    def position(self, where: str) -> Position:
        """Return the position read from one cell; raises KeyError when there is none."""
        for position in self.book.positions:
            if position.where == where:
                return position
        raise KeyError(where)

    def replace_position(self, position: Position) -> None:
        """Put a changed position in the place of the one from the same cell."""
        self.replace_positions([position])

    def replace_positions(self, positions: Sequence[Position]) -> None:
        """Put many changed positions in the place of those from the same cells.

        On a branch each is a change of the branch; the base stays as it is.
        """
        if self.active != BASE:
            self._type([TypedPosition(position) for position in positions])
            return
        self.base = with_positions(self.base, positions)

    def replace_market(self, market: Market) -> None:
        """Use another market for the same book; on a branch, its prices and volatilities."""
        if self.active == BASE:
            self.base = replace(self.base, market=market)
            return
        old, new = self.book.market.underlyings, market.underlyings
        self._type([TypedUnderlying(symbol, row.price, row.iv)
                    for symbol, row in new.items() if old.get(symbol) != row],
                   [symbol for symbol in old if symbol not in new])

    def _type(self, cells: Sequence[TypedPosition | TypedUnderlying], gone: Sequence[str] = ()
              ) -> None:
        branch = self.branch
        before = replace(branch, steps=branch.steps[:typing_starts(branch)])
        book = self.book_of(branch.name, swapped(self.branches, before))
        self.branches = swapped(self.branches, typed_over(branch, book, cells, gone))

    def design(self, name: str) -> Design:
        """Return a design of this review by name; raises KeyError when there is none."""
        for design in self.designs:
            if design.name == name:
                return design
        raise KeyError(name)

    def replace_design(self, design: Design) -> None:
        """Put a changed design in the place of the one of the same name."""
        self.designs = tuple(design if d.name == design.name else d for d in self.designs)

    def _input_hashes(self) -> tuple[tuple[str, bytes], ...]:
        return tuple((item.name, item.content) for item in self.inputs)


def sample_books() -> tuple[Path, ...]:
    """Return the invented sample clients that come with the product."""
    return tuple(sorted((resource_root() / SAMPLES).glob("*.xlsx")))


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Say whether two questions hold the very same things."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
