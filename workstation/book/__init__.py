"""A client's accounts, positions and collateral, and their resolved columns."""
