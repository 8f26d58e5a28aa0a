from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workstation.projects.audit import FIRST, appended, verify_audit

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@pytest.fixture
def trail():
    entries = ()
    for action in ("imported", "edited", "saved", "approved"):
        entries = appended(entries, AT, "reviewer", action, f"{action} the book")
    return entries


def test_each_entry_carries_the_hash_of_the_one_before(trail):
    assert trail[0].previous == FIRST
    for before, after in zip(trail, trail[1:], strict=False):
        assert after.previous == before.sha256
    assert verify_audit(trail) is None
    assert verify_audit(()) is None


@pytest.mark.parametrize("field", ["author", "action", "detail", "previous", "sha256"])
@pytest.mark.parametrize("place", range(4))
def test_a_changed_entry_is_found(trail, field, place):
    changed = (*trail[:place], replace(trail[place], **{field: "x"}), *trail[place + 1:])
    assert verify_audit(changed).where == f"audit trail, entry {place + 1}"


def test_a_removed_or_reordered_entry_is_found(trail):
    assert verify_audit(trail[:1] + trail[2:]).where == "audit trail, entry 2"
    assert verify_audit((trail[1], trail[0])).where == "audit trail, entry 1"


def test_an_entry_rewritten_with_its_own_hash_breaks_the_next(trail):
    forged = (*appended(trail[:1], AT, "someone", "else"), *trail[2:])
    assert verify_audit(forged).where == "audit trail, entry 3"
