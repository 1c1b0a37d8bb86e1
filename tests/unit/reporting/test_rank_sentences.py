"""What is said of the order of sites."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.reporting.rank_sentences import sentences


def told(
    extra_min=0.0,
    *,
    first=1,
    asked=1,
    is_stable=True,
    language="en",
    served=(0.5, 0.6),
    lost_alone=(0, 0),
):
    """Sentences on an order of two sites."""
    order = pd.DataFrame({"site_id": ["a", "b"], "name": ["A", "B"], "served_share": served})
    order = order.assign(rank=[1, 2], extra_min=extra_min, lost_alone=lost_alone)
    order["lost_trips"] = [round(1e4 * (served[1] - share)) for share in served]
    order["extra_alone_h"] = -0.0
    sizes = pd.DataFrame({"n_sites": [1, 2], "n_hpc": [float("nan")] * 2})
    phrases = sentences(order, sizes, first, asked=asked, is_stable=is_stable)
    return [each.texts[language].replace("\xa0", " ") for each in phrases]


@pytest.mark.parametrize(
    ("extra_min", "said"),
    [(-0.61, "0.6 min earlier"), (-0.01, "0.0 min later"), (12.3, "12 min later")],
)
def test_trips_arrive_later_or_earlier_and_never_less_than_nothing_later(extra_min, said):
    carried, _, missed, _ = told(extra_min)
    assert said in carried
    assert missed.endswith("no trip is lost, but trips arrive 0 h later in total.")


@pytest.mark.parametrize(
    ("served", "english", "german"),
    [
        ((0.5, 0.6), "50 % of the trips can be driven, with all 60 %;", "50 % der Fahrten"),
        ((0.9981, 0.9984), "99.81 % of the trips can be driven, with all 99.84 %;", "99,81 %"),
        ((0.9998, 1.0), "99.9 % of the trips can be driven, with all 100 %;", "99,9 % der"),
        (
            (0.9984, 0.9984),
            "The first 1 of 2 sites serve every trip that all of them serve, 99.8 % of the trips;",
            "sind alle Fahrten fahrbar, die es mit allen sind, 99,8 % der Fahrten;",
        ),
    ],
)
def test_shares_that_differ_do_not_read_alike_and_equal_ones_are_told_once(served, english, german):
    assert english in told(served=served)[0]
    assert german in told(served=served, language="de")[0]


@pytest.mark.parametrize(
    ("lost_alone", "missed", "placed", "german"),
    [
        (
            (3, 0),
            "A is missed most: 3 trips can",
            "It is number 1 of the order: the first 1 include it.",
            "In der Reihenfolge ist er Nummer 1, also unter den ersten 1.",
        ),
        (
            (0, 1),
            "B is missed most: 1 trip can",
            "It is number 2 of the order, not among the first 1: while few sites are open, others",
            "In der Reihenfolge ist er Nummer 2, also nicht unter den ersten 1: ",
        ),
    ],
)
def test_the_site_that_is_missed_most_alone_is_told_with_its_place_in_the_order(
    lost_alone, missed, placed, german
):
    alone, place = told(lost_alone=lost_alone)[-2:]
    assert alone == (
        f"If one site closes while all others stay open, {missed} no longer be driven, and the "
        "others arrive 0 h later in total."
    )
    assert place.startswith(placed)
    assert german in told(lost_alone=lost_alone, language="de")[-1]
    assert "of the order" not in " ".join(told(lost_alone=lost_alone, first=2, asked=2))


def test_more_sites_asked_for_than_there_are_are_told():
    assert told(first=2, asked=30)[:2] == [
        "You asked for the first 30 sites; there are only 2, all of which follow.",
        "With all 2 sites 60 % of the trips can be driven.",
    ]
    german = told(first=2, asked=30, language="de")
    assert german[0].startswith("Sie haben nach den ersten 30 Standorten gefragt; es gibt nur 2")
    assert not any("asked" in each for each in told(first=2, asked=2))


def test_exchanges_that_ended_at_their_limit_are_told():
    assert told(is_stable=False)[-1].startswith("Not all exchanges of sites were tried")
