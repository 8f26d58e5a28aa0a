import pytest

from workstation.base.axes import multiples, round_step


@pytest.mark.parametrize(("least", "step"), [
    (1, 1), (1.0000000001, 1), (1.1, 2), (2.3, 2.5), (2.6, 5), (7, 10), (0.03, 0.05), (260, 500)])
def test_steps_are_round_and_never_too_small(least, step):
    assert round_step(least) == pytest.approx(step)


def test_both_ends_count_where_they_stand_on_a_multiple():
    assert multiples(0.0, 0.3, 0.1) == pytest.approx([0, 0.1, 0.2, 0.3])
    assert multiples(-5.0, 5.0, 2.5) == [-5, -2.5, 0, 2.5, 5]
    assert multiples(1.0, 9.0, 2.5) == [2.5, 5, 7.5]
    assert multiples(1.0, 2.0, 5.0) == []
