"""The words a CRIF may use: columns and their synonyms, currencies, vertices, schedule classes."""

from __future__ import annotations

from workstation.rulebooks.simm.vocabulary import (
    PRODUCT_CLASSES,
    RISK_TYPES,
    SUB_CURVES,
    TENORS,
)

# Header as written (letters and digits only, lower case) -> column.
COLUMNS = {
    "tradeid": "trade", "portfolioid": "portfolio", "portfolio": "portfolio",
    "nettingset": "portfolio", "nettingsetid": "portfolio",
    "productclass": "product_class", "risktype": "risk_type", "qualifier": "qualifier",
    "bucket": "bucket", "label1": "label1", "label2": "label2", "label3": "label3",
    "amountcurrency": "currency", "currency": "currency", "amount": "amount",
    "amountusd": "amount_usd", "immodel": "model", "collectregulations": "collect",
    "postregulations": "post", "enddate": "end_date", "valuationdate": "valuation_date",
}
HEADERS = {"trade": "TradeID", "portfolio": "PortfolioID", "product_class": "ProductClass",
           "risk_type": "RiskType", "qualifier": "Qualifier", "bucket": "Bucket",
           "label1": "Label1", "label2": "Label2", "currency": "AmountCurrency",
           "amount": "Amount", "amount_usd": "AmountUSD", "model": "IM_Model",
           "collect": "collect_regulations", "post": "post_regulations", "end_date": "end_date"}
NULLS = frozenset({"", "#n/a"})

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU "
    "MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON "
    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW")
CURRENCIES = frozenset(_CODES.split())
OFFSHORE = {"CNH": "CNY"}
LOW_VOLATILITY = frozenset({"JPY"})
_REGULAR = "AUD CAD CHF DKK EUR GBP HKD KRW NOK NZD SEK SGD TWD USD"
REGULAR_VOLATILITY = frozenset(_REGULAR.split())

RISK_TYPE_NAMES = {item.name.casefold(): item for item in RISK_TYPES}
PRODUCT_CLASS_NAMES = {name.casefold(): name for name in PRODUCT_CLASSES}
SUB_CURVE_NAMES = {name.casefold(): name for name in SUB_CURVES}
TENOR_NAMES = {name: name for name in TENORS}
# Other ways to write a vertex, each taken with a warning.
TENOR_SYNONYMS = {"14d": "2w", "12m": "1y", "24m": "2y", "36m": "3y", "60m": "5y", "120m": "10y",
                  "180m": "15y", "240m": "20y", "360m": "30y"}
SCHEDULE_CLASSES = {"rates": "Rates", "fx": "FX", "credit": "Credit", "equity": "Equity",
                    "commodity": "Commodity", "other": "Other",
                    "crosscurrency": "CrossCurrency", "crosscurrencyswap": "CrossCurrency",
                    "xccy": "CrossCurrency"}
SCHEDULE_MODEL = "schedule"


def interest_rate_bucket(currency: str) -> str:
    """Return the volatility bucket a currency belongs to: 1 regular, 2 low, 3 high."""
    if currency in LOW_VOLATILITY:
        return "2"
    return "1" if currency in REGULAR_VOLATILITY else "3"
