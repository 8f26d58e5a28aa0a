"""Who is working: the name entries of the audit trail, branches and versions carry."""

from __future__ import annotations

import getpass


def author() -> str:
    """Return the user's name as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown user"
