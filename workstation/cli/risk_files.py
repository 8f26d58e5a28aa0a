"""Risk-parameter files given on the line with a book."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_params_file(sub: argparse.ArgumentParser) -> None:
    """Declare the option."""
    sub.add_argument("--params-file", type=Path, action="append", default=[], metavar="FILE",
                     help="risk-parameter file (.pa2, .spn, or zipped) futures are margined from; "
                     "it sizes contracts no table has, and dates a book that states no date")
