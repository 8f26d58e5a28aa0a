"""Compiled kernels behind one import; `reference` holds the readable twins."""

from workstation.kernels.dispatch import (
    LEVEL,
    aggregate,
    american_values,
    european_values,
    kernel_report,
)

__all__ = ["LEVEL", "aggregate", "american_values", "european_values", "kernel_report"]
