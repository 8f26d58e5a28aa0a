"""Offline workstation for cross-product portfolio margin."""

__version__ = "0.1.0"
