"""Rows of a CRIF netted to one amount a risk factor, for every run of the calculation at once.

A run is one portfolio on one side under one regulation. A cell is a run and a product class:
cell = run * (number of product classes) + product class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.crif import Crif, Labels
from workstation.rulebooks.simm.pair_sums import total_by
from workstation.rulebooks.simm.vocabulary import (
    BUCKETS,
    KIND,
    PRODUCT_CLASSES,
    RISK_TYPES,
    SUB_CURVES,
    TENORS,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NONE = -1
_LARGEST_KEY = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Netted:
    """One entry a risk factor and run: which factor, and its net amount in USD.

    `bucket` counts within the buckets of its class and `label` within the vertices (-1 for none);
    `name` counts in `names` (qualifiers) and `sub` in `subs` (Label2).
    """

    runs: int
    cell: Ints
    kind: Ints
    bucket: Ints
    name: Ints
    label: Ints
    sub: Ints
    amount: Floats
    names: tuple[str, ...]
    subs: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def cells(self) -> int:
        """Return the number of cells."""
        return self.runs * len(PRODUCT_CLASSES)


def net(crif: Crif, run_of: Sequence[Ints], sign: float = 1.0) -> Netted:
    """Net the sensitivities; `run_of` has the rows of each run, all signs turned by `sign`."""
    row = np.concatenate(run_of) if run_of else np.zeros(0, dtype=np.int64)
    run = np.repeat(np.arange(len(run_of)), [len(rows) for rows in run_of])
    kinds = _lookup(crif.risk_type, KIND)[row]
    sensitive = kinds != NONE
    row, run, kinds = row[sensitive], run[sensitive], kinds[sensitive]
    product = _lookup(crif.product_class, {n: i for i, n in enumerate(PRODUCT_CLASSES)})[row]
    columns = [run * len(PRODUCT_CLASSES) + product, kinds, _buckets(crif.bucket, row, kinds),
               crif.qualifier.codes[row],
               _lookup(crif.label1, {n: i for i, n in enumerate(TENORS)})[row],
               crif.label2.codes[row]]
    first, factor = grouped(columns)
    amounts = total_by(factor, sign * crif.usd[row], len(first))
    cell, kind, bucket, name, label, sub = (column[first] for column in columns)
    return Netted(len(run_of), cell, kind, bucket, name, label, sub, amounts,
                  crif.qualifier.names, crif.label2.names)


def grouped(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Return the first row of each distinct combination, and the combination of each row."""
    if not columns or not len(columns[0]):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    key = np.zeros(len(columns[0]), dtype=np.int64)
    reach = 1
    for column in columns:
        low = int(column.min())
        span = int(column.max()) - low + 1
        if reach * span > _LARGEST_KEY:
            held, key = np.unique(key, return_inverse=True)
            reach = len(held)
        key = key * span + (column - low)
        reach *= span
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)


def sub_curve_of(subs: Sequence[str]) -> Ints:
    """Return the number of the sub-curve each Label2 names, -1 for none."""
    known = {name: number for number, name in enumerate(SUB_CURVES)}
    return np.array([known.get(name, NONE) for name in subs], dtype=np.int64)


def _lookup(column: Labels, known: dict[str, int]) -> Ints:
    table = np.array([known.get(name, NONE) for name in column.names], dtype=np.int64)
    return table[column.codes] if len(table) else np.zeros(0, dtype=np.int64)


def _buckets(column: Labels, row: Ints, kinds: Ints) -> Ints:
    """Return bucket numbers; classes without buckets of their own have -1."""
    table = np.full((len(RISK_TYPES), max(len(column.names), 1)), NONE, dtype=np.int64)
    for kind, risk_type in enumerate(RISK_TYPES):
        known = BUCKETS.get(risk_type.risk_class, ())
        for code, name in enumerate(column.names):
            if name in known:
                table[kind, code] = known.index(name)
    return table[kinds, column.codes[row]]
