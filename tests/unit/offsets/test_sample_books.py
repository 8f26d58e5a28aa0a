"""Ledger and bridge of every shipped design on every sample client, reconciled to the cent."""

from dataclasses import replace
from decimal import Decimal

import pytest

from workstation.harmonised.design import shipped
from workstation.lab.sample_history import sample_history
from workstation.offsets.ledger import is_across_silos
from workstation.offsets.waterfall import OFFSET_STEPS
from workstation.workspace.session import Session, sample_books


def run_of(path):
    session = Session.from_file(path)
    session.designs = tuple(shipped().values())
    if not session.book.market.history.dates:
        market = replace(session.book.market, history=sample_history(session.book.as_of))
        session.replace_market(market)
    return session.review()


@pytest.mark.parametrize("path", sample_books(), ids=lambda p: p.stem)
def test_every_step_and_every_row_add_up(path):
    run = run_of(path)
    assert len(run.designs) == 10
    for outcome in run.designs:
        bridge, margin = outcome.bridge, outcome.margin
        assert bridge.stand_alone + bridge.within_silos == run.silos.maintenance.amount
        assert bridge.silos + sum(s.amount for s in bridge.steps) == margin.requirement.amount
        offsets = sum((s.amount for s in bridge.steps if s.label in OFFSET_STEPS), Decimal(0))
        told = sum((r.amount for r in outcome.ledger if is_across_silos(r)), Decimal(0))
        assert told == offsets, margin.name
        assert outcome.saving == run.silos.maintenance.amount - margin.requirement.amount
        if margin.name == "today":
            assert outcome.saving == 0
