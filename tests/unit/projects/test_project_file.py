import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.results.made_run import made_book, made_run
from workstation.base.problem import Problem, UnusableInputError
from workstation.projects import save as saving
from workstation.projects import schema
from workstation.projects.audit import appended
from workstation.projects.columns import column_values
from workstation.projects.contents import (
    Approval,
    Note,
    ProjectContents,
    StoredEdition,
    StoredFile,
    StoredText,
)
from workstation.projects.load import load_project, saved_at, stored_columns
from workstation.projects.recovery import (
    discard_recovery,
    find_recovery,
    recovery_path,
    write_recovery,
)
from workstation.projects.save import save_project
from workstation.results.tables import positions_table, silos_table

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def made_contents(**changes):
    trail = appended((), AT, "reviewer", "imported", "meridian.xlsx")
    contents = ProjectContents(
        "Meridian Macro LP", AT, made_book(), made_run(),
        (StoredFile("meridian.xlsx", b"PK\x03\x04\0bytes"), StoredFile("empty.csv", b"")),
        (Problem("Positions!A9", "symbol ??? is not known"),),
        '{"Positions": {"Qty": "quantity"}}',
        (StoredText("single-account-scan", 'name = "single-account-scan"\n'),),
        (StoredEdition("finra_4210", "2026-06-04.toml", "rule = 'FINRA 4210'\n"),),
        (StoredText("house.toml", "rule = 'FINRA 4210'  # é\n"),),
        (StoredText("equities -7 %", "SPX = -0.07\n"),),
        (Note(AT, "reviewer", "call the client"),),
        (Approval(AT, "head", "approved", "until June"),),
        trail,
    )
    return replace(contents, **changes)


def later(contents, **changes):
    """Return the same review saved again an hour on, one audit entry longer."""
    at = contents.saved_at + timedelta(hours=1)
    return replace(contents, saved_at=at, audit=appended(contents.audit, at, "reviewer", "saved"),
                   **changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "Meridian é.crossmargin"


def refused(path, **kwargs):
    with pytest.raises(UnusableInputError) as caught:
        load_project(path, **kwargs)
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def test_everything_comes_back_equal(path):
    contents = made_contents()
    save_project(path, contents)
    assert load_project(path) == contents


def test_a_review_without_results_comes_back(path):
    contents = made_contents(run=None, inputs=(), audit=())
    save_project(path, contents)
    assert load_project(path) == contents


def test_saving_again_changes_the_file_in_place_and_adds_to_the_trail(path):
    first = made_contents()
    save_project(path, first)
    inode = path.stat().st_ino
    second = later(first, notes=(), run=made_run(with_cascade=False), designs=())
    save_project(path, second)
    assert path.stat().st_ino == inode
    assert load_project(path) == second


def test_saving_over_another_review_replaces_it_whole(path):
    save_project(path, made_contents())
    other = made_contents(client="Someone else",
                          audit=appended((), AT, "another", "imported", "other.xlsx"))
    save_project(path, other)
    assert load_project(path) == other


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 4096])
def test_saving_over_some_other_file_replaces_it(path, content):
    path.write_bytes(content)
    save_project(path, made_contents())
    assert load_project(path) == made_contents()


def test_nothing_is_left_beside_the_file(path):
    save_project(path, made_contents())
    save_project(path, later(made_contents()))
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_the_file_says_what_it_is(path):
    save_project(path, made_contents())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_permissions_of_the_file_are_kept(path):
    path.write_bytes(b"old")
    path.chmod(0o600)
    save_project(path, made_contents())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_results_are_there_as_columns(path):
    run = made_run()
    save_project(path, made_contents())
    columns = stored_columns(path)
    silos = {blob.field: blob for blob in columns["Silos"]}
    table = silos_table(run)
    assert column_values(silos["maintenance"]) == [
        None if row.maintenance is None else float(row.maintenance) for row in table.rows]
    assert len(silos["maintenance"].data) == 8 * len(table.rows)
    assert silos["maintenance"].heading == "Maintenance (USD)"
    symbols = next(b for b in columns["Positions"] if b.field == "symbol")
    assert column_values(symbols) == [row.symbol for row in positions_table(run).rows]
    complete = next(b for b in columns["Designs"] if b.field == "complete")
    assert column_values(complete) == [True, True, True]


