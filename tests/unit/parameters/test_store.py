from datetime import date
from decimal import Decimal

import pytest

from workstation.base.resources import resource_root
from workstation.parameters.check import check_all, check_rule
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import (
    NoParametersInForceError,
    ParameterFileError,
    in_force,
    parse_edition,
    read_edition,
)

TEXT = """rule = "Rule A"
edition = "{edition}"
effective = {effective}
source = "a made-up source for this test"
[parameter.rate]
value = {rate}
unit = "of market value"
paragraph = "(c)"
standing = "sourced"
"""


@pytest.fixture
def folder(tmp_path):
    rule = tmp_path / "rule_a"
    rule.mkdir()
    for edition, effective, rate in (("first", "2020-01-01", "0.30"),
                                     ("second", "2025-01-01", "0.35")):
        text = TEXT.format(edition=edition, effective=effective, rate=rate)
        (rule / f"{edition}.toml").write_text(text)
    return rule


@pytest.mark.parametrize(("on", "edition"), [
    (date(2024, 12, 31), "first"), (date(2025, 1, 1), "second"), (date(2026, 1, 1), "second"),
])
def test_edition_follows_the_review_date(folder, on, edition):
    assert in_force(folder, on).edition == edition


def test_before_the_first_edition_is_an_error(folder):
    with pytest.raises(NoParametersInForceError, match="2019-06-01"):
        in_force(folder, date(2019, 6, 1))


def test_numbers_are_exact_decimals(folder):
    assert in_force(folder, date(2026, 1, 1))["rate"].value == Decimal("0.35")


def test_a_missing_field_names_file_and_field(folder):
    path = folder / "third.toml"
    path.write_text(TEXT.format(edition="x", effective="2026-01-01", rate="1").replace(
        'unit = "of market value"\n', ""))
    with pytest.raises(ParameterFileError, match=r"third\.toml.*'unit'"):
        read_edition(path)


def test_an_overlay_replaces_values_and_shows_in_the_name(folder):
    text = TEXT.format(edition="house", effective="2025-06-01", rate="0.40")
    overlay = parse_edition(text, folder / "house.toml")
    rules = RuleSet(date(2026, 1, 1), [overlay], root=folder.parent)
    assert rules.edition("rule_a")["rate"].value == Decimal("0.40")
    assert rules.edition("rule_a").edition == "second + house"
    assert rules.used_without_overlays()["rule_a"].edition == "second"


def test_a_pinned_edition_stands_whatever_is_shipped(folder):
    pinned = in_force(folder, date(2021, 1, 1))
    rules = RuleSet(date(2026, 1, 1), pinned={"rule_a": pinned}, root=folder.parent)
    assert rules.edition("rule_a")["rate"].value == Decimal("0.30")


def test_the_check_finds_editions_of_the_same_date(folder):
    text = TEXT.format(edition="again", effective="2025-01-01", rate="1")
    (folder / "zz.toml").write_text(text)
    assert any("takes effect on 2025-01-01" in f.what for f in check_rule(folder))


def test_every_shipped_edition_is_in_order():
    findings = check_all(resource_root() / "parameters")
    assert [f.sentence() for f in findings if f.severity == "error"] == []
