"""Where the reference vectors and data lie, when they lie beside the repository."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def shared(*parts: str) -> Path:
    """Return a file of the reference folder, or skip the test that needs it."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"reference file {'/'.join(parts)} is not beside this checkout")
    return path
