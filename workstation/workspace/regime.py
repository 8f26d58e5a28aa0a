"""Margin the whole book under one regime, without the rest of a review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from workstation import __version__
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.suggestion import meant
from workstation.base.wording import regime_words
from workstation.book.resolve import resolve
from workstation.measures.requirement import Margin
from workstation.pricing.volatility import implied_volatilities
from workstation.results.run import EditionUsed, InputFile
from workstation.rulebooks.finra_4210.portfolio import REGIME as PORTFOLIO
from workstation.rulebooks.rbh_15c3_1a.haircuts import REGIME as HAIRCUTS
from workstation.rulebooks.registry import RULEBOOKS, SILOS, margin
from workstation.rulebooks.span.file_remarks import said_of_files
from workstation.workspace.review import edition_used
from workstation.workspace.session import Session

HARMONISED = "harmonised"
SCANNED = frozenset({PORTFOLIO, HAIRCUTS})
"""Regimes that revalue options at volatilities solved from their prices."""


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


def named_regime(wanted: str) -> str:
    """Return a regime by its name or by its words in the field; refuses others by name."""
    known = (*regime_names(), HARMONISED)
    spoken = {regime_words(name).casefold(): name for name in known}
    found = {name: name for name in known} | spoken
    name = found.get(" ".join(wanted.casefold().split()))
    if name is None:
        raise UnusableInputError(Problem(
            "Regime", f"there is no regime {wanted!r} in this version",
            f"{meant(wanted, known)}name one of {', '.join(known)}"))
    return name


def one_regime(session: Session, regime: str) -> tuple[Margin, RegimeStamp]:
    """Margin every account of the session's book under `regime`; refuses unknown names."""
    regime = named_regime(regime)
    book = session.book
    rules = session.rule_set()
    answer = margin(book, resolve(book), rules, regime)
    files = tuple(InputFile(item.name, hashlib.sha256(item.content).hexdigest())
                  for item in session.inputs)
    files += tuple(InputFile(item.name, item.sha256) for item in session.risk_files)
    used = tuple(edition_used(edition) for edition in rules.used())
    return answer, RegimeStamp(book.as_of, __version__, files, used)


def regime_problems(session: Session, answer: Margin) -> tuple[Problem, ...]:
    """Return what the reader of one regime should check: the file's problems, assumed volatilities.

    What left a position out is in the exclusions, and what was merely noted is left to `import`.
    """
    found = list(session.problems)
    scanned = [account.account_id for account in answer.accounts if account.regime in SCANNED]
    if scanned:
        holdings = resolve(session.book)
        rows = [row for row, position in enumerate(holdings.positions)
                if position.account_id in scanned]
        found += [problem for problem in implied_volatilities(holdings.take(rows)).problems
                  if problem is not None and problem.severity == "warning"]
    out = {item.where for item in answer.excluded}
    said = [problem for file in session.risk_files for problem in file.problems]
    said += said_of_files(session.book, session.risk_files)
    return tuple(dict.fromkeys((*said, *(
        problem for problem in found if problem.severity == "warning"
        or (problem.severity == "error" and problem.where not in out)))))
