"""Sensitivity-based initial margin, as the published methodology states it."""
