"""One break: a figure of theirs beside ours, with the tested causes that may explain it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from workstation.base.problem import Problem
from workstation.results.stated import Basis

Status = Literal["agrees", "differs", "only stated", "only ours"]
ZERO = Decimal(0)
LEAST, SHARE = Decimal(1), Decimal("0.001")
"""A figure agrees within one unit of currency or a tenth of a percent."""
EXACT = Decimal("0.02")
"""A cause that leaves less than this share of the difference explains all of it."""
WORTH_NAMING = Decimal("0.1")
MULTIPLIERS = tuple(Decimal(text) for text in (
    "1.05", "1.1", "1.15", "1.2", "1.25", "1.3", "1.35", "1.4", "1.5", "1.75", "2"))
MULTIPLIER_NEAR = Decimal("0.002")


@dataclass(frozen=True, slots=True)
class Cause:
    """A tested explanation: what differs, and how much of the difference it explains."""

    kind: str
    what: str
    explains: Decimal


@dataclass(frozen=True, slots=True)
class Break:
    """One figure of theirs beside ours; a position's own figure is what it requires alone."""

    account_id: str
    symbol: str
    basis: Basis
    status: Status
    ours: Decimal | None
    stated: Decimal | None
    causes: tuple[Cause, ...] = ()
    where: str = ""
    ours_where: str = ""
    regime: str = ""

    @property
    def difference(self) -> Decimal:
        """Return stated less ours; what is missing counts as nothing."""
        return (self.stated or ZERO) - (self.ours or ZERO)

    @property
    def share(self) -> Decimal | None:
        """Return the difference as a share of our figure."""
        return self.difference / self.ours if self.ours else None

    @property
    def unexplained(self) -> Decimal:
        """Return what the first cause leaves of the difference."""
        return self.difference - (self.causes[0].explains if self.causes else ZERO)

    @property
    def likely(self) -> str:
        """Return the first cause in words."""
        return self.causes[0].what if self.causes else ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every figure stated and ours, the largest break first, figures that agree last."""

    currency: str
    breaks: tuple[Break, ...]
    problems: tuple[Problem, ...] = ()
    """What of the stated file was not compared, or was read with a doubt."""

    @property
    def agrees(self) -> bool:
        """Say whether nothing differs."""
        return all(each.status == "agrees" for each in self.breaks)

    @property
    def totals(self) -> tuple[Decimal, Decimal]:
        """Return the sums of the accounts' own figures: ours, stated."""
        accounts = [each for each in self.breaks if not each.symbol]
        return (sum((each.ours or ZERO for each in accounts), ZERO),
                sum((each.stated or ZERO for each in accounts), ZERO))


def agree(stated: Decimal, ours: Decimal) -> bool:
    """Say whether two figures are the same but for rounding."""
    return abs(stated - ours) <= max(LEAST, SHARE * abs(ours))


def house_multiplier(stated: Decimal, ours: Decimal) -> Iterator[Cause]:
    """Yield the round house multiplier that theirs is of ours, if any."""
    multiple = next((each for each in MULTIPLIERS if ours and abs(
        stated / ours - each) <= MULTIPLIER_NEAR * each), None)
    if multiple is not None:
        yield Cause("house", f"a house multiplier of {multiple} on our figure",
                    ours * (multiple - 1))


def ranked(causes: tuple[Cause, ...], difference: Decimal) -> tuple[Cause, ...]:
    """Return causes that move the figure the right way, those that leave least first."""
    useful = [cause for cause in causes if not cause.explains or (
        cause.explains * difference > 0
        and abs(cause.explains) >= WORTH_NAMING * abs(difference))]
    best = sorted(useful, key=lambda cause: abs(difference - cause.explains))
    return tuple(best) or (Cause(
        "unknown", "no single change of price, position, offset, basis or house rate explains "
        "it: compare editions and parameters", ZERO),)
