"""Regulation T, 12 CFR 220: initial margin of a securities margin account."""
