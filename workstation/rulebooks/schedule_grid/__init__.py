"""The regulatory schedule (grid) of initial margin for uncleared swaps."""