def test_the_trail_in_the_file_cannot_be_changed_by_a_statement(path):
    save_project(path, made_contents())
    with closing(sqlite3.connect(path)) as connection:
        for statement in ("UPDATE audit SET author = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


def tampered(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_broken_trail_is_named_and_the_review_opens(path):
    contents = later(made_contents())
    save_project(path, contents)
    tampered(path, "DROP TRIGGER audit_is_not_changed",
             "UPDATE audit SET detail = 'other.xlsx' WHERE number = 1")
    loaded = load_project(path)
    assert loaded.problems[0].where == "audit trail, entry 1"
    assert loaded.book == contents.book


def test_results_another_version_wrote_are_named_and_the_review_opens(path):
    save_project(path, made_contents())
    tampered(path, "UPDATE state SET content = x'80', "
             "sha256 = '76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71' "
             "WHERE name = 'run'")
    loaded = load_project(path)
    assert loaded.run is None
    assert "compute the review again" in loaded.problems[0].sentence()


@pytest.mark.parametrize("statement", [
    "UPDATE state SET content = x'00' WHERE name = 'book'",
    "UPDATE input SET content = x'00'",
    "UPDATE about SET value = 'yesterday' WHERE key = 'saved_at'",
    "DELETE FROM state WHERE name = 'book'",
    "UPDATE edition SET text = 'rule = 2'",
    "UPDATE note SET author = 'nobody'",
    "DROP TABLE note",
])
def test_damage_inside_is_refused_with_a_sentence(path, statement):
    save_project(path, made_contents())
    tampered(path, statement)
    assert "damaged" in refused(path)


def test_other_files_are_refused_with_a_sentence(path, tmp_path):
    assert "cannot be read" in refused(path)
    assert "cannot be read" in refused(tmp_path)
    for content in (b"", b"PK\x03\x04 a workbook", b"SQLite format 3\0" + b"\0" * 200):
        path.write_bytes(content)
        assert "not a Crossmargin review" in refused(path)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert "not a Crossmargin review" in refused(tmp_path / "other.db")


def test_truncated_files_are_refused_and_left_as_they_are(path):
    save_project(path, made_contents())
    whole = path.read_bytes()
    for keep in (150, 4096, len(whole) // 2, len(whole) - 5000):
        path.write_bytes(whole[:keep])
        assert "damaged" in refused(path)
        assert path.read_bytes() == whole[:keep]


def test_flipped_bytes_never_give_another_review(path):
    contents = made_contents()
    save_project(path, contents)
    whole = path.read_bytes()
    for place in range(100, len(whole), 997):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1:])
        try:
            loaded = load_project(path)
        except UnusableInputError:
            continue
        if loaded.problems:
            loaded = replace(loaded, audit=contents.audit, run=contents.run, problems=())
        assert loaded == contents


def test_a_newer_file_is_refused_with_a_sentence(path):
    save_project(path, made_contents())
    tampered(path, f"PRAGMA user_version = {schema.VERSION + 1}")
    assert "newer version of Crossmargin" in refused(path)


def older(path):
    """Make a file as an imagined version 0 wrote it: remarks instead of notes."""
    save_project(path, made_contents())
    tampered(path, "ALTER TABLE note RENAME TO remark", "DROP TABLE branch",
             "DROP TABLE design_version", "PRAGMA user_version = 0")


def test_an_older_file_is_migrated_on_a_copy(path):
    older(path)
    before = path.read_bytes()

    def notes_from_remarks(connection):
        connection.execute("ALTER TABLE remark RENAME TO note")

    ways_up = {**schema.MIGRATIONS, 0: notes_from_remarks}
    assert load_project(path, ways_up) == made_contents()
    assert path.read_bytes() == before


def test_a_failed_migration_leaves_the_file_and_says_so(path):
    older(path)
    before = path.read_bytes()

    def fails(connection):
        connection.execute("ALTER TABLE missing RENAME TO note")

    assert "damaged" in refused(path, migrations={**schema.MIGRATIONS, 0: fails})
    assert path.read_bytes() == before


def test_an_older_file_without_a_way_up_is_refused(path):
    older(path)
    assert "format 0 is no longer known" in refused(path)


def test_saving_over_an_older_file_writes_todays_version(path):
    older(path)
    save_project(path, later(made_contents()))
    assert load_project(path) == later(made_contents())


def test_a_save_that_fails_half_way_leaves_the_old_state(path, monkeypatch):
    save_project(path, made_contents())

    def fails(*_):
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(saving, "_fill_audit", fails)
    with pytest.raises(UnusableInputError, match="could not be saved"):
        save_project(path, later(made_contents(), notes=()))
    other = made_contents(audit=appended((), AT, "another", "imported"))
    with pytest.raises(UnusableInputError, match="disk is full"):
        save_project(path, other)
    monkeypatch.undo()
    assert load_project(path) == made_contents()
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(UnusableInputError, match="could not be saved"):
        save_project(tmp_path / "missing" / "x.crossmargin", made_contents())


def test_a_file_in_use_is_a_sentence(path, monkeypatch):
    monkeypatch.setattr(saving, "BUSY_SECONDS", 0.05)
    save_project(path, made_contents())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UnusableInputError, match="another program has the file open"):
            save_project(path, later(made_contents()))
    assert load_project(path) == made_contents()


