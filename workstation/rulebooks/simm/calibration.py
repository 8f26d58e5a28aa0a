"""One calibration: its name, its origin, and its numbers, checked before any is used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.explain import Standing
from workstation.rulebooks.simm.tables import DEFAULT_GROUP, Tables
from workstation.rulebooks.simm.vocabulary import (
    BUCKETS,
    COMMODITY,
    CREDIT_NONQ,
    CREDIT_Q,
    EQUITY,
    FX,
    IR,
    RESIDUAL,
    RISK_CLASSES,
    TENORS,
    Mpor,
)

Floats = NDArray[np.float64]
USD_MILLION = 1e6
_TWO_DIMENSIONS = 2
FX_HIGH, FX_REGULAR = "1", "2"
# FX vega thresholds are stated by pair of threshold categories, in this order.
FX_PAIR_CATEGORIES = {("1", "1"): "1", ("1", "2"): "2", ("1", "3"): "3", ("2", "2"): "4",
                      ("2", "3"): "5", ("3", "3"): "6"}


class CalibrationError(ValueError):
    """A calibration lacks a table, or a table contradicts itself; says which."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """One version of the parameters, from the product's resources or from the user.

    `effective` is the first close of business that uses it; None where the file states none.
    """

    version: str
    tables: Tables
    effective: date | None = None
    published: str = ""
    origin: str = ""
    built_in: bool = False
    sha256: str = ""
    aliases: tuple[str, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def described(self) -> str:
        """Return the version with its origin, as a report prints it."""
        kind = "built-in" if self.built_in else f"user file, SHA-256 {self.sha256[:16]}"
        return f"{self.version} ({kind})"

    def has(self, mpor: Mpor) -> bool:
        """Say whether the calibration has tables for this margin period of risk."""
        return mpor in self.table(IR, "delta_rw")

    def table(self, risk_class: int, name: str) -> Any:
        """Return a table; raises CalibrationError where it is missing."""
        try:
            return self.tables[RISK_CLASSES[risk_class]][name]
        except KeyError:
            raise CalibrationError(
                f"calibration {self.version} has no {RISK_CLASSES[risk_class]} {name}") from None

    def number(self, risk_class: int, name: str) -> float:
        """Return a single number."""
        return float(self.table(risk_class, name))

    def of_mpor(self, risk_class: int, name: str, mpor: Mpor) -> Any:
        """Return a table of one margin period of risk."""
        table = self.table(risk_class, name)
        if mpor not in table:
            raise CalibrationError(f"calibration {self.version} has no {mpor} figures "
                                   f"({RISK_CLASSES[risk_class]} {name})")
        return table[mpor]

    def by_bucket(self, risk_class: int, table: Any) -> Floats:
        """Return one number a bucket, in bucket order; a single number holds for all."""
        names = BUCKETS[risk_class]
        if not isinstance(table, Mapping):
            return np.full(len(names), float(table))
        try:
            return np.array([float(table[name]) for name in names])
        except KeyError as error:
            raise CalibrationError(f"calibration {self.version}: {RISK_CLASSES[risk_class]} lacks "
                                   f"a figure for bucket {error}") from None

    def across(self, risk_class: int) -> Floats:
        """Return gamma between buckets with a zero diagonal and a zero residual bucket."""
        names = [name for name in BUCKETS[risk_class] if name != RESIDUAL]
        order = [str(name) for name in self.table(risk_class, "inter_corr_buckets")]
        matrix = np.array(self.table(risk_class, "inter_corr"), dtype=np.float64)
        picked = [order.index(name) for name in names]
        out = np.zeros((len(BUCKETS[risk_class]), len(BUCKETS[risk_class])))
        out[:len(names), :len(names)] = matrix[np.ix_(picked, picked)]
        np.fill_diagonal(out, 0.0)
        return out

    def group_of(self, risk_class: int, name: str) -> Callable[[str], str]:
        """Return the function that names the group of a currency."""
        groups = self.table(risk_class, name)
        known = {currency: group for group, members in groups.items() for currency in members}
        default = known[DEFAULT_GROUP]
        return lambda currency: str(known.get(currency, default))

    @property
    def psi(self) -> Floats:
        """Return the correlations of risk classes."""
        return np.array(self.tables["psi"], dtype=np.float64)


_COMMON = ("delta_rw", "vega_rw", "delta_threshold_usd_mm", "vega_threshold_usd_mm")
_NEEDED: dict[int, tuple[str, ...]] = {
    IR: (*_COMMON, "hvr", "inflation_rw", "xccy_basis_rw", "rw_currency_groups",
         "threshold_currency_groups", "tenor_corr", "corr_subcurves", "corr_inflation",
         "corr_xccy_basis", "corr_outer"),
    CREDIT_Q: (*_COMMON, "base_corr_rw", "intra_corr", "inter_corr", "inter_corr_buckets",
               "corr_base_correlation"),
    CREDIT_NONQ: (*_COMMON, "intra_corr", "inter_corr", "inter_corr_buckets"),
    EQUITY: (*_COMMON, "hvr", "intra_corr", "inter_corr", "inter_corr_buckets"),
    COMMODITY: (*_COMMON, "hvr", "intra_corr", "inter_corr", "inter_corr_buckets"),
    FX: (*_COMMON, "hvr", "intra_corr", "corr_volatility", "rw_currency_groups",
         "threshold_currency_groups"),
}


def _check(calibration: Calibration) -> None:
    for risk_class, names in _NEEDED.items():
        for name in names:
            calibration.table(risk_class, name)
    _check_matrix(calibration, calibration.tables["psi"], len(RISK_CLASSES), "psi")
    _check_matrix(calibration, calibration.table(IR, "tenor_corr"), len(TENORS), "tenor_corr")
    for risk_class in (CREDIT_Q, CREDIT_NONQ, EQUITY, COMMODITY):
        size = len([name for name in BUCKETS[risk_class] if name != RESIDUAL])
        label = f"{RISK_CLASSES[risk_class]} inter_corr"
        _check_matrix(calibration, calibration.table(risk_class, "inter_corr"), size, label)
        for name in _COMMON:
            _check_buckets(calibration, risk_class, name)
    _check_keys(calibration)
    _check_finite(calibration, calibration.tables, "")
    for risk_class in (IR, FX):
        for name in ("rw_currency_groups", "threshold_currency_groups"):
            _check_default(calibration, risk_class, name)


def _check_matrix(calibration: Calibration, raw: Sequence[Any], size: int, label: str) -> None:
    matrix = np.array(raw, dtype=np.float64)
    right = (matrix.ndim == _TWO_DIMENSIONS and matrix.shape == (size, size)
             and bool(np.array_equal(matrix, matrix.T)) and bool(np.all(np.diag(matrix) == 1))
             and bool(np.all(np.abs(matrix) <= 1)))
    if not right:
        raise CalibrationError(
            f"calibration {calibration.version}: {label} must be a symmetric {size} x {size} "
            "matrix of correlations with ones on the diagonal")


def _check_buckets(calibration: Calibration, risk_class: int, name: str) -> None:
    table = calibration.table(risk_class, name)
    for mpor in ("10d", "1d") if isinstance(table, Mapping) and "10d" in table else ():
        if mpor in table:
            calibration.by_bucket(risk_class, table[mpor])
    if not isinstance(table, Mapping) or "10d" not in table:
        calibration.by_bucket(risk_class, table)


def _check_keys(calibration: Calibration) -> None:
    """Check that every group, vertex and pair that may be asked for has its figure."""
    needed = chain(_rate_keys(calibration), _fx_keys(calibration), _credit_keys(calibration))
    for table, key, label in needed:
        if not isinstance(table, Mapping) or key not in table:
            raise CalibrationError(f"calibration {calibration.version}: {label} lacks {key!r}")


def _rate_keys(calibration: Calibration) -> Iterator[tuple[Any, str, str]]:
    for weights in calibration.table(IR, "delta_rw").values():
        for group in calibration.table(IR, "rw_currency_groups"):
            yield weights, group, "interest rate delta_rw"
            yield from ((weights[group], tenor, f"interest rate delta_rw {group}")
                        for tenor in TENORS)
    for group in calibration.table(IR, "threshold_currency_groups"):
        for measure in ("delta", "vega"):
            table = calibration.table(IR, f"{measure}_threshold_usd_mm")
            yield table, group, f"interest rate {measure} thresholds"


def _fx_keys(calibration: Calibration) -> Iterator[tuple[Any, str, str]]:
    for group in calibration.table(FX, "threshold_currency_groups"):
        yield calibration.table(FX, "delta_threshold_usd_mm"), group, "FX delta thresholds"
    for pair in FX_PAIR_CATEGORIES.values():
        yield calibration.table(FX, "vega_threshold_usd_mm"), pair, "FX vega thresholds"
    groups = (FX_HIGH, FX_REGULAR)
    pairs = [f"{one}|{other}" for one in groups for other in groups]
    for weights in calibration.table(FX, "delta_rw").values():
        yield from ((weights, pair, "FX delta_rw") for pair in pairs)
    rho = calibration.table(FX, "intra_corr")
    yield from ((rho, f"calc={own}|{pair}", "FX correlations")
                for own in groups for pair in pairs)


def _credit_keys(calibration: Calibration) -> Iterator[tuple[Any, str, str]]:
    for risk_class in (CREDIT_Q, CREDIT_NONQ):
        table = calibration.table(risk_class, "intra_corr")
        yield from ((table, f"{place}|{which}", f"{RISK_CLASSES[risk_class]} correlations")
                    for place in ("aggregate", "residual") for which in ("same", "different"))


def _check_finite(calibration: Calibration, table: Any, label: str) -> None:
    if isinstance(table, Mapping):
        for key, value in table.items():
            _check_finite(calibration, value, f"{label} {key}")
    elif isinstance(table, list | tuple):
        for value in table:
            _check_finite(calibration, value, label)
    elif not isinstance(table, str) and not math.isfinite(table):
        raise CalibrationError(f"calibration {calibration.version}:{label} is not a number")


def _check_default(calibration: Calibration, risk_class: int, name: str) -> None:
    groups = calibration.table(risk_class, name)
    defaults = [group for group, members in groups.items() if DEFAULT_GROUP in members]
    if len(defaults) != 1:
        raise CalibrationError(
            f"calibration {calibration.version}: {RISK_CLASSES[risk_class]} {name} must have "
            f"exactly one default group ({DEFAULT_GROUP}), not {len(defaults)}")
