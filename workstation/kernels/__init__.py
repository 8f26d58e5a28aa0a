"""Compiled kernels behind one import; `reference` holds the readable twins."""

from workstation.kernels import reference
from workstation.kernels.dispatch import CHOSEN, LEVEL, kernel_report

aggregate = CHOSEN.like(reference.aggregate)
american_values = CHOSEN.like(reference.american_values)
bachelier_values = CHOSEN.like(reference.bachelier_values)
best_pairs = CHOSEN.like(reference.best_pairs)
cascade_paths = CHOSEN.like(reference.cascade_paths)
european_greeks = CHOSEN.like(reference.european_greeks)
european_pnl = CHOSEN.like(reference.european_pnl)
european_values = CHOSEN.like(reference.european_values)
inverse_pnl = CHOSEN.like(reference.inverse_pnl)
inverse_values = CHOSEN.like(reference.inverse_values)
offset_gains = CHOSEN.like(reference.offset_gains)
pair_sums = CHOSEN.like(reference.pair_sums)
shortfall_without_each = CHOSEN.like(reference.shortfall_without_each)
tree_values = CHOSEN.like(reference.tree_values)
worst_without_each = CHOSEN.like(reference.worst_without_each)

__all__ = [
    "LEVEL", "aggregate", "american_values", "bachelier_values", "best_pairs", "cascade_paths",
    "european_greeks", "european_pnl", "european_values", "inverse_pnl", "inverse_values",
    "kernel_report", "offset_gains", "pair_sums", "shortfall_without_each", "tree_values",
    "worst_without_each",
]
