"""Arithmetic and result shapes that rulebooks share."""
