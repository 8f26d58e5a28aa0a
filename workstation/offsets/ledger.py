"""The ledger: one row per offset considered, granted or denied, with its reason and its dollars.

Rows come in four kinds: the silos' own offsets; one underlying across accounts; pairs of
underlyings, product groups and asset classes; units kept apart for legal reasons. The dollars of
a row are a counterfactual: the scan requirement with this one offset switched. Offsets interact,
so one more row makes the rows across silos add up:

    sum of amounts across silos = design's scan risk - scan with nothing granted
                                = steps 2 to 6 of the bridge

A design that repeats the silos grants nothing across them: its rows are all denied, and what
they would save is estimated on the scan. Pairs inside one account are then the silos' own rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from workstation.base.money import accounting
from workstation.harmonised.eligibility import AccountLocations
from workstation.harmonised.engine import Assessment
from workstation.harmonised.result import DesignMargin
from workstation.measures.requirement import Offset
from workstation.offsets.counterfactual import Counterfactuals
from workstation.offsets.pair_rows import pair_rows
from workstation.offsets.unit_rows import same_underlying_rows, unit_rows
from workstation.parameters.ruleset import RuleSet

WITHIN_ACCOUNT = "within one account"
INTERACTION = "interaction"
PROGRAMME_OFFSET = "cross-margin programme"


def ledger(assessment: Assessment, rules: RuleSet) -> tuple[Offset, ...]:
    """Return every offset considered: the silos' own first, then those across silos."""
    return (*within_silos(assessment), *across_silos(assessment, rules))


def within_silos(assessment: Assessment) -> tuple[Offset, ...]:
    """Return the offsets today's rulebooks granted or denied inside each account."""
    return tuple(replace(o, level=_inside(o.level)) for o in assessment.silos.offsets)


def _inside(level: str) -> str:
    """Say that an offset is a silo's own, whatever level its rulebook names."""
    return f"{WITHIN_ACCOUNT}: {level}" if level else WITHIN_ACCOUNT


def across_silos(assessment: Assessment, rules: RuleSet) -> tuple[Offset, ...]:
    """Return the offsets the design considered, with the row that makes them add up."""
    ask, locations = Counterfactuals(assessment), AccountLocations(rules)
    across = (*same_underlying_rows(ask, locations), *unit_rows(ask, locations))
    if assessment.refused:
        return ()
    if assessment.design.keeps_silos:
        return (*_programme_rows(assessment),
                *(_as_estimate(row) for row in across if row.status == "denied"))
    rows = (*across, *pair_rows(ask, locations))
    return (*rows, *_interaction(ask, rows))


def _programme_rows(assessment: Assessment) -> Iterator[Offset]:
    for programme in assessment.programmes:
        yield Offset(
            PROGRAMME_OFFSET, programme.accounts, "granted" if programme.saving else "denied",
            f"the accounts are in the live programme {programme.name} and post the lesser of "
            "their own requirements and the joint scan", -programme.saving,
            accounts=programme.accounts, level="account",
            tests=(("apart", accounting(programme.today)),
                   ("jointly", accounting(programme.joint.amount))))


def is_across_silos(row: Offset) -> bool:
    """Say whether a row is one of the design's own, which reconcile with the bridge."""
    return not row.level.startswith(WITHIN_ACCOUNT)


def margin_with_offsets(assessment: Assessment, rows: tuple[Offset, ...]) -> DesignMargin:
    """Return the design's answer with the offsets it considered across silos, from its ledger."""
    across = tuple(row for row in rows if is_across_silos(row))
    return replace(assessment.margin, offsets=across)


def _interaction(ask: Counterfactuals, rows: tuple[Offset, ...]) -> Iterator[Offset]:
    """Close the gap between single counterfactuals and all offsets together."""
    together = ask.granted - ask.ungranted
    gap = together - sum((row.amount for row in rows), Decimal(0))
    if gap:
        yield Offset(
            INTERACTION, ("all offsets together",), "granted",
            "offsets overlap: taken one at a time they save more or less than all together, and "
            "this part belongs to no single one", gap, level=INTERACTION)


def _as_estimate(row: Offset) -> Offset:
    """Say that a row of today's law was valued on the scan, not under the silos' rulebooks."""
    return replace(row, tests=(*row.tests, ("saving", "estimated on the default scan")))
