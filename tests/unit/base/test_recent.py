"""What was asked for lately is not worked out again; what nobody asks for is let go."""

from workstation.base import recent
from workstation.base.recent import Recent


def asked(kept, question, worked):
    return kept.of(question, lambda: worked.append(question) or f"answer {question}")


def test_an_answer_is_worked_out_once_while_it_is_asked_for():
    kept, worked = Recent(), []
    for _ in range(3):
        assert asked(kept, "a", worked) == "answer a"
        kept.turn()
    assert worked == ["a"]


def test_a_turn_without_the_question_forgets_the_answer():
    kept, worked = Recent(), []
    asked(kept, "a", worked)
    kept.turn()
    asked(kept, "b", worked)
    kept.turn()
    asked(kept, "a", worked)
    assert worked == ["a", "b", "a"]


def test_an_answer_of_none_is_an_answer():
    kept, worked = Recent(), []
    for _ in range(2):
        assert kept.of("a", lambda: worked.append("a")) is None
        kept.turn()
    assert worked == ["a"]


def test_a_turn_keeps_no_more_than_so_many(monkeypatch):
    monkeypatch.setattr(recent, "MOST", 2)
    kept, worked = Recent(), []
    for question in "abcabc":
        asked(kept, question, worked)
    assert worked == ["a", "b", "c", "c"]
