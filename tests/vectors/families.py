"""Every family of vectors the suite knows: one module a domain registers its own.

Where two domains use one family name, each marks its check with the cases it `accepts`.
"""

from importlib import import_module
from importlib.util import find_spec

from tests.vectors.runner import Check, together

DOMAINS = ("securities", "crypto", "futures", "cascades", "collateral", "simm", "schedule",
           "backtest")


def _known() -> dict[str, Check]:
    known: dict[str, list[Check]] = {}
    for domain in DOMAINS:
        name = f"tests.vectors.{domain}"
        if find_spec(name) is not None:
            for family, check in import_module(name).FAMILIES.items():
                known.setdefault(family, []).append(check)
    return {family: together(checks) for family, checks in known.items()}


FAMILIES = _known()
