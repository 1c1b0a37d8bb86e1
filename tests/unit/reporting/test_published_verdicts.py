"""Verdicts on published figures: reproduced, direction, different or not comparable, and why."""

import pytest

from planner.plan.published_figures import (
    BALANCED_ECU,
    BALANCED_TCU,
    BALANCED_WAIT,
    ENERGY,
    ENERGY_PER_TRIP,
    HPC_AT_5_MIN,
    HPC_RANGE,
    LONGER_DRIVING,
    LPC_SHARE,
    PUBLISHED,
    REPLANNING_CUT,
    TCU_AT_WAIT,
)
from planner.plan.published_rules import RULES
from planner.plan.published_verdicts import STUDY_DAYS, Finding, RunBasis, judged
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

NAN = float("nan")


def verdict(what, *ours, basis=None):
    figure = next(each for each in PUBLISHED if each.what == what)
    return judged(figure, ours, basis or RunBasis())


def test_every_published_figure_has_a_rule_and_no_rule_is_of_none():
    assert set(RULES) == {figure.what for figure in PUBLISHED}


@pytest.mark.parametrize(
    ("what", "ours", "finding"),
    [
        pytest.param(ENERGY, (45.7,), Finding.REPRODUCED, id="4.8 % off"),
        pytest.param(ENERGY, (45.5,), Finding.DIFFERS, id="5.2 % off"),
        pytest.param(LPC_SHARE, (21.0,), Finding.REPRODUCED, id="2 points off"),
        pytest.param(LPC_SHARE, (21.1,), Finding.DIFFERS, id="more than 2 points off"),
        pytest.param(HPC_RANGE, (500, 3100), Finding.REPRODUCED, id="the upper end counts"),
        pytest.param(HPC_RANGE, (1116, 2117), Finding.DIFFERS, id="upper end far off"),
        pytest.param(HPC_AT_5_MIN, (1870,), Finding.EXPECTED, id="15 % fewer points"),
        pytest.param(HPC_AT_5_MIN, (2100,), Finding.DIFFERS, id="as many points"),
        pytest.param(HPC_AT_5_MIN, (1700,), Finding.DIFFERS, id="too few points"),
        pytest.param(HPC_AT_5_MIN, (2900,), Finding.DIFFERS, id="more points"),
        pytest.param(TCU_AT_WAIT, (39.0,), Finding.EXPECTED, id="22 % more use"),
        pytest.param(TCU_AT_WAIT, (32.0,), Finding.DIFFERS, id="the same use"),
        pytest.param(BALANCED_TCU, (27.0,), Finding.NOT_COMPARABLE, id="at another wait"),
        pytest.param(BALANCED_ECU, (15.0, 18.0), Finding.REPRODUCED, id="both ends near"),
        pytest.param(BALANCED_ECU, (12.0, 20.0), Finding.DIFFERS, id="one end far off"),
        pytest.param(BALANCED_WAIT, (1.6,), Finding.NOT_COMPARABLE, id="definition lost"),
        pytest.param(LONGER_DRIVING, (0.3,), Finding.DIRECTION, id="the same sign"),
        pytest.param(LONGER_DRIVING, (-0.1,), Finding.DIFFERS, id="another sign"),
        pytest.param(REPLANNING_CUT, (75.0,), Finding.DIRECTION, id="waits saved"),
        pytest.param(REPLANNING_CUT, (-3.0,), Finding.DIFFERS, id="longer waits"),
        pytest.param(REPLANNING_CUT, (NAN,), Finding.NOT_COMPARABLE, id="not told"),
    ],
)
def test_ours_is_judged_by_the_rule_of_the_figure(what, ours, finding):
    assert verdict(what, *ours).finding is finding


@pytest.mark.parametrize(
    ("what", "ours", "begins"),
    [
        (ENERGY, 47.0, "reproduced: within 5 %"),
        (LPC_SHARE, 20.0, "reproduced: within 2 percentage points"),
        (ENERGY, 33.0, "differs: 31 % below (tolerance 5 %); data of the study that are not"),
        (LPC_SHARE, 31.0, "differs: 12 percentage points above (tolerance 2 percentage points); "),
        (ENERGY, 45.599, "differs: 5.002 % below (tolerance 5 %); "),
        (LPC_SHARE, 21.1, "differs: 2.1 percentage points above (tolerance 2 percentage points)"),
        (HPC_AT_5_MIN, 1870.0, "as expected: 15 % below (expected 10 to 20 % below); our search"),
        (HPC_AT_5_MIN, 2900.0, "differs: 32 % above (expected 10 to 20 % below); our search keeps"),
        (HPC_AT_5_MIN, 1757.0, "differs: 20.1 % below (expected 10 to 20 % below); our search"),
        (LONGER_DRIVING, 0.3, "direction holds: sign alone: roads and site lists"),
        (LONGER_DRIVING, -0.1, "differs: not above zero as it should be; sign alone"),
        (BALANCED_WAIT, 1.6, "not comparable: the study does not print how"),
        (REPLANNING_CUT, NAN, "not comparable: this run does not tell it"),
    ],
)
def test_a_verdict_names_its_tolerance_or_its_reason(what, ours, begins):
    assert verdict(what, ours).written(ENGLISH).startswith(begins)


