"""Check one kind of CRIF row (all its texts, not its amount) and write it in normal form."""

from __future__ import annotations

from dataclasses import dataclass, field

from workstation.book.crif_findings import Remark
from workstation.importers import crif_words as words
from workstation.rulebooks.simm.vocabulary import (
    ADD_ON_TYPES,
    BUCKETS,
    EQUITY,
    FX,
    IR,
    MULTIPLIER,
    NOTIONAL,
    NOTIONAL_FACTOR,
    PRESENT_VALUE,
    RESIDUAL,
    USD_SUB_CURVES,
    VOLATILITY_INDICES,
    RiskType,
)

_OTHER_TYPES = {name.casefold(): name for name in (*ADD_ON_TYPES, PRESENT_VALUE)}
_PAIR_LETTERS = 6
_CODE = 3
_LABEL2_KEPT = ("Risk_CreditQ", "Risk_CreditVol", "Risk_CreditNonQ", "Risk_CreditVolNonQ")


@dataclass(slots=True)
class Kind:
    """The texts of a row on the way to their normal form; `model` is in lower case."""

    risk_type: str
    product_class: str
    qualifier: str
    bucket: str
    label1: str
    label2: str
    model: str
    has_end_date: bool = False
    remarks: list[Remark] = field(default_factory=list)

    def note(self, code: str, column: str, value: str, reason: str) -> None:
        """Add a remark."""
        self.remarks.append(Remark(code, column, value, reason))

    @property
    def refused(self) -> bool:
        """Say whether a remark refuses the row."""
        return any(remark.code.startswith("E") for remark in self.remarks)


def check(kind: Kind) -> Kind:
    """Bring a row into normal form and note what was wrong with it."""
    folded = kind.risk_type.casefold()
    found = words.RISK_TYPE_NAMES.get(folded)
    name = found.name if found else _OTHER_TYPES.get(folded)
    if name is None:
        kind.note("E02", "RiskType", kind.risk_type, "unknown risk type")
        return kind
    if name != kind.risk_type:
        kind.note("W01", "RiskType", kind.risk_type, f"read as {name}")
        kind.risk_type = name
    if found is not None:
        _sensitivity(kind, found)
    elif _is_schedule(kind):
        _schedule(kind)
    else:
        _add_on(kind)
    return kind


def _is_schedule(kind: Kind) -> bool:
    if kind.model == words.SCHEDULE_MODEL or kind.risk_type == PRESENT_VALUE:
        return True
    named = kind.product_class.casefold() in words.SCHEDULE_CLASSES
    return not kind.model and kind.risk_type == NOTIONAL and named and kind.has_end_date


def _schedule(kind: Kind) -> None:
    kind.model = words.SCHEDULE_MODEL
    if kind.risk_type not in (NOTIONAL, PRESENT_VALUE):
        kind.note("E02", "RiskType", kind.risk_type, "a schedule row is Notional or PV")
    product = words.SCHEDULE_CLASSES.get(kind.product_class.casefold().replace("_", ""))
    if product is None:
        kind.note("E11", "ProductClass", kind.product_class, "not a product class of the schedule")
    else:
        kind.product_class = product


def _add_on(kind: Kind) -> None:
    kind.bucket = kind.label1 = kind.label2 = ""
    if kind.product_class:
        what = "notional of an add-on" if kind.risk_type == NOTIONAL else "parameter row"
        kind.note("E14", "ProductClass", kind.product_class,
                  f"the {what} must have an empty product class")
    elif kind.risk_type == MULTIPLIER:
        name = words.PRODUCT_CLASS_NAMES.get(kind.qualifier.casefold())
        if name is None:
            kind.note("E11", "Qualifier", kind.qualifier,
                      "the multiplier names no product class of the method")
        else:
            kind.qualifier = name
    elif kind.risk_type in (NOTIONAL, NOTIONAL_FACTOR) and not kind.qualifier:
        kind.note("E16", "Qualifier", "", "names no product")


