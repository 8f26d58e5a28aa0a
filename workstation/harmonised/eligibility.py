"""Between which positions margin may cross: the legal and listed tests of a design.

Positions between which it may form a unit; every unit is margined on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workstation.base.explain import Citation
from workstation.base.vocabulary import AccountType
from workstation.base.wording import account_type_words
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.resolve import Floats
from workstation.harmonised.design import Design
from workstation.harmonised.scan import Index, Scan
from workstation.measures.scan import by_group
from workstation.measures.tails import WORST, Tail
from workstation.parameters.ruleset import RuleSet

SHARED_UNIT = "All eligible accounts"
PROGRAMME = "Programme"


@dataclass(frozen=True, slots=True)
class Standing:
    """The unit a position belongs to and, where it is kept apart, the test that failed and why."""

    unit: str
    test: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Slots:
    """Profit by leg, account and unit: what offsets are decided on.

    m slots; `rows[i]` are the positions of slot i; `standing[i]` says why it is in its unit;
    `tail` is what a requirement averages over: the worst column of `profile` alone for the scan.
    """

    leg: Index
    account: Index
    unit: Index
    profile: Floats
    rows: tuple[tuple[int, ...], ...]
    standing: tuple[Standing, ...]
    units: tuple[str, ...]
    tail: Tail = WORST
    alone: float = 0.0
    """Requirement of positions no method but the scan alone can margin, outside every tree."""
    gross: float = 0.0
    """Every position alone, added up."""
    long_run: float = 0.0
    """The same requirement over the whole unfiltered history; 0 where the design sets no floor."""


def slots(scan: Scan, book: Book, design: Design) -> Slots:
    """Gather the positions of a scan into slots under the design's legal and listed tests."""
    accounts = {account.account_id: account for account in book.accounts}
    members: dict[tuple[str, int, int], list[int]] = {}
    standings: dict[tuple[str, int, int], Standing] = {}
    told: dict[tuple[str, str, int], Standing] = {}
    risk_class = scan.asset_class[scan.group[scan.root]]
    for row in np.flatnonzero(scan.included).tolist():
        position = scan.holdings.positions[row]
        case = (position.account_id, position.instrument.asset_class.value, int(risk_class[row]))
        if case not in told:
            kind = scan.asset_classes[case[2]]
            told[case] = _timed(_standing(accounts[case[0]], case[1], kind, design), kind, design)
        key = (told[case].unit, int(scan.leg[row]), int(scan.account[row]))
        members.setdefault(key, []).append(row)
        standings[key] = told[case]
    ordered = sorted(members)
    units = tuple(sorted({unit for unit, _, _ in ordered}))
    held = [members[key] for key in ordered]
    return Slots(
        np.array([leg for _, leg, _ in ordered], dtype=np.intp),
        np.array([account for _, _, account in ordered], dtype=np.intp),
        np.array([units.index(unit) for unit, _, _ in ordered], dtype=np.intp),
        added_up(scan.pnl, held), tuple(map(tuple, held)),
        tuple(standings[key] for key in ordered), units, gross=scan.gross)


def added_up(profits: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """Return the profits (n, s) of each of several sets of rows added up."""
    every = np.array([row for some in rows for row in some], dtype=np.intp)
    place = np.repeat(np.arange(len(rows)), [len(some) for some in rows])
    return by_group(profits[every], place, len(rows))


def _standing(account: Account, product: str, asset_class: str, design: Design) -> Standing:
    own = f"Account {account.account_id}"
    match design.choice("legal.scope"):
        case "account":
            return Standing(own, "legal", "margin does not cross accounts under this design")
        case "programmes" if not account.programme:
            return Standing(own, "legal", "the account is in no cross-margin programme")
        case "programmes":
            return Standing(f"{PROGRAMME} {account.programme}", "legal",
                            "margin crosses inside one programme only")
    if account.account_type.value in design.texts("legal.ineligible_accounts"):
        kind = account_type_words(account.account_type)
        return Standing(own, "legal", f"the design keeps {kind} accounts apart")
    if product in design.texts("listed.ineligible_products"):
        return Standing(f"{own}, products kept apart", "listed",
                        f"{product} is not among the design's eligible products")
    if asset_class in design.texts("listed.ineligible_classes"):
        return Standing(f"{own}, products kept apart", "listed",
                        f"{asset_class} risk is not among the design's eligible classes")
    return Standing(SHARED_UNIT)


def _timed(standing: Standing, asset_class: str, design: Design) -> Standing:
    """Keep positions with different closing times apart, where the design does."""
    if not design.flag("mpor.separate"):
        return standing
    days = design.count(f"mpor.{asset_class}")
    unit = f"{standing.unit}, closed in {days} days"
    if standing.reason:
        return replace(standing, unit=unit)
    return Standing(unit, "horizon", "the design keeps different closing times apart")


class AccountLocations:
    """What today's law says about margin crossing between two accounts."""

    def __init__(self, rules: RuleSet) -> None:
        edition = rules.edition("account_locations")
        self._locations = {r["account_type"]: r["location"] for r in edition["locations"].rows}
        self._barriers = edition["barriers"]
        self._programmes = {str(r["programme"]): str(r["location"])
                            for r in edition["programme_locations"].rows}

    @property
    def cite(self) -> Citation:
        """Cite the table of barriers."""
        return self._barriers.cite

    def location(self, account: Account) -> str:
        """Return where the account's margin lies."""
        programme = account.programme.strip().lower()
        if account.account_type is AccountType.CROSS_MARGIN and programme in self._programmes:
            return self._programmes[programme]
        return str(self._locations[account.account_type.value])

    def barrier(self, one: Account, other: Account) -> str:
        """Return what would have to change for margin to cross, marked while unconfirmed."""
        if one.programme and one.programme == other.programme:
            return f"none: both accounts are in the programme {one.programme}"
        pair = (one.account_type.value, other.account_type.value)
        for row in self._barriers.rows:
            if _matches(row["a"], row["b"], pair) or _matches(row["b"], row["a"], pair):
                mark = " (to confirm)" if self.cite.standing == "unverified" else ""
                return f"{row['barrier']}{mark}"
        return ""


def _matches(a: str, b: str, pair: tuple[str, str]) -> bool:
    return a in ("*", pair[0]) and b in ("*", pair[1])
