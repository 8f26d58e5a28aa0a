"""CRIF rows for tests: a file on disk from tuples, and random portfolios."""

import csv

from hypothesis import strategies as st

from workstation.importers.crif import CrifOptions, read_crif
from workstation.rulebooks.simm.vocabulary import CREDIT_TENORS, SUB_CURVES, TENORS

HEADER = ("TradeID", "PortfolioID", "ProductClass", "RiskType", "Qualifier", "Bucket", "Label1",
          "Label2", "AmountUSD")
CURRENCIES = ("USD", "EUR", "JPY", "BRL", "ZMW", "GBP")


def written(folder, rows, header=HEADER, delimiter=",", name="crif.csv"):
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def read(folder, rows, **options):
    """Read rows without trade and portfolio: (class, type, qualifier, bucket, l1, l2, amount)."""
    full = [(f"T{i}", "P", *row) for i, row in enumerate(rows)]
    return read_crif(written(folder, full), CrifOptions(**options))


amounts = st.floats(-1e9, 1e9).filter(lambda a: abs(a) > 1).map(lambda a: round(a, 2))


def _row(product, kind, qualifier, bucket="", label1="", label2=""):
    return st.tuples(*(part if isinstance(part, st.SearchStrategy) else st.just(part)
                       for part in (product, kind, qualifier, bucket, label1, label2)), amounts)


_products = st.sampled_from(("RatesFX", "Credit", "Equity", "Commodity"))
_currency = st.sampled_from(CURRENCIES)
_issuer = st.integers(0, 12)


def _bucketed(kind, count, label1="", label2=""):
    """Rows whose issuer fixes the bucket, so that no qualifier is in two buckets."""
    return _issuer.flatmap(lambda n: _row(
        _products, kind, f"NAME{n}", str(n % count + 1) if n else "Residual", label1, label2))


rows = st.one_of(
    _row(_products, "Risk_IRCurve", _currency, "", st.sampled_from(TENORS),
         st.sampled_from(SUB_CURVES[:5])),
    _row(_products, "Risk_Inflation", _currency),
    _row(_products, "Risk_XCcyBasis", _currency),
    _row(_products, st.sampled_from(("Risk_IRVol", "Risk_InflationVol")), _currency, "",
         st.sampled_from(TENORS)),
    _bucketed("Risk_CreditQ", 12, st.sampled_from(CREDIT_TENORS), st.sampled_from(("USD", "EUR"))),
    _bucketed("Risk_CreditVol", 12, st.sampled_from(CREDIT_TENORS)),
    _bucketed("Risk_CreditNonQ", 2, st.sampled_from(CREDIT_TENORS), st.sampled_from(("CMBX", "A"))),
    _bucketed("Risk_CreditVolNonQ", 2, st.sampled_from(CREDIT_TENORS)),
    _bucketed("Risk_Equity", 12),
    _bucketed("Risk_EquityVol", 12, st.sampled_from(TENORS)),
    _issuer.flatmap(lambda n: _row(_products, "Risk_Commodity", f"C{n}", str(n + 1))),
    _issuer.flatmap(lambda n: _row(_products, "Risk_CommodityVol", f"C{n}", str(n + 1),
                                   st.sampled_from(TENORS))),
    _row(_products, "Risk_BaseCorr", st.sampled_from(("CDX IG", "CDX HY", "iTraxx"))),
    _row(_products, "Risk_FX", _currency),
    _row(_products, "Risk_FXVol", st.sampled_from(("EURUSD", "USDEUR", "GBPJPY", "USDZMW")), "",
         st.sampled_from(TENORS)),
)
books = st.lists(rows, min_size=1, max_size=25)
small_books = st.lists(rows, min_size=1, max_size=6)
