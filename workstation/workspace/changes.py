"""Why a requirement changed between two reviews: cause by cause, exactly.

The earlier review is turned into the later one a cause at a time, and both are margined after
each: positions at the old prices, then prices, exchange rates, the passing of time, parameters,
rules. What a newer product computes differently from the figures on record is its own cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.harmonised.design import Design
from workstation.harmonised.engine import assess
from workstation.harmonised.scan import Scan
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.pricing.volatility import implied_volatilities
from workstation.results.changes import ChangeLine, Changes, ChangeStep
from workstation.results.run import Run
from workstation.rulebooks import registry
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.workspace.change_lists import market_changes, position_changes, rule_changes
from workstation.workspace.previous import Reviewed

CAUSES = ("Method", "Positions", "Prices", "FX", "Time", "Parameters", "Rules")
METHOD = 0
MAINTENANCE, INITIAL = "Today, maintenance", "Today, initial"
ZERO = Decimal(0)
Amounts = Mapping[tuple[str, str], Decimal]
"""By measure and account; the account is empty for the whole book."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """Everything a requirement depends on."""

    book: Book
    overlays: tuple[Edition, ...]
    pinned: Mapping[str, Edition]
    risk_files: tuple[RiskParameters, ...]
    designs: tuple[Design, ...]

    def amounts(self) -> Amounts:
        """Return every requirement of the book as it stands here."""
        rules = RuleSet(self.book.as_of, self.overlays, self.pinned, risk_files=self.risk_files)
        holdings = resolve(self.book)
        silos = registry.silos(self.book, holdings, rules)
        found = {(MAINTENANCE, ""): silos.maintenance.amount, (INITIAL, ""): silos.initial.amount}
        found |= {(MAINTENANCE, a.account_id): a.maintenance.amount for a in silos.accounts}
        volatility = implied_volatilities(holdings)
        scans: dict[object, Scan] = {}
        for design in self.designs:
            working = assess(design, self.book, holdings, volatility, silos, rules,
                             scans.get(design.scan_key()))
            scans[design.scan_key()] = working.scan
            found[f"Design {design.name}", ""] = working.margin.requirement.amount
        return found

    def same_as(self, other: _Setting) -> bool:
        """Say whether nothing a requirement depends on differs."""
        return (self.book == other.book and self.overlays == other.overlays
                and self.designs == other.designs
                and {k: e.text for k, e in self.pinned.items()}
                == {k: e.text for k, e in other.pinned.items()}
                and [f.sha256 for f in self.risk_files] == [f.sha256 for f in other.risk_files])


def compare(before: Reviewed, after: Reviewed, progress: Progress = silent) -> Changes:
    """Return the later review against the earlier one; raises UnusableInputError with a sentence.

    Both keep the figures on record; every step between them is computed by this version.
    """
    one, other = before.book, after.book
    if one.market.currency != other.market.currency:
        raise UnusableInputError(Problem(
            "Comparison", f"the earlier review is in {one.market.currency}, the later in "
            f"{other.market.currency}", "review both in one currency", "error"))
    steps = _settings(before, after)
    levels = [_margined(steps, 0, {}, progress)]
    for number in range(1, len(steps)):
        levels.append(_margined(steps, number, levels[-1], progress))
    recorded = _recorded(before, levels[0]), _recorded(after, levels[-1])
    shared = [name for name in levels[0] if name in levels[-1] or name[1]]
    shared += [name for name in levels[-1] if name[1] and name not in levels[0]]
    lines = tuple(_line(name, levels, *recorded) for name in shared)
    return Changes(
        other.name, one.as_of, other.as_of, before.sha256, other.market.currency, CAUSES, lines,
        position_changes(one, other), market_changes(one, other),
        rule_changes(before, after), before.since, (
            *_two_clients(one, other), *before.notes, *after.notes, *_unshared(levels)))


def _two_clients(one: Book, other: Book) -> tuple[str, ...]:
    """Say that two books without an account in common are hardly one client's."""
    theirs = {account.account_id for account in other.accounts}
    if theirs & {account.account_id for account in one.accounts}:
        return ()
    return (f"{one.name} and {other.name} have no account in common: these may be two clients, "
            "and all is put down to positions.",)


def _margined(steps: Sequence[_Setting], number: int, level: Amounts,
              progress: Progress) -> Amounts:
    progress(number / len(steps), f"Margining the book: {CAUSES[number].lower()}")
    if number and steps[number].same_as(steps[number - 1]):
        return level
    return steps[number].amounts()


def _settings(before: Reviewed, after: Reviewed) -> tuple[_Setting, ...]:
    """Return the earlier review, then with each cause in turn at its later state."""
    start = _Setting(before.book, before.overlays, before.pinned, before.risk_files,
                     before.designs)
    old, new = before.book.market, after.book.market
    known = replace(old, underlyings={**new.underlyings, **old.underlyings},
                    fx={**new.fx, **old.fx})
    holdings = replace(start, book=replace(
        after.book, as_of=before.book.as_of, market=known,
        positions=_at_old_prices(before.book, after.book)))
    prices = replace(holdings, book=replace(
        after.book, as_of=before.book.as_of, market=replace(new, fx=known.fx)))
    rates = replace(prices, book=replace(after.book, as_of=before.book.as_of))
    time = replace(rates, book=after.book)
    parameters = replace(time, overlays=after.overlays, risk_files=after.risk_files)
    rules = replace(parameters, pinned=after.pinned, designs=after.designs)
    return start, holdings, prices, rates, time, parameters, rules


def _at_old_prices(before: Book, after: Book) -> tuple[Position, ...]:
    """Return the later positions at the earlier prices; what was not held keeps its own price."""
    anywhere = {p.instrument.symbol: p.price for p in before.positions}
    exact = {(p.account_id, p.instrument.symbol): p.price for p in before.positions}
    return tuple(
        replace(p, price=exact.get((p.account_id, p.instrument.symbol),
                                   anywhere.get(p.instrument.symbol, p.price)))
        for p in after.positions)


def _recorded(review: Reviewed, computed: Amounts) -> Amounts:
    """Return the figures on record; a float that says what was computed is the computed figure."""
    return {name: amount if float(amount) == float(stated) else stated
            for name, stated in review.recorded.items()
            for amount in (computed.get(name, stated),)}


def _line(name: tuple[str, str], levels: Sequence[Amounts], before: Amounts,
          after: Amounts) -> ChangeLine:
    amounts = [level.get(name, ZERO) for level in levels]
    first, last = before.get(name, amounts[0]), after.get(name, amounts[-1])
    moves = [ZERO, *(now - then for then, now in zip(amounts, amounts[1:], strict=False))]
    moves[METHOD] = (amounts[0] - first) + (last - amounts[-1])
    return ChangeLine(name[0], first, tuple(
        ChangeStep(cause, move) for cause, move in zip(CAUSES, moves, strict=True)), last, name[1])


def _unshared(levels: Sequence[Amounts]) -> tuple[str, ...]:
    one, other = ({name for name, account in level if not account}
                  for level in (levels[0], levels[-1]))
    return tuple(f"{name} is in one of the two reviews only and is not compared."
                 for name in sorted(one ^ other))


def recorded_amounts(run: Run) -> Amounts:
    """Return the requirements a run states."""
    silos = run.silos
    return {
        (MAINTENANCE, ""): silos.maintenance.amount, (INITIAL, ""): silos.initial.amount,
        **{(MAINTENANCE, a.account_id): a.maintenance.amount for a in silos.accounts},
        **{(f"Design {d.margin.name}", ""): d.margin.requirement.amount for d in run.designs}}
