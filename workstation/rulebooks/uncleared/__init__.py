"""What the margin rules of the US regulators make of an uncleared swaps account's margin."""
