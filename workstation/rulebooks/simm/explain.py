"""Why a portfolio must post what it must: a tree that adds up, factor by factor.

Aggregation takes square roots, so the margins of parts do not add up by themselves. The tree
holds what each part contributes (Euler allocation of the margin without concentration), then what
concentration adds, bucket by bucket; the margins as they stand alone are shown as inputs.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.explain import Citation, Explained, Standing, leaf, total
from workstation.base.money import money
from workstation.rulebooks.simm.allocation import Allocation, allocate
from workstation.rulebooks.simm.block import Evaluated
from workstation.rulebooks.simm.calibration import Calibration
from workstation.rulebooks.simm.engine import Calculated, class_weights
from workstation.rulebooks.simm.margin import PortfolioMargin
from workstation.rulebooks.simm.netting import Netted
from workstation.rulebooks.simm.notice import LICENCE_NOTICE
from workstation.rulebooks.simm.tables import PREFIXES
from workstation.rulebooks.simm.vocabulary import (
    BUCKETS,
    CURVATURE,
    IR,
    MEASURES,
    PRODUCT_CLASSES,
    RISK_CLASSES,
    RISK_TYPES,
    TENORS,
)

Floats = NDArray[np.float64]
DIGITS = 6
"""Contributions are shown to a millionth of a dollar; what that leaves is a line of its own."""


def explained(margin: PortfolioMargin) -> Explained:
    """Return the tree of one portfolio's margin."""
    full = margin.calculated()
    allocation = allocate(full)
    parts = [_product_class(allocation, cell) for cell in range(len(PRODUCT_CLASSES))
             if full.products[cell]]
    parts += _add_ons(margin)
    regulations = ", ".join(margin.regulations)
    node = total(f"{margin.portfolio}: initial margin, {margin.side} side", *parts,
                 cite=_cite(full.setup.calibration, "total"))
    inputs = (("calibration", full.setup.calibration.described), ("horizon", full.setup.mpor),
              ("calculation currency", full.setup.currency), ("regulation", regulations),
              *((f"measure line {name.lower()}", _figure(margin.lines[i]))
                for i, name in enumerate(MEASURES)), ("licence", LICENCE_NOTICE))
    return Explained(node.label, node.amount, node.cite, inputs, node.parts, "sum")


def _product_class(allocation: Allocation, cell: int) -> Explained:
    full = allocation.full
    margin = money(float(full.products[cell]))
    base = [node for risk_class in range(len(RISK_CLASSES))
            if (node := _risk_class(allocation, cell, risk_class)) is not None]
    parts = [total("Without concentration, by contribution", *base)]
    if full.products[cell] != allocation.plain.products[cell]:
        parts.append(_uplift(allocation, cell))
    rest = margin - sum((part.amount for part in parts), Decimal(0))
    if rest:
        parts.append(leaf("Rounding of the contributions", rest))
    node = total(PRODUCT_CLASSES[cell], *parts,
                 cite=_cite(full.setup.calibration, "psi", "psi"))
    alone = tuple((f"{RISK_CLASSES[r]} alone", _figure(full.classes[cell, r]))
                  for r in range(len(RISK_CLASSES)) if full.classes[cell, r])
    formula = ("formula", "square root of the sum of psi * IM * IM over pairs of risk classes")
    return Explained(node.label, node.amount, node.cite, (formula, *alone), node.parts, "sum")


def _risk_class(allocation: Allocation, cell: int, risk_class: int) -> Explained | None:
    full, plain = allocation.full, allocation.plain
    measures = [node for part, amounts in zip(full.parts, allocation.euler, strict=True)
                if part.block.risk_class == risk_class
                and (node := _measure(full, part, amounts, cell)) is not None]
    if not measures:
        return None
    node = total(RISK_CLASSES[risk_class], *measures,
                 cite=_cite(full.setup.calibration, RISK_CLASSES[risk_class],
                            PREFIXES[RISK_CLASSES[risk_class]]))
    weight = class_weights(plain)[cell, risk_class]
    inputs = (("margin alone", _figure(full.classes[cell, risk_class])),
              ("without concentration", _figure(plain.classes[cell, risk_class])),
              ("share counted after psi", f"{weight:.4f}"))
    return Explained(node.label, node.amount, node.cite, inputs, node.parts, "sum")


def _measure(full: Calculated, part: Evaluated, amounts: Floats, cell: int) -> Explained | None:
    block = part.block
    mine = np.flatnonzero(full.netted.cell[block.rows] == cell)
    if not len(mine):
        return None
    by_bucket: dict[int, list[Explained]] = defaultdict(list)
    for place in mine.tolist():
        row = int(block.rows[place])
        factor = int(block.factor[place])
        by_bucket[int(block.bucket[factor])].append(
            _factor(full.netted, part, row, factor, float(block.scale[place]), amounts[row]))
    buckets = [_bucket(full.netted, part, bucket, factors)
               for bucket, factors in sorted(by_bucket.items())]
    node = total(MEASURES[block.measure], *buckets)
    inputs = [("margin alone", _figure(part.margin[cell]))]
    if block.measure == CURVATURE:
        sides = slice(2 * cell, 2 * cell + 1)
        inputs += [("theta", f"{part.theta[sides][0]:.6f}"),
                   ("lambda", f"{part.lift[sides][0]:.6f}")]
    return Explained(node.label, node.amount, None, tuple(inputs), node.parts, "sum")


