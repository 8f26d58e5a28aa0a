"""The crypto vectors, and the shipped edition against the sets they state."""

import dataclasses
import json

import pytest

from tests.rules.crypto_books import TODAY
from tests.shared import SHARED, shared
from tests.vectors.crypto import FAMILIES, pack_of
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.crypto.pack import read_pack

FILE = SHARED / "vectors" / "crypto.json"
DOCUMENT = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {"cases": []}
CASES = [case for case in DOCUMENT["cases"] if case["family"] in FAMILIES]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_crypto_vector(case):
    passed, detail = FAMILIES[case["family"]](case, DOCUMENT)
    assert passed, detail


@pytest.mark.parametrize("name", ["btc_eth", "sol"])
def test_the_shipped_pack_is_the_one_of_the_vectors(name):
    shared("vectors", "crypto.json")
    stated = pack_of(DOCUMENT["parameter_sets"][name])
    shipped = read_pack(RuleSet(TODAY).edition("derive_pmrm_v2"), name)
    for part in ("volatility", "skew", "discounts", "charges"):
        mine = _flat(getattr(shipped, part))
        assert mine == pytest.approx(_flat(getattr(stated, part)), abs=1e-12)
    assert [s.volatility for s in shipped.scenarios] == [s.volatility for s in stated.scenarios]
    assert [x for s in shipped.scenarios for x in (s.spot_factor, s.damping)] == pytest.approx(
        [x for s in stated.scenarios for x in (s.spot_factor, s.damping)], abs=1e-12)


def _flat(part):
    """Return the numbers of a part, pairs laid out one after the other."""
    numbers = []
    for value in dataclasses.astuple(part):
        numbers.extend(value if isinstance(value, tuple) else [value])
    return numbers
