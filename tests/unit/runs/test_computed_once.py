"""Results that several threads ask for at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from planner.runs.computed_once import ComputedOnce


def test_who_asks_for_another_result_does_not_wait_and_who_asks_for_the_same_gets_it():
    results, begun, goes_on = ComputedOnce(), Event(), Event()
    computed = []

    def slow():
        computed.append("slow")
        begun.set()
        assert goes_on.wait(10)
        return "slow"

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(results.get, 1, slow)
        assert begun.wait(10)
        second = threads.submit(results.get, 1, slow)
        assert results.get(2, lambda: "quick") == "quick"
        assert not first.done()
        goes_on.set()
        assert (first.result(10), second.result(10)) == ("slow", "slow")
    assert computed == ["slow"]


def test_a_fault_is_told_and_computed_anew_and_the_oldest_goes():
    results = ComputedOnce(most=2)
    with pytest.raises(ZeroDivisionError):
        results.get("a", lambda: 1 / 0)
    assert results.get("a", lambda: 1) == 1
    assert results.get("b", lambda: 2) == 2
    assert results.get("a", lambda: 9) == 1
    assert results.get("c", lambda: 3) == 3
    assert results.get("b", lambda: 5) == 5
