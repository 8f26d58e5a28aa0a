"""Margin the whole book under one regime, without the rest of a review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from workstation import __version__
from workstation.base.problem import Problem, UnusableInputError
from workstation.book.resolve import resolve
from workstation.measures.requirement import Margin
from workstation.results.run import EditionUsed, InputFile
from workstation.rulebooks.registry import RULEBOOKS, SILOS, margin
from workstation.workspace.review import edition_used
from workstation.workspace.session import Session


@dataclass(frozen=True, slots=True)
class RegimeStamp:
    """What a one-regime answer was computed from."""

    as_of: date
    product_version: str
    inputs: tuple[InputFile, ...]
    editions: tuple[EditionUsed, ...]


def regime_names() -> tuple[str, ...]:
    """Return the regimes that can be asked for singly, today's silos first."""
    return (SILOS, *RULEBOOKS)


def one_regime(session: Session, regime: str) -> tuple[Margin, RegimeStamp]:
    """Margin every account of the session's book under `regime`; refuses unknown names."""
    if regime not in regime_names():
        known = ", ".join((*regime_names(), "harmonised"))
        raise UnusableInputError(Problem(
            "Regime", f"there is no regime {regime!r} in this version", f"name one of {known}"))
    book = session.book
    rules = session.rule_set()
    answer = margin(book, resolve(book), rules, regime)
    files = tuple(InputFile(item.name, hashlib.sha256(item.content).hexdigest())
                  for item in session.inputs)
    files += tuple(InputFile(item.name, item.sha256) for item in session.risk_files)
    used = tuple(edition_used(edition) for edition in rules.used())
    return answer, RegimeStamp(book.as_of, __version__, files, used)
