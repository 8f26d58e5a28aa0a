"""An open review: the book as edited, the designs, and the last run. Knows nothing of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.base.resources import resource_root
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.harmonised.design import Design, shipped_by_default
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.projects.audit import AuditEntry
from workstation.projects.contents import StoredFile
from workstation.projects.recovery import discard_recovery
from workstation.projects.save import save_project
from workstation.results.run import Run
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.workspace.memory import Memory
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


class Session:
    """One client review being worked on; edits change it, `review` computes from a snapshot."""

    def __init__(self, book: Book, *, inputs: Sequence[Input] = (),
                 input_problems: Sequence[Problem] = (), overlays: Sequence[Edition] = ()) -> None:
        self.book = book
        self.inputs = tuple(inputs)
        self.input_problems = tuple(input_problems)
        self.overlays = tuple(overlays)
        self.pinned: dict[str, Edition] = {}
        self.risk_files: tuple[RiskParameters, ...] = ()
        self._risk_bytes: dict[str, StoredFile] = {}
        self.designs: tuple[Design, ...] = shipped_by_default()
        self.stress = Stress()
        self.run: Run | None = None
        self.project_path: Path | None = None
        self.rules: RuleSet | None = None
        self.mapping = ""
        self.audit: tuple[AuditEntry, ...] = ()
        self._memory = Memory()

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
        session.risk_files = tuple(source.parameters for source in state.risk_files)
        session.keep_bytes(state.risk_files)
        session.project_path = project_path
        return session

    def state(self) -> State:
        """Return a snapshot of everything the review's file keeps."""
        used = self.pinned if self.rules is None else self.rules.used_without_overlays()
        return State(self.book, self.inputs, self.input_problems, self.overlays, used,
                     self.designs, self.stress, self.run, self.mapping, self.audit,
                     tuple(RiskSource(file, self._risk_bytes.get(file.sha256))
                           for file in self.risk_files))

    def keep_bytes(self, sources: Sequence[RiskSource]) -> None:
        """Keep the bytes of risk-parameter files, to be saved while the review uses them."""
        self._risk_bytes |= {source.parameters.sha256: source.file for source in sources
                             if source.file is not None}

    def review(self, progress: Progress = silent) -> Run:
        """Compute the whole review from the present state; safe to call on a worker thread."""
        question = Question(self.book, self.designs, self.stress, self._input_hashes(),
                            self.input_problems)
        rules = RuleSet(self.book.as_of, self.overlays, self.pinned, risk_files=self.risk_files)
        run = review(question, rules, self._memory, progress)
        self.rules = rules
        return run

    def save(self, path: Path | None = None) -> Path:
        """Write the review to its project file (or to `path`) and return where it lies."""
        target = path or self.project_path
        if target is None:
            raise UnusableInputError(Problem(
                "Save", "this review has no file yet", "choose a name with Save as"))
        trail = noted(self.audit, "saved", target.name)
        save_project(target, contents(replace(self.state(), audit=trail)))
        self.audit, self.project_path = trail, target
        discard_recovery(target)
        return target

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
        book = self.book.with_position(position)
        self.book = replace(book, market=_repriced(book.market, position))

    def replace_positions(self, positions: Sequence[Position]) -> None:
        """Put many changed positions in the place of those from the same cells."""
        changed = {position.where: position for position in positions}
        market = self.book.market
        for position in positions:
            market = _repriced(market, position)
        self.book = replace(self.book, market=market, positions=tuple(
            changed.get(position.where, position) for position in self.book.positions))

    def replace_market(self, market: Market) -> None:
        """Use another market for the same book."""
        self.book = replace(self.book, market=market)

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


def _repriced(market: Market, position: Position) -> Market:
    """Let a market row that was taken from this very position follow its price."""
    row = market.underlying(position.instrument.symbol)
    if row is None or row.where != position.where or position.price is None:
        return market
    if row.price == position.price:
        return market
    rows = {**market.underlyings, row.symbol: replace(row, price=position.price)}
    return replace(market, underlyings=rows)
