"""The fixed words of the method: product and risk classes, risk types, vertices, buckets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mpor = Literal["10d", "1d"]

PRODUCT_CLASSES = ("RatesFX", "Credit", "Equity", "Commodity")
RISK_CLASSES = ("InterestRate", "CreditQualifying", "CreditNonQualifying", "Equity", "Commodity",
                "FX")
IR, CREDIT_Q, CREDIT_NONQ, EQUITY, COMMODITY, FX = range(len(RISK_CLASSES))
MEASURES = ("Delta", "Vega", "Curvature", "BaseCorr")
DELTA, VEGA, CURVATURE, BASE_CORR = range(len(MEASURES))

TENORS = ("2w", "1m", "3m", "6m", "1y", "2y", "3y", "5y", "10y", "15y", "20y", "30y")
CREDIT_TENORS = ("1y", "2y", "3y", "5y", "10y")
YEAR_DAYS = 365.0
TENOR_DAYS = (14.0, YEAR_DAYS / 12, YEAR_DAYS / 4, YEAR_DAYS / 2,
              *(YEAR_DAYS * years for years in (1, 2, 3, 5, 10, 15, 20, 30)))
SUB_CURVES = ("OIS", "Libor1m", "Libor3m", "Libor6m", "Libor12m", "Prime", "Municipal")
USD_SUB_CURVES = ("Prime", "Municipal")
RESIDUAL = "Residual"


def _numbered(last: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(1, last + 1))


_CREDIT_Q_LAST, _CREDIT_NONQ_LAST, _EQUITY_LAST, _COMMODITY_LAST = 12, 2, 12, 17
BUCKETS: dict[int, tuple[str, ...]] = {
    CREDIT_Q: (*_numbered(_CREDIT_Q_LAST), RESIDUAL),
    CREDIT_NONQ: (*_numbered(_CREDIT_NONQ_LAST), RESIDUAL),
    EQUITY: (*_numbered(_EQUITY_LAST), RESIDUAL),
    COMMODITY: _numbered(_COMMODITY_LAST),
}
VOLATILITY_INDICES = "12"
"""The equity bucket of volatility indices: vega counts, curvature is zero."""


@dataclass(frozen=True, slots=True)
class RiskType:
    """One CRIF risk type of a sensitivity: its class, and whether it is a volatility."""

    name: str
    risk_class: int
    is_volatility: bool = False
    tenors: tuple[str, ...] = ()
    """Allowed Label1; empty where the risk type has none."""


RISK_TYPES = (
    RiskType("Risk_IRCurve", IR, False, TENORS),
    RiskType("Risk_Inflation", IR),
    RiskType("Risk_XCcyBasis", IR),
    RiskType("Risk_IRVol", IR, True, TENORS),
    RiskType("Risk_InflationVol", IR, True, TENORS),
    RiskType("Risk_CreditQ", CREDIT_Q, False, CREDIT_TENORS),
    RiskType("Risk_CreditVol", CREDIT_Q, True, CREDIT_TENORS),
    RiskType("Risk_CreditNonQ", CREDIT_NONQ, False, CREDIT_TENORS),
    RiskType("Risk_CreditVolNonQ", CREDIT_NONQ, True, CREDIT_TENORS),
    RiskType("Risk_BaseCorr", CREDIT_Q),
    RiskType("Risk_Equity", EQUITY),
    RiskType("Risk_EquityVol", EQUITY, True, TENORS),
    RiskType("Risk_Commodity", COMMODITY),
    RiskType("Risk_CommodityVol", COMMODITY, True, TENORS),
    RiskType("Risk_FX", FX),
    RiskType("Risk_FXVol", FX, True, TENORS),
)
KIND = {item.name: kind for kind, item in enumerate(RISK_TYPES)}
(IR_CURVE, INFLATION, XCCY_BASIS, IR_VOL, INFLATION_VOL, CREDIT, CREDIT_VOL, NONQ, NONQ_VOL,
 BASE_CORRELATION, EQUITY_SPOT, EQUITY_VOL, COMMODITY_SPOT, COMMODITY_VOL, FX_SPOT,
 FX_VOL) = range(len(RISK_TYPES))

MULTIPLIER = "Param_ProductClassMultiplier"
FIXED_ADD_ON = "Param_AddOnFixedAmount"
NOTIONAL_FACTOR = "Param_AddOnNotionalFactor"
NOTIONAL = "Notional"
PRESENT_VALUE = "PV"
ADD_ON_TYPES = (MULTIPLIER, FIXED_ADD_ON, NOTIONAL_FACTOR, NOTIONAL)
