"""Liquidation cascades."""
