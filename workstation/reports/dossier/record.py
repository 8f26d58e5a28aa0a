"""Exceptions, the quality of the data, and the appendices."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache

from workstation.base.resources import resource_root
from workstation.base.wording import spaced
from workstation.reports.dossier.blocks import (
    Block,
    Bullets,
    Cell,
    Facts,
    Field,
    Grid,
    Lines,
    Prose,
    Section,
    grid_of,
    missing,
    state_colour,
    text_cell,
)
from workstation.reports.dossier.pack import Pack
from workstation.reports.standing import Status
from workstation.results.coverage import coverage_table
from workstation.results.exceptions import exceptions_table
from workstation.results.licences import licence_notices
from workstation.results.run import Run
from workstation.results.tables import all_problems, editions_table, positions_table

MOST_EXCEPTIONS = 60
MOST_PROBLEMS = 25
MOST_POSITIONS = 400
MOST_PARAMETERS = 80
GLOSSARY = "help/glossary.toml"


def exceptions(pack: Pack) -> Section:
    """Return calls, exclusions, shortfalls and errors with their age and owner."""
    rows = pack.exceptions
    title = "Exceptions and breaches"
    if not rows:
        return Section(title, (Prose("None: no call holds, no position is excluded, no error "
                                     "stands."),))
    table = exceptions_table(pack.run, rows)
    counts = Counter(row.kind for row in rows)
    summary = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}"
                        for kind, count in counts.items())
    blocks: list[Block] = [
        Prose(f"{summary}."),
        grid_of(table, (("kind", 0.7), ("where", 1.1), ("what", 1.7), "amount", ("remedy", 1.1),
                        ("since", 0.8), "age", ("owner", 0.7)), MOST_EXCEPTIONS, lines=4)]
    if pack.changes is None:
        blocks.append(missing("Ages run from this review: give the last one (`--previous OLD`) to "
                              "see since when each has stood."))
    if not pack.template.owners:
        blocks.append(missing("Owners are named in the template under [owners], by kind."))
    return Section(title, tuple(blocks))


def data_quality(pack: Pack) -> Section:
    """Return problems, prices missing, assumptions, and every parameter still to confirm."""
    run = pack.run
    blocks: list[Block] = [Facts((
        ("Positions", f"{len(run.book.positions):,}, of which {len(run.excluded):,} rows or "
                      "positions are excluded from every total"),
        ("Prices missing", f"{_unpriced(run):,}"),
        ("Account types assumed", ", ".join(a.account_id for a in run.book.accounts
                                            if a.assumed_type) or "none"),
        ("Stale prices", "a file has one date for all prices; single stale prices cannot be seen"),
    )), *_problems(run), *_doubtful(run)]
    designs = [f"{d.margin.title or d.margin.name}: {item.what}" for d in run.designs
               for item in d.margin.excluded if item not in run.excluded]
    if designs:
        blocks.append(Bullets(tuple(dict.fromkeys(designs))[:MOST_PROBLEMS]))
    return Section("Data quality", tuple(blocks))


def _unpriced(run: Run) -> int:
    return sum(row.status == "price missing" for row in positions_table(run).rows)


def _problems(run: Run) -> list[Block]:
    told = {(item.where, item.what) for item in run.excluded}
    problems = [p for p in all_problems(run) if (p.where, p.what) not in told]
    if not problems:
        return [Prose("No problem of the input is known.", "note")]
    order = [p for severity in ("error", "warning", "info") for p in problems
             if p.severity == severity]
    fields = (Field("Severity", 0.5), Field("Where", 1.1, lines=3), Field("What", 2.2, lines=3),
              Field("Remedy", 1.4, lines=3))
    rows = tuple((text_cell(p.severity, state_colour(p.severity)), text_cell(p.where),
                  text_cell(p.what), text_cell(p.remedy)) for p in order[:MOST_PROBLEMS])
    left = len(order) - MOST_PROBLEMS
    return [Grid(fields, rows, "Problems of the input and assumptions made",
                 f"{left} more are in the workbook, sheet Problems." if left > 0 else "")]


def _doubtful(run: Run) -> list[Block]:
    """Return the editions read and the whole list of parameters to confirm."""
    fields = (Field("Rule", 1.0), Field("Edition", 0.6), Field("Effective", 0.6),
              Field("To confirm", number=True), Field("Parameters to confirm", 2.6, lines=40))
    rows = tuple((text_cell(e.rule), text_cell(e.edition), text_cell(str(e.effective)),
                  Cell(str(len(e.unverified)), "partial" if e.unverified else "text"),
                  text_cell(_named(e.unverified), "text" if e.unverified else "muted"))
                 for e in run.editions)
    count = sum(len(e.unverified) for e in run.editions)
    if not rows:
        return [missing("No rule edition was read.")]
    return [Grid(fields, rows, f"Rule editions; parameters not checked against their source: "
                 f"{count}")]


def _named(names: tuple[str, ...]) -> str:
    left = len(names) - MOST_PARAMETERS
    more = f" and {left} more, in the workbook, sheet Editions" if left > 0 else ""
    return (", ".join(map(spaced, names[:MOST_PARAMETERS])) or "none") + more


def appendices(pack: Pack) -> Section:
    """Return positions, parameters, rule coverage, glossary, input files and sign-off."""
    run = pack.run
    positions = positions_table(run)
    order = sorted(range(len(positions.rows)),
                   key=lambda n: -abs(positions.rows[n].stand_alone or 0))
    blocks: list[Block] = [
        grid_of(positions, (("account", 0.7), ("symbol", 1.5), ("asset_class", 0.8), "quantity",
                            "price", ("currency", 0.7), "market_value", "notional", "stand_alone",
                            ("status", 0.8)), MOST_POSITIONS, title="A. Positions, largest "
                "stand-alone requirement first", rows=order),
        grid_of(editions_table(run), (("rule", 1.0), ("edition", 0.6), ("effective", 0.6),
                                      ("source", 2.6)), title="B. Parameters: editions and sources",
                lines=3),
        *(Prose(notice, "note") for notice in licence_notices(run)),
        _coverage(), *_glossary(), _inputs(run), Prose("F. Sign-off", "lead"), _sign_off(pack)]
    return Section("Appendices", tuple(blocks))


def _coverage() -> Grid:
    counts: dict[str, Counter[str]] = {}
    for row in coverage_table().rows:
        counts.setdefault(row.rule, Counter())[row.standing] += 1
    kinds = tuple(dict.fromkeys(status for found in counts.values() for status in found))
    fields = (Field("Rule", 2.0), *(Field(f"Paragraphs {kind}", number=True) for kind in kinds))
    rows = tuple((text_cell(rule), *(Cell(str(found[kind]) if found[kind] else "")
                                     for kind in kinds)) for rule, found in counts.items())
    return Grid(fields, rows, "C. Rule coverage", "Every paragraph by name: Help, Rule coverage.")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the field with what it means here."""

    name: str
    meaning: str
    source: str


