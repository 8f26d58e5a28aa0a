"""Rule coverage says what the rulebooks say of themselves, and no more."""

from collections.abc import Mapping

from workstation.results.coverage import COMPUTED, EXCUSED, NOT_YET, coverage_table, declared
from workstation.rulebooks.finra_4210.paragraphs import PARAGRAPHS as FINRA
from workstation.rulebooks.reg_t.initial import PARAGRAPHS as REG_T


def test_every_declared_paragraph_is_on_the_page():
    found = list(declared())
    assert FINRA in [paragraphs for _, paragraphs in found]
    assert REG_T in [paragraphs for _, paragraphs in found]
    assert all(isinstance(paragraphs, Mapping) for _, paragraphs in found)
    assert len(coverage_table().rows) == sum(len(paragraphs) for _, paragraphs in found)


def test_a_computed_paragraph_names_its_function_and_what_it_does():
    rows = {(row.rule, row.paragraph): row for row in coverage_table().rows}
    short = rows["FINRA Rule 4210", "(c)(3)"]
    assert short.standing == COMPUTED
    assert short.source == "finra_4210.c_maintenance.c_3_short_at_five_dollars_or_more"
    assert short.answer.endswith(".")
    account = rows["Regulation T, 12 CFR 220", ".5"]
    assert (account.standing, account.source) == (EXCUSED, "")
    assert "special memorandum account" in account.answer


def test_what_is_not_computed_yet_is_not_passed_off_as_excused():
    for row in coverage_table().rows:
        assert row.standing in (COMPUTED, EXCUSED, NOT_YET)
        if "not computed yet" in row.answer:
            assert row.standing == NOT_YET
        assert row.answer
