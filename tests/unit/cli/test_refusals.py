"""What cannot be meant is refused in one sentence, with the way out, and status 2."""

import pytest

from workstation.cli.main import main
from workstation.workspace.session import sample_books

INCOME = next(str(p) for p in sample_books() if p.stem == "larkfield_income")
BOOK_COMMANDS = {"review": [], "margin": [], "import": [], "collateral": [], "programmes": [],
                 "cascade": ["--shock", "SPX=-10%"], "reconcile": [], "notice": [], "explain": [],
                 "lab": [], "crif": ["--out", "crif.csv"], "simm": [], "schedule": []}
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


def refused(words, capsys):
    """Return the sentence a call is refused with."""
    try:
        code = main([str(word) for word in words])
    except SystemExit as stopped:
        code = stopped.code
    said = capsys.readouterr()
    assert code == 2
    assert not said.out
    assert said.err.startswith("crossmargin")
    assert said.err.count("\n") == 1
    assert "Errno" not in said.err
    return said.err


@pytest.mark.parametrize("command", BOOK_COMMANDS)
@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("missing.xlsx", None, "no such file"),
    ("folder", "", "is a directory"),
    ("empty.xlsx", b"", "is empty; export it again"),
    ("renamed.xlsx", PICTURE, "this is a picture"),
])
def test_a_file_that_is_no_book(command, name, content, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).mkdir() if name == "folder" else (tmp_path / name).write_bytes(content)
    before = sorted(tmp_path.iterdir())
    assert sentence in refused([command, name, *BOOK_COMMANDS[command]], capsys)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("words", "sentence"), [
    (["review", INCOME, "--design", "nonsense"], "there is no design 'nonsense'; name one of"),
    (["review", INCOME, "--as-of", "2026-13-40"], "is not a date; write YYYY-MM-DD"),
    (["review", INCOME, "--page", "A5"], "'A5' is none of A4, Letter"),
    (["review", INCOME, "--params", "missing.toml"], "check its name and that you may read it"),
    (["review", INCOME, "--what-if-file", "missing.txt"], "cannot be read (No such file"),
    (["margin", INCOME, "--regime", "nonsense"], "there is no regime 'nonsense'"),
    (["cascade", INCOME, "--scenario", "nonsense"], "names none of the scenarios; name one of"),
    (["cascade", INCOME, "--shock", "SPX=nan"], "is not FACTOR=MOVE"),
    (["cascade", INCOME, "--shock", "=-10%"], "is not FACTOR=MOVE"),
    (["cascade", INCOME, "--shock", "SPX=-100%"], "leaves no price"),
    (["lab", INCOME, "--shock", "SPX=-150%"], "leaves no price"),
    (["lab", INCOME, "--days", "-5"], "is not a whole number"),
    (["lab", INCOME, "--history", "missing.csv"], "(No such file or directory); give a CSV"),
    (["batch", "missing"], "name a folder of client files"),
    (["batch", ".", "--workers", "many"], "is not a whole number"),
    (["notice", INCOME, "--account", "NOPE"], "name one of: LK-1"),
    (["compare", INCOME, "missing.json"], "check its name and that you may read it"),
    (["reveiw"], "'reveiw' is none of"),
])
def test_a_call_that_cannot_be_meant(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sentence in refused(words, capsys)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("words", "sentence"), [
    (["margin", INCOME, "--regime", "finra-4210-portfolo"], "perhaps finra-4210-portfolio"),
    (["reveiw", INCOME], "perhaps review"), (["review", INCOME, "--page", "a44"], "perhaps A4"),
    (["cascade", INCOME, "--scenario", "Covd"], "perhaps Covid"),
    (["cascade", INCOME, "--scenario", "Covid"],
     "name one of: 2020-03-12 Covid A, 2020-03-16 Covid B."),
    (["parameters", "show", "finra_421"], "perhaps finra_4210"),
    (["import", INCOME, "--sheet", "Position"], "perhaps Positions; name one of"),
    (["review", INCOME, "--save", "x.xlsx"], "a saved review ends in .crossmargin"),
    (["review", INCOME, INCOME, "--save", "x.crossmargin"], "cannot be saved as one project"),
])
def test_a_wrong_name_is_met_with_the_nearest(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sentence in refused(words, capsys)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("flag", "name", "sentence"), [
    ("--params", "own.toml", "is UTF-8 text, this is not"), ("--params", "groups.csv", "UTF-8"),
    ("--template", "firm.toml", "is not UTF-8 text"), ("--previous", "old.json", "")])
def test_a_file_beside_the_book_that_is_no_text(flag, name, sentence, tmp_path, monkeypatch,
                                                capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(b"\xff\xfe\x84\x00junk")
    said = refused(["review", INCOME, flag, name], capsys)
    assert name in said
    assert sentence in said
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_profile_that_is_no_text_and_an_empty_template(tmp_path, capsys):
    (tmp_path / "own.json").write_bytes(b"\xff\xfe\x84")
    assert "a profile is UTF-8 text" in refused(
        ["import", INCOME, "--profile", tmp_path / "own.json"], capsys)
    (tmp_path / "firm.toml").write_text("\n")
    assert "the template is empty" in refused(
        ["review", INCOME, "--template", tmp_path / "firm.toml"], capsys)


@pytest.mark.parametrize("name", [
    "FINRA 4210 portfolio", "Finra-4210-Portfolio", "finra-4210-portfolio"])
def test_a_regime_is_known_by_its_words_too(name, capsys):
    assert main(["margin", INCOME, "--regime", name, "--json"]) == 0
    assert '"regime": "finra-4210-portfolio"' in capsys.readouterr().out
