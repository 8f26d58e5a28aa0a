"""Compiled kernels behind one import; `reference` holds the readable twins."""
