"""The tables of a project file, its versions, and how older ones are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

APPLICATION_ID = 0x43524D47
"""`CRMG`: tells a review from any other SQLite database."""
VERSION = 2
SUFFIX = ".crossmargin"

Migration = Callable[[sqlite3.Connection], None]

REWRITTEN = ("about", "state", "input", "design", "edition", "overlay", "scenario", "note",
             "approval", "result_table", "result_column", "branch", "design_version")
"""Tables a save writes anew; the audit trail is only ever added to."""

BRANCHES = """
CREATE TABLE branch (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE design_version (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, at TEXT NOT NULL,
    author TEXT NOT NULL, note TEXT NOT NULL, text TEXT NOT NULL);
"""
"""What-if branches and the kept versions of designs, since version 2."""

TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE state (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE input (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE design (position INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE edition (
    position INTEGER PRIMARY KEY, folder TEXT NOT NULL, filename TEXT NOT NULL,
    text TEXT NOT NULL);
CREATE TABLE overlay (position INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE scenario (position INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE note (
    position INTEGER PRIMARY KEY, at TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE approval (
    position INTEGER PRIMARY KEY, at TEXT NOT NULL, author TEXT NOT NULL,
    decision TEXT NOT NULL, conditions TEXT NOT NULL);
CREATE TABLE result_table (
    name TEXT PRIMARY KEY, position INTEGER NOT NULL, about TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE result_column (
    table_name TEXT NOT NULL, position INTEGER NOT NULL, field TEXT NOT NULL,
    heading TEXT NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (table_name, position));
CREATE TABLE audit (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, author TEXT NOT NULL, action TEXT NOT NULL,
    detail TEXT NOT NULL, previous TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
"""


def _add_branches(connection: sqlite3.Connection) -> None:
    """Bring a file of version 1 to version 2, statement by statement inside its transaction."""
    for statement in filter(str.strip, BRANCHES.split(";")):
        connection.execute(statement)


MIGRATIONS: Mapping[int, Migration] = {1: _add_branches}
"""By the version they start from; each brings a copy of the file one version further."""


def create(connection: sqlite3.Connection) -> None:
    """Lay the tables in an empty database."""
    connection.executescript(TABLES + BRANCHES)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema version the file was written with."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Mapping[int, Migration]) -> None:
    """Bring a copy up to date, one version at a time; raises KeyError where a step is missing."""
    while (version := version_of(connection)) < VERSION:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            migrations[version](connection)
            connection.execute(f"PRAGMA user_version = {version + 1}")
