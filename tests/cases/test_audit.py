"""Scripts that once showed wrong figures show right ones."""

import contextlib
import io
import runpy

import numpy as np
import pytest

from planner.plan.stages import charging_demand
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.scenario.load import load_scenario
from tests.reference_data import case_path

TESTED = {"storage_both_ways.py", "rejected_overnight.py"}


def test_every_script_has_a_test():
    assert {path.name for path in case_path("audit").glob("*.py")} == TESTED


def test_a_storage_does_not_burn_energy_ahead_of_a_negative_price():
    with contextlib.redirect_stdout(io.StringIO()):
        plan = runpy.run_path(str(case_path("audit/storage_both_ways.py")))["p"]
    assert plan.is_proved
    assert plan.cost == pytest.approx(0.0, abs=1e-6)
    assert np.minimum(plan.charge_kw, plan.discharge_kw).max() == pytest.approx(0.0, abs=1e-6)


def test_trucks_without_an_overnight_point_charge_with_their_own_power():
    truck = (
        "{battery_kwh: 600, consumption_loaded_kwh_km: 1.2, consumption_empty_kwh_km: 1.2, "
        "max_charging_kw: 400, min_soc_share: 0.2, mean_speed_kmh: 65}"
    )
    study = load_scenario(
        case_path("public-reports/base/study.yaml"),
        overrides=[f"vehicles.classes.long-haul-600={truck}"],
    )
    inputs = read_inputs(study)
    plans, classes = plan_trips(study, inputs), inputs.trips.vehicle_class_idx
    demand = charging_demand(study, classes, plans, inputs.sites.n_sites)
    overnight = ~demand.stop_is_hpc
    hours = demand.stop_fallback_plug_h - study.chargers.plug_overhead_min / 60
    power_kw = demand.stop_energy_kwh[overnight] / hours[overnight]
    assert power_kw == pytest.approx(min(study.chargers.hpc_kw, 400.0))
