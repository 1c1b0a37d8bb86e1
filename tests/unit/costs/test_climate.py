"""What plans avoid against figures worked out by hand, and in known directions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.costs import climate
from planner.costs.climate import (
    PlanOfRun,
    TripsOfRun,
    climate_table,
    emissions,
    factor_table,
    hour_factor,
)
from planner.costs.climate_factors import read_climate_factors
from planner.costs.site_costs import COMPONENTS, SiteLoad, site_costs
from planner.errors import InvariantError, ScenarioError
from planner.plan.climate_inputs import run_labels
from planner.scenario.bundled import bundled_path
from planner.scenario.infrastructure_costs import read_cost_set

if TYPE_CHECKING:
    from pathlib import Path

FACTORS = read_climate_factors()
COSTS = {year: read_cost_set(each.costs) for year, each in FACTORS.years.items()}
PLAN = PlanOfRun(
    "balanced",
    5.0,
    12.0,
    SiteLoad(np.array([4, 2]), np.array([6, 0]), np.array([3e3, 2e3]), np.array([14e3, 10e3])),
    np.full(24, 1000.0),
)
TRIPS = TripsOfRun("run", 0.1, 100e3, 120e3, 24e3, (1000.0, 100.0), (PLAN,))


def test_emissions_are_those_of_a_sheet_of_paper() -> None:
    value = {
        "diesel_l_km": 0.3, "diesel_ttw_kg_l": 2.5, "diesel_wtw_kg_l": 3.0, "grid_kg_kwh": 0.2,
        "upstream_share": 0.5, "efficiency_share": 0.8, "hour_factor": 0.9,
    }  # fmt: skip
    found = emissions(TRIPS, value)
    assert found.diesel_l == pytest.approx(30e3)
    assert found.ttw_kg == pytest.approx(75e3)
    assert found.grid_kwh == pytest.approx(150e3)
    # 24 MWh on the way in clean hours, 96 MWh before: 0.2 * 1.5 kg per kWh over the losses.
    assert found.electricity_wtw_kg == pytest.approx((0.9 * 24e3 + 96e3) * 0.3 / 0.8)
    assert found.wtw_kg == pytest.approx(90e3 - found.electricity_wtw_kg)


def test_hours_of_charging_weigh_the_hours_of_the_grid() -> None:
    over_mean = FACTORS.hours.over_mean()
    assert over_mean.mean() == pytest.approx(1.0)
    assert hour_factor(np.full(24, 7.0), over_mean) == pytest.approx(1.0)
    at_noon = np.zeros(24)
    at_noon[12] = 5.0
    assert hour_factor(at_noon, over_mean) == pytest.approx(over_mean[12])
    assert over_mean[12] < 1.0
    assert hour_factor(np.zeros(24), over_mean) == 1.0


def test_a_tonne_costs_what_sites_without_electricity_and_waiting_cost() -> None:
    row = climate_table([TRIPS], FACTORS, COSTS).set_index("year").loc["2030"]
    costs = COSTS["2030"]
    value = {name: each.central for name, each in costs.factors(1000.0, 100.0).items()}
    year_eur = site_costs(PLAN.sites, value).eur_year.sum(axis=0)
    of_sites = year_eur.sum() - year_eur[COMPONENTS.index("electricity")]
    waiting = 12.0 * value["truck_hour_eur"] * value["days_a_year"]
    assert row["infrastructure_eur_year"] == pytest.approx(of_sites)
    assert row["waiting_eur_year"] == pytest.approx(waiting)
    assert row["network_eur_t"] == pytest.approx((of_sites + waiting) / row["wtw_t_year"])
    assert row["diesel_l_year"] == pytest.approx(100e3 * 0.28 * value["days_a_year"])


def test_figures_lie_between_their_ends_and_cleaner_grids_avoid_more() -> None:
    table = climate_table([TRIPS], FACTORS, COSTS)
    for name in ("ttw_t_year", "wtw_t_year", "network_eur_t"):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()
    assert table["year"].tolist() == ["2025", "2030", "2040"]
    assert table["wtw_t_year"].is_monotonic_increasing
    assert table["ttw_t_year"].nunique() == 1


def test_a_tonne_has_no_cost_where_nothing_is_avoided() -> None:
    thirsty = replace(TRIPS, used_kwh_day=900e3)
    table = climate_table([thirsty], FACTORS, COSTS).set_index("year")
    assert table.loc["2025", "wtw_t_year"] < 0.0
    assert np.isnan(table.loc["2025", "network_eur_t"])


def test_each_figure_by_itself_moves_less_than_all_together() -> None:
    moved = factor_table(TRIPS, PLAN, FACTORS, COSTS)
    together = climate_table([TRIPS], FACTORS, COSTS).set_index("year")
    for year, rows in moved.groupby("year"):
        assert rows["wtw_t_year_low"].min() > together.loc[year, "wtw_t_year_low"]
        assert rows["wtw_t_year_high"].max() < together.loc[year, "wtw_t_year_high"]
        width = rows["wtw_t_year_high"] - rows["wtw_t_year_low"]
        assert width.is_monotonic_decreasing
    assert set(moved["sure"]) == {"assumed"}


def test_hours_that_hold_another_energy_than_sites_are_a_fault_of_the_program() -> None:
    climate.check_energy(PLAN)
    with pytest.raises(InvariantError, match="hours hold 12000 kWh a day, sites 24000 kWh"):
        climate.check_energy(replace(PLAN, hour_kwh=np.full(24, 500.0)))


def test_parts_that_do_not_add_up_are_a_fault_of_the_program() -> None:
    table = climate_table([TRIPS], FACTORS, COSTS)
    with pytest.raises(InvariantError, match="what is avoided do not add up"):
        climate._check(table.assign(wtw_t_year=table["wtw_t_year"] + 1.0))


def test_runs_of_one_name_are_told_apart_by_the_folders_above(tmp_path: Path) -> None:
    assert run_labels([tmp_path / "a", tmp_path / "b"]) == ["a", "b"]
    sweep = [tmp_path / "runs" / level / "replication-1" for level in ("5", "10")]
    assert run_labels(sweep) == ["5/replication-1", "10/replication-1"]


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('"2025":', '"25":', "four digits"),
        ("low: 0.24, central: 0.28, high: 0.33", "low: 0.33, central: 0.28, high: 0.24", "round"),
        ("summer: [1.20, ", "summer: [", "summer"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    tmp_path: Path, was: str, becomes: str, told: str
) -> None:
    text = bundled_path("config/climate.yaml").read_text("utf-8")
    assert was in text
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace(was, becomes), "utf-8")
    with pytest.raises(ScenarioError, match=told):
        read_climate_factors(file)
