"""Ledger of every offset considered, and the bridge between totals."""
