"""The reference cases of the securities side, family by family."""

import json

import pytest

from tests.shared import SHARED, shared
from tests.vectors.securities import FAMILIES

FILE = SHARED / "vectors" / "securities.json"
CASES = json.loads(FILE.read_text("utf-8"))["cases"] if FILE.exists() else []


@pytest.mark.parametrize("case", [c for c in CASES if c["family"] in FAMILIES],
                         ids=lambda case: case["id"])
def test_case(case):
    passed, detail = FAMILIES[case["family"]](case, {})
    assert passed, detail


def test_every_family_is_known():
    cases = json.loads(shared("vectors", "securities.json").read_text("utf-8"))["cases"]
    assert {case["family"] for case in cases} <= FAMILIES.keys()
