"""Every family of vectors the suite knows: one module a domain registers its own."""

from importlib import import_module
from importlib.util import find_spec

from tests.vectors.runner import Check

DOMAINS = ("securities", "crypto", "futures", "cascades", "collateral", "simm", "schedule",
           "backtest")


def _known() -> dict[str, Check]:
    known: dict[str, Check] = {}
    for domain in DOMAINS:
        name = f"tests.vectors.{domain}"
        if find_spec(name) is not None:
            known |= import_module(name).FAMILIES
    return known


FAMILIES = _known()
