"""The import's well-known funds and indices against the house map of roots and leveraged funds."""

from datetime import date

import pytest

from workstation.importers import import_file
from workstation.importers.vocabulary import known_underlyings
from workstation.parameters.ruleset import RuleSet

EDITION = RuleSet(date(2026, 6, 15)).edition("underlyings")
CLASSES = {"index_high_cap": "broad_index_high_cap", "index_broad": "broad_index"}
ROOTS = next(p for p in EDITION.values.values() if p.unit.startswith("risk root")).rows
SCAN_OF = {row["root"]: row.get("scan") for row in ROOTS}


@pytest.mark.parametrize("row", EDITION["leveraged_funds"].rows, ids=lambda row: row["symbol"])
def test_a_leveraged_fund_has_one_factor_everywhere(row):
    known = known_underlyings()[row["symbol"]]
    assert known.leverage == row["leverage"]
    wanted = CLASSES.get(SCAN_OF[row["root"]])
    assert wanted in (None, known.underlying_class.value)


@pytest.mark.parametrize("row", [row for row in ROOTS if row.get("scan") in CLASSES],
                         ids=lambda row: row["root"])
def test_an_index_is_of_one_class_everywhere(row):
    """NASDAQ and small companies are broad but not of high capitalisation, Rel. 34-46576."""
    known = [known_underlyings()[s] for s in row["symbols"] if s in known_underlyings()]
    assert {item.underlying_class.value for item in known} <= {CLASSES[row["scan"]]}


@pytest.mark.parametrize(("root", "style"), [
    ("XEO", "european"), ("OEX", "american"), ("SPXW", "european"), ("SPY", "american")])
def test_the_root_of_an_option_says_how_it_is_exercised(root, style, tmp_path):
    path = tmp_path / "options.csv"
    path.write_text(f"account_id,symbol,quantity,price\nA1,{root:<6}261218C02400000,-1,10\n",
                    "utf-8")
    (held,) = import_file(path, as_of=date(2026, 6, 15)).book.positions
    assert held.instrument.option.style == style
