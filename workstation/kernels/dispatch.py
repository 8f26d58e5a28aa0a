"""Choose the fastest kernel build this processor can run."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from workstation.kernels import reference
from workstation.kernels.reference import Bools, Floats, Index

OVERRIDE = "WORKSTATION_KERNEL"
# Each level runs where numpy reports all features of any one of its sets (names vary by version).
NEEDS: dict[str, tuple[frozenset[str], ...]] = {
    "avx512": (frozenset({"X86_V4"}), frozenset({"AVX512F", "AVX512VL", "AVX512DQ", "FMA3"})),
    "avx2": (frozenset({"X86_V3"}), frozenset({"AVX2", "FMA3"})),
    "base": (frozenset(),),
}


class KernelChoiceError(ValueError):
    """The environment names a kernel build that does not exist or cannot run here."""


class Aggregate(Protocol):
    """Sums of positions by group."""

    def __call__(self, unit_pnl: Floats, quantity: Floats, first: Index, out: Floats) -> None:
        """Add to `out`."""


class OptionValues(Protocol):
    """Values of options over scenarios."""

    def __call__(self, spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                 volatility: Floats, is_call: Bools, price_moves: Floats,
                 volatility_factors: Floats, out: Floats) -> None:
        """Write to `out`."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """One build of every kernel."""

    level: str
    aggregate: Aggregate
    european_values: OptionValues
    american_values: OptionValues


def processor_features() -> frozenset[str]:
    """Return the names of the instruction sets numpy found; none where numpy does not say."""
    try:
        from numpy._core._multiarray_umath import __cpu_features__
    except ImportError:
        return frozenset()
    return frozenset(name for name, present in __cpu_features__.items() if present)


def available() -> tuple[str, ...]:
    """Return the levels that are built and run on this processor, fastest first."""
    return (*(level for level in NEEDS if _load(level) is not None), "reference")


def choose(wanted: str | None = None) -> Kernels:
    """Return the fastest build, or the one `wanted` names ("reference" for plain numpy)."""
    if wanted and wanted not in (*NEEDS, "reference"):
        choices = ", ".join(("reference", *reversed(NEEDS)))
        raise KernelChoiceError(f"{OVERRIDE}={wanted} is not a kernel build; choose {choices}")
    for level in [wanted] if wanted else [*NEEDS]:
        build = _load(level)
        if build is not None:
            return Kernels(level, build.aggregate, build.european_values, build.american_values)
    if wanted not in (None, "", "reference"):
        raise KernelChoiceError(
            f"{OVERRIDE}={wanted}: this build is missing or the processor cannot run it; "
            f"choose {', '.join(available())}")
    return Kernels("reference", reference.aggregate, reference.european_values,
                   reference.american_values)


def kernel_report() -> tuple[tuple[str, str], ...]:
    """Return what was chosen, what could be, and why, as label and text for diagnosis."""
    missing = [level for level in NEEDS if level not in available()]
    return (
        ("kernel in use", LEVEL + (" (slow numpy twins)" if LEVEL == "reference" else "")),
        ("builds that run here", ", ".join(available())),
        ("builds missing or not for this processor", ", ".join(missing) or "none"),
        ("forced by " + OVERRIDE, os.environ.get(OVERRIDE) or "no"),
        ("processor", platform.machine()),
    )


def _load(level: str) -> Any:
    """Return the extension module of a level, or None where it is not built or cannot run."""
    if level == "reference" or not any(need <= processor_features() for need in NEEDS[level]):
        return None
    try:
        return import_module(f"workstation.kernels._scenario_{level}")
    except ImportError:
        return None


CHOSEN = choose(os.environ.get(OVERRIDE))
LEVEL = CHOSEN.level
aggregate = CHOSEN.aggregate
european_values = CHOSEN.european_values
american_values = CHOSEN.american_values
