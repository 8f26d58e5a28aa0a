"""Tables of record: problems, exclusions, editions, input files and explanations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.explain import Explained
from workstation.base.problem import Problem
from workstation.base.wording import made_words, spaced
from workstation.results.formats import money, whole, words
from workstation.results.run import Run
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One rule edition the run read."""

    rule: str
    edition: str
    effective: date
    source: str
    unconfirmed: int
    to_confirm: str


@dataclass(frozen=True, slots=True)
class ExplainRow:
    """One node of an explanation; `level` is its depth, `binding` marks the branch that won."""

    level: int
    label: str
    amount: Decimal
    combine: str
    binding: str
    citation: str
    inputs: str


def all_problems(run: Run) -> tuple[Problem, ...]:
    """Return the problems of the whole review, each once, in the order they arose."""
    cascade = run.cascade.problems if run.cascade else ()
    found = (*run.problems, *run.collateral.problems, *cascade)
    return tuple(dict.fromkeys(found))


def problems_table(run: Run) -> Table:
    """Return what the user can mend: where, what, remedy."""
    return problems_of(all_problems(run))


def problems_of(problems: tuple[Problem, ...]) -> Table:
    """Return a list of problems as a table."""
    columns = (words("Severity", "severity"), words("Where", "where"), words("What", "what"),
               words("Remedy", "remedy"))
    return Table("Problems", columns, problems, "What is wrong with the input, and what mends it.")


def exclusions_table(run: Run) -> Table:
    """Return every position or row left out of the totals, and what would bring it in."""
    columns = (words("Account", "account_id"), words("Where", "where"), words("What", "what"),
               words("Remedy", "remedy"))
    return Table("Excluded", columns, run.excluded,
                 "Positions left out of the totals; while any stands here, totals are incomplete.")


def editions_table(run: Run) -> Table:
    """Return the rule editions the run read, with the numbers still to confirm."""
    rows = tuple(
        EditionRow(e.rule, e.edition, e.effective, e.source, len(e.unverified),
                   ", ".join(map(spaced, e.unverified)))
        for e in run.editions
    )
    columns = (words("Rule", "rule"), words("Edition", "edition"),
               Column("Effective", "effective", str, excel="yyyy-mm-dd"),
               words("Source", "source"), whole("Unconfirmed", "unconfirmed"),
               words("To confirm", "to_confirm", "parameters not checked against their source"))
    return Table("Editions", columns, rows, "Rule editions read, and parameters to confirm.")


def inputs_table(run: Run) -> Table:
    """Return the input files by name and SHA-256."""
    columns = (words("File", "name"), words("SHA-256", "sha256"))
    return Table("Inputs", columns, run.inputs, "Input files this review was computed from.")


def explain_table(name: str, tree: Explained, currency: str) -> Table:
    """Return an explanation as indented lines, parents first."""
    rows: list[ExplainRow] = []
    _walk(tree, 0, "", rows)
    columns = (
        whole("Level", "level"), words("Label", "label"), money(f"Amount ({currency})", "amount"),
        Column("Made by", "combine", made_words,
               hint="sum, greatest or least of the lines one level below"),
        words("Branch", "binding", "which branch of a maximum or minimum fixed it"),
        words("Citation", "citation"), words("Inputs", "inputs"),
    )
    return Table(name, columns, tuple(rows), "Every amount, the rule that fixes it, its inputs.")


def _walk(node: Explained, depth: int, branch: str, rows: list[ExplainRow]) -> None:
    inputs = "; ".join(f"{name}: {value}" for name, value in node.inputs)
    cite = "" if node.cite is None else str(node.cite)
    rows.append(ExplainRow(depth, node.label, node.amount, node.combine, branch, cite, inputs))
    binding = node.binding
    for part in node.parts:
        mark = "" if binding is None else "binds" if part is binding else "does not bind"
        _walk(part, depth + 1, mark, rows)
