"""Choose the fastest kernel build this processor can run."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ParamSpec

from workstation.kernels import reference
from workstation.kernels.checks import COLUMNS, checked

P = ParamSpec("P")

OVERRIDE = "WORKSTATION_KERNEL"
# Each level runs where numpy reports all features of any one of its sets (names vary by version).
NEEDS: dict[str, tuple[frozenset[str], ...]] = {
    "avx512": (frozenset({"X86_V4"}), frozenset({"AVX512F", "AVX512VL", "AVX512DQ", "FMA3"})),
    "avx2": (frozenset({"X86_V3"}), frozenset({"AVX2", "FMA3"})),
    "base": (frozenset(),),
}


class KernelChoiceError(ValueError):
    """The environment names a kernel build that does not exist or cannot run here."""


# Every kernel, and the extension that holds its compiled form.
EXTENSIONS = {
    "european_values": "options", "european_pnl": "options", "european_greeks": "options",
    "inverse_values": "options", "inverse_pnl": "options",
    "bachelier_values": "options", "american_values": "options", "tree_values": "options",
    "aggregate": "sums", "offset_gains": "sums", "worst_without_each": "sums",
    "shortfall_without_each": "sums", "pair_sums": "sums",
    "best_pairs": "pairing", "cascade_paths": "cascade",
}
ONE_BUILD = frozenset({"pairing"})  # whole numbers only: nothing to gain from wider registers


@dataclass(frozen=True, slots=True)
class Kernels:
    """One build of every kernel, each behind the check of its arguments."""

    level: str
    table: Mapping[str, Callable[..., None]]

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Return a kernel by its name."""
        try:
            return self.table[name]
        except KeyError:
            raise AttributeError(name) from None

    def like(self, twin: Callable[P, None]) -> Callable[P, None]:
        """Return this build's form of a twin."""
        return self.table[twin.__name__]


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
            return _guarded(level, build)
    if wanted not in (None, "", "reference"):
        raise KernelChoiceError(
            f"{OVERRIDE}={wanted}: this build is missing or the processor cannot run it; "
            f"choose {', '.join(available())}")
    return _guarded("reference", {name: getattr(reference, name) for name in EXTENSIONS})


def _guarded(level: str, table: Mapping[str, Callable[..., None]]) -> Kernels:
    return Kernels(level, {name: checked(kernel, COLUMNS[name]) for name, kernel in table.items()})


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


def _load(level: str) -> Mapping[str, Callable[..., None]] | None:
    """Return the kernels of a level, or None where it is not built or cannot run."""
    if level == "reference" or not any(need <= processor_features() for need in NEEDS[level]):
        return None
    try:
        return {name: getattr(_extension(extension, level), name)
                for name, extension in EXTENSIONS.items()}
    except ImportError:
        return None


def _extension(name: str, level: str) -> Any:
    built = "base" if name in ONE_BUILD else level
    return import_module(f"workstation.kernels._{name}_{built}")


CHOSEN = choose(os.environ.get(OVERRIDE))
LEVEL = CHOSEN.level
