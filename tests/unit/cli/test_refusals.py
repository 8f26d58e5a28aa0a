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
    (["review", INCOME, "--page", "A5"], "choose from 'A4', 'Letter'"),
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
    (["reveiw"], "invalid choice: 'reveiw'"),
])
def test_a_call_that_cannot_be_meant(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sentence in refused(words, capsys)
    assert not list(tmp_path.iterdir())
