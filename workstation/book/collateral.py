"""Collateral lots and the liens on them, as the client reported them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

LienType = Literal["pledge", "title_transfer", "statutory", "seg_lock"]


@dataclass(frozen=True, slots=True)
class CollateralLot:
    """One lot of the `Collateral` sheet; haircut is a decimal, None when the file has none.

    `price` times `quantity` is market value in `currency`. `settlement_lag` is in business days.
    `segregation` and `custodian` say where it lies; `in_transit` and `ineligible` are quantities.
    """

    lot: str
    account_id: str
    symbol: str
    asset_class: str
    quantity: Decimal
    price: Decimal
    currency: str = "USD"
    haircut: Decimal | None = None
    custodian: str = ""
    segregation: str = ""
    settlement_lag: int = 0
    issuer: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Lien:
    """One claim of the `Liens` sheet on a lot; `reuse` is the share the holder may re-use.

    `parent` names the lien (secured party) from which this one was made by re-use; empty for a
    claim given by the client itself.
    """

    lot: str
    quantity: Decimal
    secured_party: str
    obligation: str = ""
    type: LienType = "pledge"
    seniority: int = 1
    reuse: Decimal = Decimal(0)
    parent: str = ""
    release_lag: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """One holding of another market participant, from the `Agents` sheet."""

    agent: str
    archetype: str
    factor: str
    quantity: Decimal
    cash: Decimal
    leverage_limit: Decimal
    where: str = ""
