from decimal import Decimal

import pytest

from workstation.harmonised.design import DesignFileError, read_design, shipped, with_knob
from workstation.harmonised.knobs import KNOBS, KnobValueError

HEAD = '''name = "mine"
title = "Mine"
version = "1"
effective = 2026-01-01
status = "experiment"
citation = "my own"
'''


def written(tmp_path, text, name="mine.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_designs_are_there_current_law_first():
    designs = shipped()
    assert next(iter(designs)) == "today"
    assert {"today", "single-account-scan", "full-netting"} <= set(designs)
    assert designs["today"].status == "current law"
    assert designs["today"].repeats_silos
    assert all(d.citation for d in designs.values())


def test_every_design_sets_every_knob_within_its_bounds():
    for design in shipped().values():
        assert set(design.knobs) == set(KNOBS)
        for name, value in design.knobs.items():
            assert KNOBS[name].checked(value) == value


def test_every_default_is_acceptable_to_its_own_knob():
    for knob in KNOBS.values():
        assert knob.checked(knob.default) == knob.default
        assert knob.title
        assert knob.help


def test_an_overlay_inherits_and_says_what_it_changes(tmp_path):
    path = written(tmp_path, HEAD + 'base = "single-account-scan"\n[knobs]\noffsets.book = 0.25\n')
    design, base = read_design(path), shipped()["single-account-scan"]
    assert design.number("offsets.book") == Decimal("0.25")
    changed = {k for k in KNOBS if design.knobs[k] != base.knobs[k]}
    assert changed == {"offsets.book"}
    assert design.status == "experiment"


def test_an_overlay_of_an_overlay_beside_it(tmp_path):
    written(tmp_path, HEAD + 'base = "full-netting"\n[knobs]\nbuffer.rate = 0.25\n')
    path = written(tmp_path, HEAD.replace("mine", "child") + 'base = "mine"\n', "child.toml")
    design = read_design(path)
    assert design.number("buffer.rate") == Decimal("0.25")
    assert design.number("offsets.book") == 1


@pytest.mark.parametrize(("change", "sentence"), [
    (("status", 'status = "rule"'), "mine.toml: status is 'rule' but must be one of"),
    (("title", 'title = ""'), "mine.toml: title is missing or not a text."),
    (("effective", 'effective = "soon"'), "mine.toml: effective is missing or not a date"),
    (("name", "nane = 'x'"), "mine.toml: nane is not a field of a design; did"),
])
def test_bad_fields_are_named_in_one_sentence(tmp_path, change, sentence):
    field, line = change
    lines = [line if text.startswith(field) else text for text in HEAD.splitlines()]
    with pytest.raises(DesignFileError) as error:
        read_design(written(tmp_path, "\n".join(lines)))
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize(("knobs", "sentence"), [
    ("offsets.book = 1.5", "mine.toml: knobs.offsets.book is 1.5 but must lie from 0 to 1."),
    ("offsets.bok = 1", "mine.toml: knobs.offsets.bok is not a knob of a design; did you"),
    ("scan.points = 3.5", "mine.toml: knobs.scan.points is 3.5 but must be a whole number."),
    ('legal.scope = "some"', "mine.toml: knobs.legal.scope is 'some' but must be one of account"),
    ("tests.required = 1", "mine.toml: knobs.tests.required is 1 but must be true or false."),
    ('tests.stress_windows = "2020"', "mine.toml: knobs.tests.stress_windows is '2020' but must"),
    ('tests.stress_windows = ["2020"]', "mine.toml: knobs.tests.stress_windows has '2020' but a"),
    ('legal.ineligible_accounts = ["x"]', "mine.toml: knobs.legal.ineligible_accounts has 'x'"),
    ("offsets.cap = true", "mine.toml: knobs.offsets.cap is True but must be a number."),
])
def test_bad_knobs_are_named_in_one_sentence(tmp_path, knobs, sentence):
    with pytest.raises(DesignFileError) as error:
        read_design(written(tmp_path, f"{HEAD}[knobs]\n{knobs}\n"))
    assert str(error.value).startswith(sentence)


def test_a_circle_of_bases_is_refused(tmp_path):
    written(tmp_path, HEAD.replace("mine", "a") + 'base = "b"\n', "a.toml")
    written(tmp_path, HEAD.replace("mine", "b") + 'base = "a"\n', "b.toml")
    with pytest.raises(DesignFileError, match="inherits from this design itself"):
        read_design(tmp_path / "a.toml")


def test_a_missing_base_and_a_missing_file(tmp_path):
    with pytest.raises(DesignFileError, match="neither beside it nor shipped"):
        read_design(written(tmp_path, HEAD + 'base = "nowhere"\n'))
    with pytest.raises(DesignFileError, match=r"gone\.toml: the file cannot be read"):
        read_design(tmp_path / "gone.toml")
    with pytest.raises(DesignFileError, match="is not TOML"):
        read_design(written(tmp_path, "name = \n"))


def test_editing_a_knob_leaves_the_shipped_design_alone_and_marks_the_copy():
    base = shipped()["single-account-scan"]
    edited = with_knob(base, "offsets.asset_class", "0.5")
    assert edited.number("offsets.asset_class") == Decimal("0.5")
    assert base.number("offsets.asset_class") == 0
    assert (edited.status, edited.version) == ("experiment", f"{base.version}+edited")
    assert with_knob(edited, "scan.points", 20).version == edited.version
    assert edited.scan_key() == base.scan_key()
    assert with_knob(edited, "scan.crude.down", 0.3).scan_key() != base.scan_key()


@pytest.mark.parametrize(("knob", "value"), [
    ("offsets.book", 2), ("offsets.book", "a lot"), ("offsets.book", float("nan")),
    ("nothing", 1), ("scan.points", 1), ("tests.stress_windows", [1])])
def test_an_edit_out_of_bounds_is_refused(knob, value):
    with pytest.raises(KnobValueError):
        with_knob(shipped()["single-account-scan"], knob, value)
