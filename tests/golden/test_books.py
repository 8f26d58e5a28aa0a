"""Whole sample reviews as reviewed text, in whole dollars.

A changed line must be explained in CHANGELOG.md under "Effect on results"; then
`pytest tests/golden --snapshot-update` writes it.
"""

import pytest

from workstation.workspace.session import Session, sample_books


def dollars(amount):
    text = f"{amount:,.0f}"
    return "0" if text == "-0" else text


def lines_of(run):
    yield f"{run.book.name} as of {run.as_of}, {run.currency}, complete: {run.complete}"
    for tree in (run.silos.initial, run.silos.maintenance):
        yield from tree_lines(tree)
    for outcome in run.designs:
        yield from design_lines(outcome)
    for lot in run.collateral.lots:
        states = ", ".join(f"{state} {quantity:,.4g}" for state, quantity in lot.states if quantity)
        yield f"lot {lot.lot} {lot.symbol}: {states}; free {dollars(lot.free_value)}"
    if run.cascade:
        yield f"cascade {run.cascade.scenario}: {dollars(run.cascade.direct_loss)} direct, " \
              f"{dollars(run.cascade.total_loss)} total"
    for problem in run.problems:
        yield f"{problem.severity}: {problem.sentence()}"


def tree_lines(tree):
    for depth, node in tree.walk():
        cite = f"  {node.cite}" if node.cite else ""
        yield f"{'  ' * depth}{node.label} = {dollars(node.amount)}{cite}"


def design_lines(outcome):
    yield f"design {outcome.margin.name}: {dollars(outcome.margin.requirement.amount)}"
    for step in outcome.bridge.steps:
        yield f"  {step.label}: {dollars(step.amount)}"
    # rows of no weight stand in an order that the last bit of a price decides: sorted here
    yield from sorted(
        f"  {row.level}, {row.kind}: {' | '.join(row.between)}: {row.status} "
        f"{dollars(row.amount)}, {row.reason}" for row in outcome.ledger)


@pytest.mark.parametrize("path", sample_books(), ids=lambda p: p.stem)
def test_the_review_reads_as_it_was_reviewed(path, snapshot):
    run = Session.from_file(path).review()
    assert "\n".join(line.rstrip() for line in lines_of(run)) == snapshot
