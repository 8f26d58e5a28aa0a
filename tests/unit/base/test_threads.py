"""Work spread over threads."""

import time

import pytest

from workstation.base import threads


@pytest.mark.parametrize("processors", [1, 2, 4, None])
def test_answers_come_in_the_order_asked_whatever_ends_first(processors, monkeypatch):
    monkeypatch.setattr(threads.os, "cpu_count", lambda: processors)

    def work(n):
        time.sleep(0.002 * (5 - n))
        return n * n

    assert threads.in_order(work, range(5)) == [0, 1, 4, 9, 16]
    assert threads.in_order(work, []) == []


@pytest.mark.parametrize("processors", [1, 2])
def test_the_first_failure_is_raised(processors, monkeypatch):
    monkeypatch.setattr(threads.os, "cpu_count", lambda: processors)
    with pytest.raises(ValueError, match="1 is odd"):
        threads.in_order(_even, [0, 1, 2, 3])


def _even(n):
    if n % 2:
        raise ValueError(f"{n} is odd")
    return n
