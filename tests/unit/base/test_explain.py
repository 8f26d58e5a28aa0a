from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.explain import Citation, Explained, greater_of, leaf, lesser_of, total
from workstation.base.money import accounting, money

RULE = Citation("FINRA 4210", "(c)(3)", "2026-06-04")
DOUBT = Citation("House", "(1)", "2026", "unverified")


def test_a_wrong_tree_cannot_exist():
    part = leaf("a", Decimal(3))
    with pytest.raises(ValueError, match="is not the sum of its parts"):
        Explained("all", Decimal(4), parts=(part,), combine="sum")


@given(st.lists(st.decimals(-10**9, 10**9, places=4), min_size=1, max_size=8))
def test_parents_equal_the_combination_of_their_parts(amounts):
    parts = [leaf(str(i), amount) for i, amount in enumerate(amounts)]
    assert total("t", *parts).amount == sum(amounts, Decimal(0))
    assert greater_of("g", *parts).amount == max(amounts)
    assert lesser_of("l", *parts).amount == min(amounts)


def test_the_binding_branch_is_the_one_that_fixes_the_amount():
    tree = greater_of("short stock", leaf("per share", Decimal(500)), leaf("share", Decimal(1200)))
    assert tree.binding is tree.parts[1]
    assert leaf("x", Decimal(1)).binding is None


def test_unverified_citations_are_found_once_and_shown_as_such():
    tree = total("t", leaf("a", Decimal(1), DOUBT), leaf("b", Decimal(2), DOUBT),
                 leaf("c", Decimal(3), RULE))
    assert tree.unverified() == (DOUBT,)
    assert str(DOUBT).endswith("(to confirm)")
    assert str(RULE) == "FINRA 4210(c)(3) [2026-06-04]"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_money_reads_back_as_the_same_float(value):
    assert float(money(value)) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_money_refuses_what_is_not_an_amount(value):
    with pytest.raises(ValueError, match="not an amount"):
        money(value)


@pytest.mark.parametrize(("value", "text"), [
    (Decimal("1234567.5"), "1,234,568"), (Decimal(-12), "(12)"), (Decimal("-0.2"), "0"),
])
def test_accounting_format(value, text):
    assert accounting(value) == text
