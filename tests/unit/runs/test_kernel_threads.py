"""Work that a thread beside does, a step ahead or a step behind."""

from __future__ import annotations

from threading import Event, get_ident

import numba
import pytest

from planner.runs.kernel_threads import kernel_threads, one_ahead, one_behind

SECONDS = 60.0
FULL = OSError("full")


def test_the_next_item_is_made_while_one_is_in_use():
    begun = [Event() for _ in range(4)]

    def made():
        for number in range(3):
            begun[number].set()
            yield number
        begun[3].set()

    used = []
    for number in one_ahead(made()):
        assert begun[number + 1].wait(SECONDS)
        used.append(number)
    assert used == [0, 1, 2]
    assert list(one_ahead(iter([]))) == []


def test_no_more_than_one_item_is_made_ahead():
    made = []
    ahead = one_ahead(made.append(number) or number for number in range(9))
    assert next(ahead) == 0
    ahead.close()
    assert made in ([0], [0, 1])


def test_kernels_use_as_many_threads_for_what_is_made_ahead():
    default = numba.get_num_threads()
    with kernel_threads(1):
        assert list(one_ahead(numba.get_num_threads() for _ in range(2))) == [1, 1]
    assert list(one_ahead(numba.get_num_threads() for _ in range(2))) == [default, default]


def test_a_fault_in_making_comes_where_the_item_is_asked_for():
    def made():
        yield 1
        raise FULL

    ahead = one_ahead(made())
    assert next(ahead) == 1
    with pytest.raises(OSError, match="full"):
        next(ahead)


def test_items_are_used_in_their_order_while_the_next_are_made():
    begun, used, threads = [Event() for _ in range(3)], [], set()

    def made():
        for number in range(3):
            begun[number].set()
            yield number

    def use(number):
        if number < 2:
            assert begun[number + 1].wait(SECONDS)
        threads.add(get_ident())
        used.append(number)

    one_behind(made(), use)
    assert used == [0, 1, 2]
    assert threads.isdisjoint({get_ident()})
    one_behind([], use)
    assert used == [0, 1, 2]


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_a_fault_in_using_an_item_is_told_and_no_later_one_is_used(wrong):
    used = []

    def use(number):
        if number == wrong:
            raise FULL
        used.append(number)

    with pytest.raises(OSError, match="full"):
        one_behind(range(3), use)
    assert used == list(range(wrong))


def test_what_was_made_before_an_interruption_is_used():
    used = []

    def made():
        yield from range(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one_behind(made(), used.append)
    assert used == [0, 1]
