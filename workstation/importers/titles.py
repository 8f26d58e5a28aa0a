"""Lines of a sheet that name the account of the rows below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_ACCOUNT = 60
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (
    r"^positions for account\s+(?P<id>.+?)(?:\s+as of\b.*)?$",
    r"^account statement for\s+(?P<id>\S+).*$",
    r"^(?:account|acct|portfolio|fund|client|konto|depot|compte|cuenta|conto)"
    r"(?: (?:number|no|id|name))?\.?\s*[:#]\s*(?P<id>.+?)(?:\s+as of\b.*)?$",
    r"^(?:account|acct)(?: (?:number|no|id))?\.?\s+(?P<id>\S*\d\S*)$"))
_BARE = re.compile(r"(?:account|acct)[^:]*:?", re.IGNORECASE)


def account_named(cells: Sequence[str]) -> str:
    """Return the account a line's first filled cells name, or an empty text."""
    if not cells:
        return ""
    for form in _FORMS:
        found = form.match(cells[0])
        if found and len(found["id"]) < LONGEST_ACCOUNT:
            return found["id"].strip(" :")
    return cells[1] if len(cells) > 1 and _BARE.fullmatch(cells[0]) else ""