def _bucket(netted: Netted, part: Evaluated, bucket: int, factors: list[Explained]) -> Explained:
    node = total(_bucket_name(netted, part, bucket), *factors)
    inputs = [("K", _figure(part.k[bucket])), ("sum of weighted", _figure(part.total[bucket])),
              ("S", _figure(part.s[bucket])),
              ("gamma contributions", _figure(part.s[bucket] * part.across[bucket]))]
    if part.block.risk_class == IR and part.block.crowds is not None:
        inputs.append(("concentration factor", f"{part.crowd_level[bucket]:.6f}"))
    return Explained(node.label, node.amount, None, tuple(inputs), node.parts, "sum")


def _factor(netted: Netted, part: Evaluated, row: int, factor: int, scale: float,
            amount: float) -> Explained:
    label = " ".join(word for word in (
        RISK_TYPES[int(netted.kind[row])].name, netted.names[int(netted.name[row])],
        TENORS[int(netted.label[row])] if netted.label[row] >= 0 else "",
        netted.subs[int(netted.sub[row])]) if word)
    inputs = [("net sensitivity", _figure(netted.amount[row])),
              ("risk weight", f"{scale * part.block.weight[factor]:g}")]
    if part.block.crowds is not None:
        inputs.append(("concentration factor", f"{part.level[factor]:.6f}"))
    inputs.append(("weighted", _figure(
        scale * part.block.weight[factor] * part.level[factor] * netted.amount[row])))
    return Explained(label, _shown(amount), None, tuple(inputs))


def _uplift(allocation: Allocation, cell: int) -> Explained:
    """Return what concentration adds, by risk class, measure and bucket."""
    full = allocation.full
    nodes = []
    for part, amounts in zip(full.parts, allocation.uplift, strict=True):
        block = part.block
        mine = full.netted.cell[block.rows] == cell
        bucket = block.bucket[block.factor][mine]
        sums = np.bincount(bucket, amounts[block.rows][mine], block.buckets)
        leaves = [leaf(_bucket_name(full.netted, part, number), _shown(float(sums[number])))
                  for number in np.unique(bucket).tolist() if _shown(float(sums[number]))]
        if leaves:
            nodes.append(total(f"{RISK_CLASSES[block.risk_class]} {MEASURES[block.measure]}",
                               *leaves))
    return total("Concentration uplift", *nodes,
                 cite=_cite(full.setup.calibration, "concentration thresholds", "threshold"))


def _bucket_name(netted: Netted, part: Evaluated, bucket: int) -> str:
    block = part.block
    if block.risk_class == IR:
        factor = int(np.flatnonzero(block.bucket == bucket)[0])
        row = int(block.rows[int(np.flatnonzero(block.factor == factor)[0])])
        return netted.names[int(netted.name[row])]
    names = BUCKETS.get(block.risk_class)
    if names is None or len(block.outer.gamma) == 1:
        return "All"
    return f"Bucket {names[int(block.outer.number[bucket])]}"


def _add_ons(margin: PortfolioMargin) -> list[Explained]:
    cite = _cite(margin.setup.calibration, "additional initial margin")
    extra = margin.add_ons
    nodes = [leaf(f"Fixed add-on {name}".strip(), money(amount), cite)
             for name, amount in extra.fixed]
    nodes += [leaf(f"Add-on on {product}", money(amount), cite, factor=f"{factor:g} %",
                   gross_notional=_figure(gross))
              for product, factor, gross, amount in extra.notionals]
    multiplied = extra.multiplied(margin.products)
    nodes += [leaf(f"Multiplier of {name}", money(multiplied[name]), cite, multiplier=f"{factor:g}",
                   margin=_figure(float(margin.products[PRODUCT_CLASSES.index(name)])))
              for name, factor in extra.multipliers]
    return [total("Additional margin", *nodes, cite=cite)] if nodes else []


def _cite(calibration: Calibration, paragraph: str, tables: str = "") -> Citation:
    standing: Standing = "sourced" if calibration.built_in else "house"
    doubtful = any(value == "unverified" for name, value in calibration.standings.items()
                   if tables and tables in name)
    return Citation("ISDA SIMM", f", {paragraph}", calibration.version,
                    "unverified" if doubtful else standing)


def _shown(amount: float) -> Decimal:
    return money(round(float(amount), DIGITS))


def _figure(amount: float) -> str:
    return f"{float(amount):,.2f}"
