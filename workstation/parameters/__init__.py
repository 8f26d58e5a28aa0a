"""Dated, cited rule parameters and overlays."""