def _sensitivity(kind: Kind, found: RiskType) -> None:
    product = words.PRODUCT_CLASS_NAMES.get(kind.product_class.casefold())
    if product is None:
        reason = ("a sensitivity needs a product class" if not kind.product_class else
                  "not a product class of the method")
        kind.note("E11", "ProductClass", kind.product_class, reason)
    else:
        kind.product_class = product
    _qualify(kind, found)
    _check_vertex(kind, found)
    if found.risk_class in BUCKETS and found.name != "Risk_BaseCorr":
        _check_bucket(kind, found)
    else:
        _derive_bucket(kind, found)
    if found.name == "Risk_IRCurve":
        _check_sub_curve(kind)
    elif found.name not in _LABEL2_KEPT:
        kind.label2 = ""


def _qualify(kind: Kind, found: RiskType) -> None:
    if found.name == "Risk_FXVol":
        _check_pair(kind)
    elif found.risk_class in (IR, FX):
        _check_currency(kind)
    elif not kind.qualifier:
        kind.note("E16", "Qualifier", "", "names no issuer, index or commodity")


def _check_currency(kind: Kind) -> None:
    code = kind.qualifier.upper()
    if code not in words.CURRENCIES:
        kind.note("E03", "Qualifier", kind.qualifier, "not a currency code")
        return
    kind.qualifier = words.OFFSHORE.get(code, code)
    if kind.qualifier != code:
        kind.note("W04", "Qualifier", code, f"taken as {kind.qualifier}")


def _check_pair(kind: Kind) -> None:
    pair = kind.qualifier.upper().replace("/", "")
    if len(pair) != _PAIR_LETTERS or not pair.isalpha():
        kind.note("E04", "Qualifier", kind.qualifier, "not a pair of six letters")
        return
    stated = [pair[:_CODE], pair[_CODE:]]
    unknown = [code for code in stated if code not in words.CURRENCIES]
    codes = [words.OFFSHORE.get(code, code) for code in stated]
    if unknown:
        kind.note("E03", "Qualifier", kind.qualifier, f"{unknown[0]} is not a currency code")
    elif codes[0] == codes[1]:
        kind.note("E04", "Qualifier", kind.qualifier, "a pair of one currency with itself")
    elif codes != stated:
        kind.note("W04", "Qualifier", kind.qualifier, f"taken as {''.join(codes)}")
    kind.qualifier = "".join(sorted(codes))


def _check_vertex(kind: Kind, found: RiskType) -> None:
    if not found.tenors:
        kind.label1 = ""
        return
    text = kind.label1.lower()
    tenor = words.TENOR_NAMES.get(text) or words.TENOR_SYNONYMS.get(text)
    if tenor is None or tenor not in found.tenors:
        reason = ("a volatility row needs an expiry" if not text and found.is_volatility else
                  f"not one of the vertices {' '.join(found.tenors)}")
        kind.note("E05", "Label1", kind.label1, reason)
        return
    if text not in words.TENOR_NAMES:
        kind.note("W07", "Label1", kind.label1, f"taken as {tenor}")
    kind.label1 = tenor


def _check_bucket(kind: Kind, found: RiskType) -> None:
    known = BUCKETS[found.risk_class]
    bucket = RESIDUAL if kind.bucket.casefold() == RESIDUAL.casefold() else kind.bucket
    if bucket not in known:
        kind.note("E06", "Bucket", kind.bucket,
                  f"the buckets of this class are {known[0]} to {known[-1]}")
    elif found.risk_class == EQUITY and found.is_volatility and bucket == VOLATILITY_INDICES:
        kind.note("W06", "Bucket", bucket,
                  "volatility index: vega counts, curvature is zero by rule")
    kind.bucket = bucket


def _derive_bucket(kind: Kind, found: RiskType) -> None:
    """Let the currency decide: the bucket of an interest-rate row says nothing."""
    if found.name == "Risk_IRCurve" and kind.bucket and not kind.refused:
        derived = words.interest_rate_bucket(kind.qualifier)
        if derived != kind.bucket:
            kind.note("W02", "Bucket", kind.bucket,
                      f"{kind.qualifier} belongs to bucket {derived}; the currency decides")
    kind.bucket = ""


def _check_sub_curve(kind: Kind) -> None:
    name = words.SUB_CURVE_NAMES.get(kind.label2.casefold())
    if name is None:
        kind.note("E12", "Label2", kind.label2, "not a sub-curve")
    elif name in USD_SUB_CURVES and kind.qualifier != "USD":
        kind.note("E12", "Label2", kind.label2, f"{name} exists for USD only")
    else:
        kind.label2 = name
