"""How the commands print a document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def json_text(document: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """Return a document as the JSON every `--json` prints; raises ValueError for NaN."""
    return json.dumps(document, indent=1, allow_nan=False)