KILLED = """
import os, sys
from pathlib import Path
from tests.unit.projects.test_project_file import later, made_contents
from workstation.projects import save
from workstation.projects.contents import StoredFile

def die(*_):
    os._exit(9)

setattr(save, sys.argv[2], die)
big = tuple(StoredFile(f"{i}.xlsx", os.urandom(1_000_000)) for i in range(8))
save.save_project(Path(sys.argv[1]), later(made_contents(), inputs=big, notes=()))
"""


@pytest.mark.parametrize("where", ["_fill_audit", "_fill_results", "_flush_folder"])
@pytest.mark.parametrize("in_place", [True, False])
def test_a_power_cut_leaves_the_old_state_or_the_new(path, where, in_place):
    before = made_contents() if in_place else made_contents(
        audit=appended((), AT, "another", "imported"))
    save_project(path, before)
    process = subprocess.run([sys.executable, "-c", KILLED, str(path), where], cwd=ROOT,
                             env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    journal = path.with_name(path.name + "-journal")
    if where == "_flush_folder":
        assert process.returncode == (0 if in_place else 9)
        assert load_project(path).saved_at > before.saved_at
    else:
        assert process.returncode == 9
        assert journal.exists() == in_place, "pages of the new state had reached the disk"
        assert load_project(path) == before
        save_project(path, later(before))
        assert load_project(path) == later(before)


def test_the_autosave_is_offered_when_it_is_later(path):
    assert find_recovery(path) is None
    contents = made_contents()
    save_project(path, contents)
    assert write_recovery(path, contents) == recovery_path(path)
    assert find_recovery(path) is None, "nothing newer than the file itself"
    write_recovery(path, later(contents))
    assert find_recovery(path) == recovery_path(path)
    assert load_project(recovery_path(path)) == later(contents)
    assert load_project(path) == contents
    save_project(path, later(contents))
    assert find_recovery(path) is None
    discard_recovery(path)
    discard_recovery(path)
    assert not recovery_path(path).exists()


def test_the_autosave_is_offered_when_the_file_is_gone_or_damaged(path):
    write_recovery(path, made_contents())
    assert find_recovery(path) == recovery_path(path)
    path.write_bytes(b"damaged")
    assert find_recovery(path) == recovery_path(path)


def test_a_damaged_autosave_is_not_offered(path):
    save_project(path, made_contents())
    recovery_path(path).write_bytes(b"damaged")
    assert find_recovery(path) is None
    assert saved_at(recovery_path(path)) is None
    assert saved_at(path) == AT
