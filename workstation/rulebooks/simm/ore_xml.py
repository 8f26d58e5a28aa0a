"""Read the calibration XML of the Open Source Risk Engine into the tables of a calibration.

A diagonal entry that is missing is 1, a missing mirror entry equals its partner, and two mirror
entries that differ are an error. Names such as `latest` are that program's own and are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from workstation.rulebooks.simm.vocabulary import BUCKETS, RESIDUAL, RISK_CLASSES, TENORS

_IGNORED = "latest"
# Our table, the element that holds it, by margin period of risk.
_WEIGHTS = {"delta_rw": "Delta", "vega_rw": "Vega", "hvr": "HistoricalVolatilityRatio",
            "inflation_rw": "Inflation", "xccy_basis_rw": "XCcyBasis",
            "base_corr_rw": "BaseCorrelation"}
_NUMBERS = {"corr_inflation": "Inflation", "corr_outer": "Outer", "corr_subcurves": "SubCurves",
            "corr_xccy_basis": "XCcyBasis", "corr_base_correlation": "BaseCorrelation",
            "corr_volatility": "Volatility"}


def read_ore(text: str) -> Mapping[str, Any]:
    """Return version, effective date and tables; raises ValueError saying what is wrong."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(f"not readable as XML: {error}") from error
    found = root if root.tag == "SIMMCalibration" else root.find("SIMMCalibration")
    if found is None:
        raise ValueError("the XML holds no SIMMCalibration")
    names = [name.text.strip() for name in found.iterfind("VersionNames/Name")
             if name.text and name.text.strip().casefold() != _IGNORED]
    tables: dict[str, Any] = {}
    for number, risk_class in enumerate(RISK_CLASSES):
        element = found.find(risk_class)
        if element is None:
            raise ValueError(f"the XML has no {risk_class}")
        tables[risk_class] = _risk_class(element, number)
    tables["psi"] = _matrix(found.findall("RiskClassCorrelations/Correlation"), RISK_CLASSES)
    return {"version": names[0] if names else found.get("id", "unnamed"),
            "effective": found.findtext("AdditionalFields/SIMM_EffectiveDate", ""),
            "tables": tables}


def _risk_class(element: Element, number: int) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for name, tag in _WEIGHTS.items():
        by_mpor = {f"{item.get('mporDays')}d": _weights(item)
                   for item in element.findall(f"RiskWeights/{tag}")}
        if by_mpor:
            tables[name] = by_mpor
    tables |= _groups(element)
    for name, tag in (("delta_threshold_usd_mm", "Delta"), ("vega_threshold_usd_mm", "Vega")):
        thresholds = element.findall(f"ConcentrationThresholds/{tag}/Threshold")
        if thresholds:
            tables[name] = _by_key(thresholds)
    _correlations(element, number, tables)
    return tables


def _groups(element: Element) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for name, place in (("rw_currency_groups", "RiskWeights"),
                        ("threshold_currency_groups", "ConcentrationThresholds")):
        groups: dict[str, list[str]] = {}
        for item in element.iterfind(f"{place}/CurrencyLists/Currency"):
            groups.setdefault(item.get("bucket", ""), []).append((item.text or "").strip())
        if groups:
            tables[name] = groups
    return tables


def _correlations(element: Element, number: int, tables: dict[str, Any]) -> None:
    for name, tag in _NUMBERS.items():
        text = element.findtext(f"Correlations/{tag}")
        if text is not None:
            tables[name] = float(text)
    inside = element.findall("Correlations/IntraBucket/Correlation")
    if number == 0:
        tables["tenors"] = list(TENORS)
        tables["tenor_corr"] = _matrix(inside, TENORS)
    elif inside:
        tables["intra_corr"] = _by_key(inside)
    across = element.findall("Correlations/InterBucket/Correlation")
    if across:
        order = [name for name in BUCKETS[number] if name != RESIDUAL]
        tables["inter_corr_buckets"] = order
        tables["inter_corr"] = _matrix(across, order)


def _weights(element: Element) -> Any:
    items = element.findall("Weight")
    if not items:
        return float(element.text or "nan")
    if any(item.get("bucket") and item.get("label1") for item in items):
        table: dict[str, dict[str, float]] = {}
        for item in items:
            row = table.setdefault(item.get("bucket", ""), {})
            row[item.get("label1", "")] = float(item.text or "nan")
        return table
    return _by_key(items)


def _by_key(items: Sequence[Element]) -> Any:
    """Return one number where there is one without a key, else numbers by key."""
    keyed = {_key(item): float(item.text or "nan") for item in items}
    return keyed[""] if set(keyed) == {""} else keyed


def _key(item: Element) -> str:
    bucket, one, other = (item.get(name, "") for name in ("bucket", "label1", "label2"))
    if bucket and one:
        return f"calc={bucket}|{one}|{other}"
    return bucket or "|".join(part for part in (one, other) if part)


def _matrix(items: Sequence[Element], order: Sequence[str]) -> list[list[float]]:
    stated: dict[tuple[str, str], float] = {}
    for item in items:
        pair = item.get("label1", ""), item.get("label2", "")
        value = float(item.text or "nan")
        if stated.get(pair[::-1], value) != value:
            raise ValueError(f"the correlations of {pair[0]} and {pair[1]} contradict each other")
        stated[pair] = value

    def entry(one: str, other: str) -> float:
        if one == other:
            return stated.get((one, other), 1.0)
        found = stated.get((one, other), stated.get((other, one)))
        if found is None:
            raise ValueError(f"the correlation of {one} and {other} is missing")
        return found

    return [[entry(one, other) for other in order] for one in order]