@cache
def glossary_terms() -> tuple[Term, ...]:
    """Return the glossary shipped, in alphabetical order."""
    found = tomllib.loads((resource_root() / GLOSSARY).read_text("utf-8"))
    terms = (Term(name, line["meaning"], line.get("source", "")) for name, line in found.items())
    return tuple(sorted(terms, key=lambda term: term.name.lower()))


def _glossary() -> list[Block]:
    fields = (Field("Term", 0.8), Field("Meaning", 3.0, lines=4), Field("Source", 1.0))
    rows = tuple((text_cell(t.name, bold=True), text_cell(t.meaning), text_cell(t.source, "muted"))
                 for t in glossary_terms())
    return [Grid(fields, rows, "D. Glossary")]


def _inputs(run: Run) -> Block:
    if not run.inputs:
        return missing("E. Input files: none; the book was typed in.")
    fields = (Field("Input file", 1.0), Field("SHA-256", 2.0))
    return Grid(fields, tuple((text_cell(i.name), text_cell(i.sha256)) for i in run.inputs),
                "E. Input files")


def _sign_off(pack: Pack) -> Lines:
    made, approved = pack.standing.last(Status.REVIEWED), pack.standing.last(Status.APPROVED)
    return Lines((
        ("Prepared by", made.author if made else "", f"{made.at:%Y-%m-%d}" if made else ""),
        ("Approved by", approved.author if approved else "",
         f"{approved.at:%Y-%m-%d}" if approved else "")))
