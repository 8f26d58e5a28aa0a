"""The net sensitivity of one account to one risk factor, as a plain value a review keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactorAmount:
    """A risk factor in CRIF words; `usd` is net of `rows` rows, positive where the client gains."""

    account_id: str
    product_class: str
    risk_type: str
    qualifier: str
    bucket: str
    tenor: str
    usd: float
    rows: int = 1
