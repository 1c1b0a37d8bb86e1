"""Streams depend on seed and name alone."""

from __future__ import annotations

from planner.runs.random_streams import RandomStreams, stable_hash


def test_same_name_same_numbers_other_name_other_numbers():
    streams = RandomStreams(1)
    first = streams.generator("demand").random(5)
    assert (RandomStreams(1).generator("demand").random(5) == first).all()
    assert (streams.generator("routing").random(5) != first).all()
    assert (RandomStreams(2).generator("demand").random(5) != first).all()
    assert streams.key("a") != streams.key("b")


def test_hash_is_the_same_for_ever():
    assert stable_hash("site-1") == 2118014108930070219
