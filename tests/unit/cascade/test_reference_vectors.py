"""The reference vectors of cascades and collateral, where they lie beside the checkout."""

from __future__ import annotations

import pytest

from tests.shared import shared
from tests.vectors.families import FAMILIES
from tests.vectors.runner import run_file


@pytest.mark.parametrize("name", ["cascades", "collateral"])
def test_every_reference_case_passes(name):
    outcomes = list(run_file(shared("vectors", f"{name}.json"), FAMILIES))
    assert outcomes
    assert [outcome.line() for outcome in outcomes if not outcome.passed] == []


def test_futures_cases_of_known_families_pass():
    families = {name: FAMILIES[name] for name in ("published-rate", "collateral")}
    outcomes = [o for o in run_file(shared("vectors", "futures.json"), families)
                if o.family in families]
    assert len(outcomes) == 3
    assert [outcome.line() for outcome in outcomes if not outcome.passed] == []
