"""What a session remembers changes no figure: a review after edits is the review made anew."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.benchmarks import wide_book
from tests.benchmarks.book import large_workbook
from workstation.workspace.memory import Memory
from workstation.workspace.review import Question, review
from workstation.workspace.session import Session, sample_books


def grown(position):
    return replace(position, quantity=position.quantity * 2)


def repriced(position):
    return replace(position, price=position.price and position.price * Decimal("1.03"))


def anew(session):
    """Review the session's book with nothing remembered and nothing shared."""
    question = Question(session.book, session.designs, session.stress, session._input_hashes(),
                        session.input_problems)
    return review(question, session.rule_set(), Memory())


def check_edits(session):
    session.review()
    first = session.book
    for place in (0, len(first.positions) // 2, len(first.positions) - 1):
        session.replace_position(repriced(grown(session.book.positions[place])))
        assert session.review() == anew(session)
    moved = next(iter(session.book.market.underlyings.values()))
    session.replace_market(replace(session.book.market, underlyings={
        **session.book.market.underlyings,
        moved.symbol: replace(moved, price=moved.price * Decimal("0.9"))}))
    assert session.review() == anew(session)
    session.base = first
    assert session.review() == anew(session)


@pytest.mark.parametrize("path", sample_books(), ids=lambda path: path.stem)
def test_a_review_after_edits_is_the_review_made_anew(path):
    check_edits(Session.from_file(path))


def test_so_it_is_where_every_regime_has_something_to_margin(tmp_path, monkeypatch):
    monkeypatch.setattr(wide_book, "SENSITIVITIES", 80)
    monkeypatch.setattr(wide_book, "LOTS", 12)
    session = Session.from_file(large_workbook(tmp_path / "wide.xlsx", 60, stocks=3, wide=True))
    assert len({account.regime for account in session.review().silos.accounts}) == 13
    check_edits(session)
