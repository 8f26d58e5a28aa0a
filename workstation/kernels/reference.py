"""All readable twins of the compiled kernels under one name; tests hold the two equal."""

from workstation.kernels.american import american_values
from workstation.kernels.cascade import cascade_paths
from workstation.kernels.european import (
    bachelier_values,
    european_greeks,
    european_pnl,
    european_values,
    inverse_pnl,
    inverse_values,
)
from workstation.kernels.pairing import best_pairs
from workstation.kernels.sums import (
    aggregate,
    offset_gains,
    pair_sums,
    shortfall_without_each,
    worst_without_each,
)
from workstation.kernels.tree import tree_values

__all__ = ["aggregate", "american_values", "bachelier_values", "best_pairs", "cascade_paths",
           "european_greeks", "european_pnl", "european_values", "inverse_pnl",
           "inverse_values", "offset_gains", "pair_sums", "shortfall_without_each",
           "tree_values", "worst_without_each"]
