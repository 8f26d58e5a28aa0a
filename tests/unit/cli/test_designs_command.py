"""`crossmargin designs`: the list, one design, files checked knob by knob, a new file."""

import json

import pytest

from workstation.cli.main import main
from workstation.harmonised.design import read_design, shipped

HEAD = ('name = "mine"\ntitle = "Mine"\nversion = "1"\neffective = 2026-01-01\n'
        'status = "experiment"\ncitation = "my own"\n')


def test_every_shipped_design_is_listed_those_compared_first(capsys):
    assert main(["designs", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:3]] == [
        d.name for d in shipped().values() if d.default]
    assert len(lines) == len(shipped()) + 1
    assert main(["designs", "list", "--json"]) == 0
    assert [d["name"] for d in json.loads(capsys.readouterr().out)] == list(shipped())


def test_one_design_is_shown_with_what_it_changes_against_its_base(capsys):
    assert main(["designs", "show", "crypto-separate"]) == 0
    text = capsys.readouterr().out
    assert "listed.ineligible_classes crypto risk classes (base: none)" in " ".join(text.split())
    assert text.count("(base:") == 1
    assert main(["designs", "show", "two-modle"]) == 2
    assert "did you mean two-model" in capsys.readouterr().err


def test_a_file_is_refused_in_one_sentence_a_knob(tmp_path, capsys):
    bad, good = tmp_path / "bad.toml", tmp_path / "good.toml"
    bad.write_text(HEAD + "[knobs]\noffsets.bok = 1\ntests.rho_min = 7\nscan.points = 3.5\n")
    good.write_text(HEAD + 'base = "full-netting"\n[knobs]\nbuffer.rate = 0.25\n', "utf-8-sig")
    assert main(["designs", "check", str(good), str(bad)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("Mine, version 1, experiment, 1 knob changed against full-netting")
    assert [line.partition("bad.toml: ")[2] for line in lines[1:]] == [
        "knobs.offsets.bok is not a knob of a design; did you mean offsets.book.",
        "knobs.tests.rho_min is 7 but must lie from -1 to 1.",
        "knobs.scan.points is 3.5 but must be a whole number."]
    assert main(["designs", "check", str(good)]) == 0


@pytest.mark.parametrize(("text", "said"), [
    (HEAD + 'base = "single-acount-scan"\n', "did you mean single-account-scan."),
    (HEAD + 'base = "x"\n', "base 'x' inherits from this design itself."),
    (HEAD + "offsets.book = 1\n", "offsets is not a field of a design; knobs stand under [knobs]."),
    (HEAD.replace("title", "titel"), "titel is not a field of a design; did you mean title."),
    (HEAD.replace("2026-01-01", "2026-01-01T10:00:00"), "effective is missing or not a date"),
    ("{}", "the file is not TOML"),
    ("\udcff", "the file is not TOML"),
])
def test_other_troubles_of_a_file(tmp_path, capsys, text, said):
    path = tmp_path / "x.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["designs", "check", str(path)]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("error    x.toml: ")
    assert said in line


def test_a_new_file_changes_a_base_and_reads_back(tmp_path, capsys):
    path = tmp_path / "own-offsets.toml"
    assert main(["designs", "new", str(path), "--base", "stable-offsets-only", "--title",
                 "Own offsets", "--set", "offsets.book=0.25", "--set", "tests.required=false",
                 "--set", "legal.ineligible_accounts="]) == 0
    assert "3 knobs changed" in capsys.readouterr().out
    made = read_design(path)
    assert (made.name, made.base, made.status) == (
        "own-offsets", "stable-offsets-only", "experiment")
    assert made.rate("offsets.book") == 0.25
    assert made.texts("legal.ineligible_accounts") == ()
    assert not made.flag("tests.required")
    assert main(["designs", "new", str(path)]) == 2
    assert "cannot be written (File exists)" in capsys.readouterr().err
    for setting, said in (("offsets.book", "not KNOB=VALUE"), ("offsets.book=7", "from 0 to 1"),
                          ("offsets.bok=0", "did you mean offsets.book"),
                          ("tests.required=perhaps", "must be true or false")):
        assert main(["designs", "new", str(tmp_path / "n.toml"), "--set", setting]) == 2
        assert said in capsys.readouterr().err
    assert main(["designs", "new", str(tmp_path / "n.txt")]) == 2
    assert "write n.toml instead" in capsys.readouterr().err
