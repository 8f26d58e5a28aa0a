"""`python -m tests.benchmarks.simm`: a CRIF of 100,000 rows read and margined; 481 small books.

Prints one JSON object: best and median seconds. Where the Open Source Risk Engine's wheel is
installed its calculation of the same file is timed in the same process.
"""

import csv
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from workstation.importers.crif import read_crif
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.explain import explained
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.vocabulary import CREDIT_TENORS, SUB_CURVES, TENORS

ROWS, SMALL_BOOKS, SMALL_ROWS = 100_000, 481, 20
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "SEK", "BRL", "MXN", "ZAR", "NOK")
HEADER = ("TradeID", "PortfolioID", "ProductClass", "RiskType", "Qualifier", "Bucket", "Label1",
          "Label2", "AmountCurrency", "Amount", "AmountUSD", "IM_Model")


def rows(rng, count, portfolio):
    picks = rng.integers(0, 9, count)
    for number, pick in enumerate(picks):
        size = f"{rng.normal() * 1e5:.2f}"
        yield (f"T{number}", portfolio, *one(rng, pick), "USD", size, size, "SIMM")


def one(rng, pick):
    currency, tenor = rng.choice(CURRENCIES), rng.choice(TENORS)
    name, kind = rng.integers(2600), rng.integers(100)
    pair = "".join(rng.choice(CURRENCIES, 2, replace=False))
    return (
        ("RatesFX", "Risk_IRCurve", currency, "", tenor, rng.choice(SUB_CURVES[:5])),
        ("RatesFX", "Risk_IRVol", currency, "", tenor, ""),
        ("Credit", "Risk_CreditQ", f"ISIN:{name % 700}", name % 700 % 12 + 1,
         rng.choice(CREDIT_TENORS), "USD"),
        ("Equity", "Risk_Equity", f"ISIN:E{name}", name % 12 + 1, "", ""),
        ("Equity", "Risk_EquityVol", f"ISIN:E{name}", name % 12 + 1, tenor, ""),
        ("Commodity", "Risk_Commodity", f"C{kind}", kind % 17 + 1, "", ""),
        ("Commodity", "Risk_CommodityVol", f"C{kind}", kind % 17 + 1, tenor, ""),
        ("RatesFX", "Risk_FX", currency, "", "", ""),
        ("RatesFX", "Risk_FXVol", pair, "", tenor, ""))[pick]


def written(path, portfolios):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for found in portfolios:
            writer.writerows(found)


def timed(run, repetitions=7):
    taken = []
    for _ in range(repetitions):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return {"best_s": round(min(taken), 4), "median_s": round(statistics.median(taken), 4)}


def peer(crif, ours):
    """Time ORE on the same rows; its loading is not counted."""
    try:
        import ORE
    except ImportError:
        return "not installed"
    record, mapper = ORE.CrifRecord, ORE.SimmBucketMapperBase()
    loaded, netting_set = ORE.Crif(), ORE.NettingSetDetails("P")
    for row in range(len(crif)):
        kind = getattr(record, f"RiskType_{crif.risk_type[row].removeprefix('Risk_')}")
        if crif.bucket[row]:
            mapper.addMapping(kind, crif.qualifier[row], crif.bucket[row])
        loaded.addRecord(record(
            crif.trade[row], "", netting_set,
            getattr(record, f"ProductClass_{crif.product_class[row]}"), kind, crif.qualifier[row],
            crif.bucket[row], crif.label1[row], crif.label2[row], "USD", float(crif.usd[row]),
            float(crif.usd[row])))
    start = time.perf_counter()
    calculator = ORE.SimmCalculator(
        loaded, ORE.SimmConfiguration_ISDA_V2_8_2512(mapper, 10))
    sides = ORE.SimmConfiguration
    total = calculator.simmResults(
        sides.SimmSide_Call, netting_set, record.Regulation_Unspecified).get(
        record.ProductClass_All, sides.RiskClass_All, sides.MarginType_All, "All")
    taken = time.perf_counter() - start
    return {"seconds": round(taken, 3), "times ours": round(taken / ours["median_s"]),
            "total": total}


def main():
    rng = np.random.default_rng(17)
    setup = Setup(editions.shipped()[-1])
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large.csv", Path(folder) / "small.csv"
        written(large, [rows(rng, ROWS, "P")])
        written(small, [rows(rng, SMALL_ROWS, f"P{n}") for n in range(SMALL_BOOKS)])
        crif, books = read_crif(large).crif, read_crif(small).crif
        margin = margin_crif(crif, setup).portfolios[0]
        report = {
            "machine": platform.machine(), "processors": os.cpu_count(),
            "python": platform.python_version(), "numpy": np.__version__,
            "netted factors": len(margin.calculated().netted),
            "read 100,000 rows": timed(lambda: read_crif(large)),
            "margin 100,000 rows": timed(lambda: margin_crif(crif, setup)),
            "margin 481 small portfolios": timed(lambda: margin_crif(books, setup)),
            "total": margin.total,
            "explain 100,000 rows": timed(lambda: explained(margin), 3)}
    report["ORE on the same rows"] = peer(crif, report["margin 100,000 rows"])
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
