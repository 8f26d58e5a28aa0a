"""The tables of a calibration as every format states them, and the house format.

`Tables` maps a risk class (and "psi") to its named tables; a table by margin period of risk has
the keys "10d" and "1d". Currency groups carry the word "Other" in the default group.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.parameters.store import Edition
from workstation.rulebooks.simm.vocabulary import RISK_CLASSES

Tables = Mapping[str, Any]
DEFAULT_GROUP = "Other"
_PREFIX = dict(zip(("ir", "credit_q", "credit_nonq", "equity", "commodity", "fx"), RISK_CLASSES,
                   strict=True))
_JSON_NAMES = {"corr_SubCurves": "corr_subcurves", "corr_Inflation": "corr_inflation",
               "corr_XCcyBasis": "corr_xccy_basis", "corr_Outer": "corr_outer",
               "corr_BaseCorrelation": "corr_base_correlation",
               "corr_Volatility": "corr_volatility"}
PREFIXES = {risk_class: f"{prefix}_" for prefix, risk_class in _PREFIX.items()}
"""How the names of a class's parameters begin in the house format."""


def edition_tables(edition: Edition) -> Tables:
    """Return the tables of a calibration in the house format; raises KeyError without psi."""
    found: dict[str, Any] = {name: {} for name in RISK_CLASSES}
    for name, parameter in edition.values.items():
        for prefix in sorted(_PREFIX, key=len, reverse=True):
            if name.startswith(f"{prefix}_"):
                found[_PREFIX[prefix]][name.removeprefix(f"{prefix}_")] = _nested(parameter.raw)
                break
    found["psi"] = edition.values["psi"].raw
    return found


def json_tables(document: Mapping[str, Any]) -> Tables:
    """Return the tables of a calibration written as JSON; raises KeyError for a missing class.

    Its names are ours but for the letter case of correlations.
    """
    found: dict[str, Any] = {}
    for name in RISK_CLASSES:
        found[name] = {_JSON_NAMES.get(key, key): value for key, value in document[name].items()}
    found["psi"] = document["psi"]
    return found


def _nested(raw: Any) -> Any:
    """Turn rows with the columns mpor and group into nested mappings."""
    if not isinstance(raw, list) or not raw or not isinstance(raw[0], dict):
        return raw
    nested: dict[str, Any] = {}
    for row in raw:
        rest = dict(row)
        keys = [rest.pop(name) for name in ("mpor", "group") if name in rest]
        value = _only(rest)
        if not keys:
            return value
        place = nested
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return nested


def _only(row: dict[str, Any]) -> Any:
    if set(row) == {"weight"}:
        return row["weight"]
    return row["currencies"] if set(row) == {"currencies"} else row
