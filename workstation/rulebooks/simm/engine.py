"""The whole calculation: blocks, risk classes, product classes; for every run at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm import fx, names, rates
from workstation.rulebooks.simm.block import Block, Evaluated, evaluate, slopes
from workstation.rulebooks.simm.calibration import Calibration, CalibrationError
from workstation.rulebooks.simm.netting import Netted
from workstation.rulebooks.simm.vocabulary import (
    MEASURES,
    PRODUCT_CLASSES,
    RISK_CLASSES,
    Mpor,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Setup:
    """Which parameters a calculation uses."""

    calibration: Calibration
    mpor: Mpor = "10d"
    currency: str = "USD"


@dataclass(frozen=True, slots=True, eq=False)
class Calculated:
    """Margins by cell, risk class and measure, by cell and risk class, and by cell."""

    setup: Setup
    netted: Netted
    parts: tuple[Evaluated, ...]
    measures: Floats
    classes: Floats
    products: Floats

    @property
    def runs(self) -> Floats:
        """Return the margin of each run by product class, before add-ons."""
        return self.products.reshape(-1, len(PRODUCT_CLASSES))

    def measure_lines(self) -> Floats:
        """Return by run the margin of each measure alone, summed over product classes.

        These lines do not add up to the total: each is its own square root.
        """
        psi = self.setup.calibration.psi
        squares = np.einsum("crm,rq,cqm->cm", self.measures, psi, self.measures)
        roots = np.sqrt(np.maximum(squares, 0.0))
        return np.asarray(roots.reshape(-1, len(PRODUCT_CLASSES), len(MEASURES)).sum(axis=1))


def blocks_of(netted: Netted, setup: Setup) -> tuple[Block, ...]:
    """Return every block the sensitivities need."""
    calibration, mpor = setup.calibration, setup.mpor
    if not calibration.has(mpor):
        raise CalibrationError(f"calibration {calibration.version} has no {mpor} tables; "
                               "use the 10-day margin or another version")
    return (*rates.blocks(netted, calibration, mpor), *names.blocks(netted, calibration, mpor),
            *fx.blocks(netted, calibration, mpor, setup.currency))


def calculate(netted: Netted, setup: Setup) -> Calculated:
    """Margin every run."""
    return at(blocks_of(netted, setup), netted, setup, netted.amount)


def at(blocks: tuple[Block, ...], netted: Netted, setup: Setup, amounts: Floats, *,
       concentrated: bool = True) -> Calculated:
    """Margin every run at other amounts of the same factors, or without concentration."""
    parts = tuple(evaluate(block, amounts, concentrated=concentrated) for block in blocks)
    measures = np.zeros((netted.cells, len(RISK_CLASSES), len(MEASURES)))
    for part in parts:
        measures[:, part.block.risk_class, part.block.measure] = part.margin
    classes = measures.sum(axis=2)
    squares = np.einsum("cr,rq,cq->c", classes, setup.calibration.psi, classes)
    return Calculated(setup, netted, parts, measures, classes, np.sqrt(np.maximum(squares, 0.0)))


def slopes_of(done: Calculated) -> list[Floats]:
    """Return for each part the derivative of its cells' margins by every netted amount."""
    weights = class_weights(done)
    return [slopes(part, weights[:, part.block.risk_class], len(done.netted))
            for part in done.parts]


def class_weights(done: Calculated) -> Floats:
    """Return d SIMM of a product class / d margin of each risk class: (psi IM)_r / SIMM."""
    pulled = done.classes @ done.setup.calibration.psi
    total = done.products[:, None]
    return np.divide(pulled, total, out=np.zeros_like(pulled), where=total > 0)
