"""Builds the bridge from today's silos to a design.

Each step applies one lever on top of those before it and is the difference of two totals, so the
steps add up exactly. The order is part of the answer; `levers.shapley` gives shares without one.

1. model change at equal netting: the method, one underlying in one account nets, nothing else
2. same underlying across silos, whatever the law
3. product group, at the design's ceiling, untested
4. cross-asset: product groups of a class and classes of the book, at their ceilings, untested
5. denied for legal reasons: the design's legal and listed tests
6. denied for stability or evidence: the design's data, economic and stability tests
7. add-ons
8. buffers, floors and caps
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from workstation.harmonised.engine import Assessment
from workstation.harmonised.levels import Level
from workstation.offsets.bridge import EXACT_DIGITS, Bridge, BridgeStep
from workstation.offsets.counterfactual import Counterfactuals, untested

MODEL = "Model change at equal netting"
SAME_UNDERLYING = "Same underlying across silos"
PRODUCT_GROUP = "Product group"
CROSS_ASSET = "Cross-asset"
LEGAL = "Denied for legal reasons"
EVIDENCE = "Denied for stability or evidence"
ADD_ONS = "Add-ons"
LIMITS = "Buffers, floors and caps"

NOTES = {
    MODEL: "the design's method in place of each rulebook; one underlying in one account nets",
    SAME_UNDERLYING: "the same risk root in several accounts and wrappers nets",
    PRODUCT_GROUP: "underlyings of one product group, at the design's ceiling, untested",
    CROSS_ASSET: "product groups of one class and classes of the book, untested",
    LEGAL: "accounts and products the design keeps apart",
    EVIDENCE: "pairs without history, correlation or stability enough, and partial rates",
    ADD_ONS: "basis, concentration, short-option minimum and what else the design charges",
    LIMITS: "buffer, cap on the reduction, floors",
}
OFFSET_STEPS = (SAME_UNDERLYING, PRODUCT_GROUP, CROSS_ASSET, LEGAL, EVIDENCE)


def bridge(assessment: Assessment, stand_alone: Decimal) -> Bridge:
    """Return the waterfall; `stand_alone` is the sum of every position's own requirement."""
    silos, end = assessment.silos.maintenance.amount, assessment.margin.requirement.amount
    with localcontext(prec=EXACT_DIGITS):
        return Bridge(assessment.design.name, stand_alone, silos - stand_alone, silos,
                      _steps(assessment, silos), end)


def _steps(assessment: Assessment, silos: Decimal) -> tuple[BridgeStep, ...]:
    if assessment.scan_risk is None or assessment.add_ons is None or assessment.limits is None:
        return _steps_of_silos(assessment)
    totals = [silos, *_totals(assessment)]
    totals.append(assessment.scan_risk.amount)
    totals.append(totals[-1] + assessment.add_ons.amount)
    totals.append(assessment.margin.requirement.amount)
    return tuple(BridgeStep(label, after - before, NOTES[label])
                 for label, before, after in zip(NOTES, totals[:-1], totals[1:], strict=True))


def _steps_of_silos(assessment: Assessment) -> tuple[BridgeStep, ...]:
    """Return the steps where every account keeps its rulebook: programmes alone change anything."""
    note = "the design is refused: today's requirement stands" if assessment.refused else (
        "today's law as it stands: nothing changes")
    saved = sum((p.saving for p in assessment.programmes), Decimal(0))
    if not saved:
        return tuple(BridgeStep(label, Decimal(0), note) for label in NOTES)
    names = ", ".join(p.name for p in assessment.programmes)
    return tuple(
        BridgeStep(label, -saved, f"accounts margined jointly under {names}")
        if label == SAME_UNDERLYING else BridgeStep(label, Decimal(0), note) for label in NOTES)


def _totals(assessment: Assessment) -> tuple[Decimal, ...]:
    """Return the totals after steps 1 to 5."""
    ask, design = Counterfactuals(assessment), assessment.design
    same, group = Level.SAME_UNDERLYING, Level.PRODUCT_GROUP
    everything = untested(design, *Level)
    return (
        ask.ungranted,
        ask.requirement(untested(design, same), ask.one_unit),
        ask.requirement(untested(design, same, group), ask.one_unit),
        ask.requirement(everything, ask.one_unit),
        ask.requirement(everything),
    )
