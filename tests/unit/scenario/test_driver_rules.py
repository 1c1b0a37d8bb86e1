"""Weekly limits and driving bans in `driver_rules`: what they may say, and what kernels see."""

from __future__ import annotations

import numpy as np
import pytest

from planner.errors import ScenarioError
from planner.routing.drivers import driver_week, drivers_of, driving_ban
from planner.routing.driving_calendar_kernel import day_drive_h, day_rest_h
from planner.scenario.load import load_scenario
from planner.scenario.parameter_sets import DriverRules, DrivingBan, WeeklyLimits
from tests.called_kernels import called

day_drive_h = called(day_drive_h)
day_rest_h = called(day_rest_h)


def test_the_week_of_the_law_is_56_hours_and_the_next_34():
    rules = load_scenario("germany-10", ["driver_rules=eu-561-week"]).driver_rules
    week = driver_week(rules)
    days_h = [day_drive_h(day, 10.0, week) for day in range(11)]
    rests_h = [day_rest_h(day, 9.0, week) for day in range(11)]
    assert days_h == [10, 10, 9, 9, 9, 9, 10, 10, 9, 5, 10]
    assert rests_h == [9, 9, 9, 11, 11, 45, 9, 9, 9, 45, 9]


def test_the_default_knows_neither_weeks_nor_bans():
    limits = drivers_of(load_scenario("germany-10")).limits
    assert (limits.week.n_days, limits.ban.days) == (0, 0)
    assert (limits.drive_to_rest_h, limits.rest_h) == (9.0, 11.0)


def test_public_holidays_of_the_week_have_the_ban_of_sundays():
    ascension = DrivingBan(week_of=np.datetime64("2026-05-11").item())
    assert ascension.all_days == ("thu", "sun")
    # Reformation Day is one in some states alone.
    assert DrivingBan(week_of="2026-10-31").all_days == ("sun",)
    assert driving_ban(DriverRules(driving_ban=ascension)).days == 0b100_1000


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"driving_ban": {"from_h": 10, "until_h": 10.5}}, "at least an hour after the 10 of"),
        (
            {"driving_ban": {"days": ["mon", "tue", "wed", "fri", "sat", "sun"],
                             "week_of": "2026-05-14"}},
            "at least one day of the week without a ban",
        ),
        ({"driving_ban": {"week_of": 5}}, "valid date"),
        ({"week": {"long_day_h": 8}}, "week.long_day_h of at least the 9 h"),
        ({"week": {"driving_h": 5}}, "week.driving_h of at least the 10 h"),
        ({"week": {"reduced_rest_h": 12}}, "week.reduced_rest_h up to and"),
        ({"week": {"two_weeks_driving_h": 50}}, "two_weeks_driving_h above the 56 h"),
    ],
)  # fmt: skip
def test_rules_that_no_driver_can_follow_are_refused(changes, expected):
    with pytest.raises(ValueError, match=expected):
        DriverRules(**changes)


@pytest.mark.parametrize("rules", ["{driving_ban: {days: [sun]}}", "{week: {days: 5}}"])
def test_the_rule_break_first_knows_neither(rules):
    with pytest.raises(ScenarioError, match="whose rule knows none"):
        load_scenario("germany-10", ["driver_behaviour=break-first", f"driver_rules={rules}"])


def test_a_driver_who_begins_with_the_trip_is_rested():
    week = driver_week(DriverRules(week=WeeklyLimits(begins="trip")))
    assert not week.begins_monday
