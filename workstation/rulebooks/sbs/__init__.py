"""Security-based swaps that are not cleared: Rule 18a-3 and what stands around it."""
