"""The section `driver_behaviour`: names, keys, and what does not go together."""

from __future__ import annotations

import numpy as np
import pytest

from planner.errors import ScenarioError
from planner.routing.break_first_rule_kernel import PARTLY_CHARGED, BreakFirst
from planner.routing.drivers import drivers_of
from planner.scenario.load import load_scenario

RULE = "driver_behaviour=break-first"
OWN_RULE = "driver_behaviour.stop_planning=break_first"


def test_drivers_plan_by_least_time_unless_told_otherwise():
    scenario = load_scenario("germany-10")
    assert scenario.driver_behaviour.stop_planning == "least_time"
    assert drivers_of(scenario).break_first is None
    said = load_scenario("germany-10", ["driver_behaviour=least-time"])
    assert said.model_copy(update={"description": scenario.description}) == scenario


def test_the_kernel_gets_the_rule_as_the_study_has_it():
    settings = ["chargers.hpc_planned_kw=720", "chargers.hpc_charge_to_share=0.9"]
    drivers = drivers_of(load_scenario("germany-10", [RULE, *settings]))
    assert drivers.break_first == BreakFirst(
        plugs_in=PARTLY_CHARGED,
        is_full_break=True,
        counts_as_break=False,
        reserve_kwh=14.0,
        promote_after_h=4.0,
        rests_every_second=True,
        n_nearest=5,
        before_limit_h=pytest.approx(1 / 6),
        early_h=0.5,
        late_h=0.5,
        detour_km=10.0,
        drives_below_minimum=True,
    )
    assert drivers.charging.hpc_to_share == 0.9
    assert drivers.charging.hpc_kw == 720.0
    assert drivers.allowed_drive_h == (5.0, 10.0)
    assert drivers.floor_soc_share == 0.0


def test_the_limits_of_the_checks_come_from_the_behaviour():
    assert drivers_of(load_scenario("germany-10")).allowed_drive_h == (4.5, 9.0)
    search = "driver_behaviour.site_search.window_h=[4.25, 4.75]"
    drivers = drivers_of(load_scenario("germany-10", [OWN_RULE, search]))
    assert drivers.allowed_drive_h == (4.75, 9.25)


@pytest.mark.parametrize(
    ("settings", "first", "later"),
    [
        ([], [0.1, 0.05], [0.2, 0.05]),  # the exact planner: to the first site alone
        (["driver_behaviour.floor_soc_share=0.15"], [0.15, 0.05], [0.2, 0.05]),
        (["driver_behaviour.below_minimum=strand"], [0.2, 0.05], [0.2, 0.05]),
        ([RULE], [0.0, 0.0], [0.0, 0.0]),
        ([OWN_RULE], [0.1, 0.05], [0.1, 0.05]),
    ],
)
def test_how_far_below_its_minimum_a_truck_may_come(settings, first, later):
    drivers = drivers_of(load_scenario("germany-10", settings))
    found = drivers.least_soc_share(np.array([0.2, 0.05]))
    assert [each.tolist() for each in found] == [first, later]


def test_a_behaviour_of_ones_own_is_found_beside_the_scenario(tmp_path):
    (tmp_path / "config").mkdir()
    own = "hasty: {stop_planning: break_first, plug_in_at_breaks: always}\n"
    (tmp_path / "config" / "driver_behaviour.yaml").write_text(own, encoding="utf-8")
    study = tmp_path / "study.yaml"
    text = "name: s\nnetwork: {source: builtin}\nsites: {source: builtin}\n"
    study.write_text(
        text + "demand: {source: builtin}\ndriver_behaviour: hasty\n", encoding="utf-8"
    )
    assert load_scenario(study).driver_behaviour.plug_in_at_breaks == "always"


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (["driver_behaviour=break-frist"], "did you mean 'break-first'?"),
        (["driver_behaviour.stop_planning=brake_first"], "'least_time' or 'break_first'"),
        (["driver_behaviour.energy_stop=full_break"], "these keys count for (energy_stop)"),
        (
            [OWN_RULE, "driver_behaviour.energy_stop_counts_as_break=true"],
            "energy_stop: full_break beside energy_stop_counts_as_break",
        ),
        ([OWN_RULE, "driver_behaviour.site_search.window_h=[4.6, 5]"], "found [4.6, 5]"),
        ([OWN_RULE, "driver_behaviour.site_search.window_h=[4, 4.4]"], "around the 4.5 h"),
        ([OWN_RULE, "driver_behaviour.site_search.nearest=0"], "site_search.nearest"),
        (
            [OWN_RULE, "driver_behaviour.promote_to_break_after_h=4.6"],
            "of at most the 4.5 h of driving",
        ),
        ([RULE, "market={price_cap_eur_kwh: 1}"], "no market section beside"),
        (["chargers.hpc_charge_to_share=0.2"], "above the min_soc_share of the vehicle class"),
        ([RULE, "chargers.hpc_planned_kw=1200"], "at most the 1000 kW of hpc_kw; found 1200"),
        ([RULE, "chargers.hpc_charge_to_share=0"], "hpc_charge_to_share"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_remedy(overrides, expected):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("germany-10", overrides)
    assert expected in "\n".join(caught.value.faults)
