"""Designs added, read from a file and removed in the window, on the real engine."""

import pytest

from workstation.workspace.session import Session, sample_books

HARROW = next(p for p in sample_books() if p.stem == "harrow_long_short")


@pytest.fixture
def at_work(window, qtbot):
    session = Session.from_file(HARROW)
    session.designs = session.designs[:2]
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        window.desk.adopt(session)
    return window, session, window.docks.bring("design")


def names(session):
    return [design.name for design in session.designs]


def test_a_copy_is_added_chosen_undone_and_removed(at_work, qtbot, monkeypatch):
    window, session, dock = at_work
    before = names(session)
    window.desk.choose_design(before[1])
    monkeypatch.setattr(window.opening.asking, "name", lambda title, start: "Narrower offsets",
                        raising=False)
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        dock.copy.trigger()
    assert names(session) == [*before, "narrower-offsets"]
    assert window.desk.design_name == "narrower-offsets"
    assert session.run.design("narrower-offsets") is not None
    assert dock.designs.currentData() == "narrower-offsets"
    dock.copy.trigger()
    assert "has a design of that name" in window.banner.words.text()
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        dock.remove.trigger()
    assert names(session) == before
    assert window.desk.design_name == before[0]
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        window.desk.stack.undo()
    assert "narrower-offsets" in names(session)
    window.desk.choose_design("narrower-offsets")
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        window.desk.stack.undo()  # of the addition
    assert names(session) == before
    assert window.desk.design_name == before[0]


def test_a_file_is_added_and_a_bad_one_refused_in_one_sentence(at_work, qtbot, monkeypatch,
                                                               tmp_path):
    window, session, dock = at_work
    good, bad = tmp_path / "own.toml", tmp_path / "bad.toml"
    head = ('name = "own"\ntitle = "Own"\nversion = "1"\neffective = 2026-01-01\n'
            'status = "experiment"\ncitation = "own"\n')
    good.write_text(head + "[knobs]\noffsets.book = 0.5\n", "utf-8")
    bad.write_text(head + "[knobs]\noffsets.bok = 0.5\n", "utf-8")
    monkeypatch.setattr(window.opening.asking, "files_to_load", lambda title, kinds: [good, bad])
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        dock.read.trigger()
    assert names(session)[-1] == "own"
    assert "did you mean offsets.book" in window.banner.words.text()