def test_verdicts_are_written_in_german():
    assert (
        verdict(ENERGY, 33.0)
        .written(GERMAN)
        .startswith("weicht ab: 31 % darunter (Toleranz 5 %); ")
    )
    assert (
        verdict(LPC_SHARE, 31.0).written(GERMAN).startswith("weicht ab: 12 Prozentpunkte darüber")
    )


@pytest.mark.parametrize(
    "figure", PUBLISHED, ids=lambda figure: f"{figure.what} {figure.level_share}"
)
@pytest.mark.parametrize("times", [0.1, 0.6, 1.0, 1.6, 10.0])
def test_a_figure_that_is_held_against_ours_is_never_called_not_comparable(figure, times):
    scale = times * (100.0 if figure.what.endswith("%") else 1.0)
    judgement = judged(figure, (scale * figure.low, scale * figure.high), RunBasis())
    rule = RULES[figure.what]
    is_compared = bool(rule.expected or rule.direction)
    assert (judgement.finding is not Finding.NOT_COMPARABLE) == is_compared
    assert ("%" in judgement.written(ENGLISH)) <= is_compared


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""),
        ({"demand": {"days": ["mon"]}}, "other days"),
        ({"sites": {"source": "table"}}, "other sites"),
        ({"demand": {"days": STUDY_DAYS, "transit": {"source": "builtin"}}}, "in transit"),
        ({"demand": {"days": STUDY_DAYS, "fitted_to": "counts"}}, "follow traffic counts"),
    ],
)
def test_runs_of_other_days_sites_or_traffic_are_not_held_against_the_study(changed, why):
    scenario = {
        "demand": {"days": STUDY_DAYS, "transit": {"source": "none"}},
        "sites": {"source": "builtin"},
        "driver_behaviour": {"stop_planning": "break_first"},
    }
    basis = RunBasis.of(scenario | changed)
    judgement = verdict(ENERGY, 48.0, basis=basis)
    assert (judgement.finding is Finding.REPRODUCED) == (not why)
    assert why in judgement.why
    # Transit adds trips; of their mean it changes little.
    per_trip = verdict(ENERGY_PER_TRIP, 459.0, basis=basis).finding
    assert (per_trip is Finding.REPRODUCED) == (why in {"", "in transit"})


@pytest.mark.parametrize(
    ("what", "ours", "finding"),
    [
        pytest.param(ENERGY, 33.0, Finding.DIRECTION, id="less energy, as it must be"),
        pytest.param(ENERGY, 48.1, Finding.DIFFERS, id="more energy"),
        pytest.param(HPC_AT_5_MIN, 1168.0, Finding.DIRECTION, id="fewer points, as it must be"),
        pytest.param(LPC_SHARE, 19.0, Finding.NOT_COMPARABLE, id="nothing is known"),
        pytest.param(LONGER_DRIVING, 0.4, Finding.DIRECTION, id="a sign is of any drivers"),
    ],
)
def test_drivers_who_plan_by_least_time_are_held_to_directions_alone(what, ours, finding):
    assert verdict(what, ours, basis=RunBasis(has_study_drivers=False)).finding is finding


@pytest.mark.parametrize(
    ("what", "ours", "finding"),
    [
        pytest.param(HPC_AT_5_MIN, (1640,), Finding.EXPECTED, id="a quarter fewer points"),
        pytest.param(HPC_AT_5_MIN, (1870,), Finding.DIFFERS, id="as many as with long stops"),
        pytest.param(HPC_RANGE, (1116, 2800), Finding.EXPECTED, id="fewer at the logistics end"),
        pytest.param(HPC_RANGE, (1116, 3310), Finding.DIFFERS, id="as many there as published"),
        pytest.param(ENERGY, (47.0,), Finding.REPRODUCED, id="energy is no matter of their length"),
    ],
)
def test_short_stops_for_energy_alone_need_fewer_points_than_published(what, ours, finding):
    judgement = verdict(what, *ours, basis=RunBasis(has_short_stops=True))
    assert judgement.finding is finding
    assert ("45 min" in judgement.why) == (finding is Finding.EXPECTED)


def test_a_difference_is_told_with_the_reason_that_the_run_has_for_it():
    assert "at the border" in verdict(LPC_SHARE, 24.0, basis=RunBasis(drives_abroad=True)).why
    assert "at the border" not in verdict(LPC_SHARE, 24.0).why
    of_builtin = {"source": "builtin", "border": {"abroad": "ignored"}}
    assert not RunBasis.of({"demand": of_builtin}).drives_abroad
    short = verdict(TCU_AT_WAIT, 38.3, basis=RunBasis(has_short_stops=True))
    assert (short.finding, "45 min" in short.why) == (Finding.DIFFERS, True)
    # Runs from before the built-in demand had the key.
    assert RunBasis.of({"demand": {"source": "builtin"}}).drives_abroad
