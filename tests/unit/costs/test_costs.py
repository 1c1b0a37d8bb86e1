"""Costs of sites and fronts against figures worked out by hand, and in known directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.costs import pricing
from planner.costs.layout_costs import LayoutLoad
from planner.costs.pricing import price_front
from planner.costs.site_costs import COMPONENTS, SiteLoad, annuity_share, site_costs
from planner.errors import InvariantError, ScenarioError
from planner.scenario.infrastructure_costs import (
    BUNDLED,
    CostSet,
    read_cost_set,
    study_cost_set,
)
from tests.unit.afir.test_check import sites_at

if TYPE_CHECKING:
    from pathlib import Path

    from planner.costs.pricing import PricedFront

COSTS = read_cost_set("germany-2030")
POWERS = (1000.0, 100.0)
CENTRAL = {name: each.central for name, each in COSTS.factors(*POWERS).items()}


def load(n_hpc: list[int], n_lpc: list[int], peak: list[float], kwh: list[float]) -> SiteLoad:
    return SiteLoad(np.array(n_hpc), np.array(n_lpc), np.array(peak), np.array(kwh))


def front(waits_h: tuple[float, float, float] = (1.0, 20.0, 400.0)) -> PricedFront:
    """Three layouts of two sites: the fewer points, the longer the waits."""
    layouts = [
        LayoutLoad(load([n, n], [5, 5], [1000.0 * n, 900.0 * n], [20e3, 10e3]), wait, wait / 1.5)
        for n, wait in zip((8, 5, 3), waits_h, strict=True)
    ]
    sites = sites_at([(0, 1.0)], [(0, 2.0)])
    return price_front(layouts, ["logistics", "", "cpo"], sites, COSTS, POWERS, 100.0, 7.0)


def test_an_annuity_pays_back_the_sum_with_interest() -> None:
    share = annuity_share(0.07, 10.0)
    left = 1.0
    for _ in range(10):
        left = left * 1.07 - share
    assert left == pytest.approx(0.0, abs=1e-12)
    assert annuity_share(0.0, 4.0) == 0.25
    assert annuity_share(1e-18, 4.0) == pytest.approx(0.25)


def test_a_site_costs_what_a_sheet_of_paper_says() -> None:
    value = dict.fromkeys(CENTRAL, 0.0) | {
        "hpc_point_eur": 100.0, "lpc_point_eur": 10.0, "site_base_eur": 50.0, "bay_eur": 5.0,
        "planning_share": 0.1, "connection_eur_kw": 0.01, "station_eur": 7.0,
        "station_eur_kw": 0.002, "cable_km": 2.0, "cable_eur_km": 3.0,
        "charger_upkeep_share": 0.02, "grid_upkeep_share": 0.01, "land_eur_bay_year": 4.0,
        "backend_eur_kwh": 0.5, "charger_life_years": 10.0, "works_life_years": 20.0,
        "efficiency_share": 0.5, "energy_eur_kwh": 0.25, "low_use_eur_kw_year": 0.003,
        "low_use_eur_kwh": 0.1, "days_a_year": 100.0,
    }  # fmt: skip
    found = site_costs(load([2], [3], [1500.0], [8.0]), value)
    points, works = 1.1 * (200.0 + 30.0), 1.1 * (50.0 + 10.0)
    connection = 1.1 * (15.0 + 7.0 + 0.002 * 500.0 + 6.0)
    by_hand = {
        "points": points / 10,
        "works": works / 20,
        "connection": connection / 20,
        "upkeep": 0.02 * points + 0.01 * connection,
        "land": 20.0,
        "backend": 400.0,
        "electricity": 1600.0 * 0.25 + 4.5 + 160.0,
    }
    assert dict(zip(COMPONENTS, found.eur_year[0], strict=True)) == pytest.approx(by_hand)
    assert found.investment_eur[0] == pytest.approx(points + works + connection)


def test_sites_without_points_cost_nothing() -> None:
    found = site_costs(load([0, 1], [0, 0], [0.0, 900.0], [0.0, 50.0]), CENTRAL)
    assert found.eur_year[0].sum() == 0.0
    assert found.investment_eur[0] == 0.0
    assert (found.eur_year[1] > 0.0).all()


def test_sites_that_draw_evenly_pay_the_grid_fee_of_high_use() -> None:
    bought = 2600.0 * 1000.0
    kwh = bought / CENTRAL["days_a_year"] * CENTRAL["efficiency_share"]
    found = site_costs(load([1], [0], [1000.0], [kwh]), CENTRAL)
    fee = 1000.0 * CENTRAL["high_use_eur_kw_year"] + bought * CENTRAL["high_use_eur_kwh"]
    assert found.eur_year[0, -1] == pytest.approx(bought * CENTRAL["energy_eur_kwh"] + fee)


def test_the_layout_of_least_cost_moves_with_what_waiting_adds() -> None:
    assert front().best == 1
    assert front((1.0, 20.0, 20.5)).best == 2
    assert front((1.0, 4000.0, 9000.0)).best == 0


def test_both_sides_sum_to_the_whole_and_sites_to_the_nation() -> None:
    priced = front()
    best = priced.costs.iloc[priced.best]
    year_eur = priced.sites[[f"{name}_eur_year" for name in COMPONENTS]].to_numpy().sum()
    assert year_eur / CENTRAL["days_a_year"] == pytest.approx(best["operator_eur_day"])
    waiting = 20.0 * CENTRAL["truck_hour_eur"]
    assert best["system_cost_eur_day"] == pytest.approx(
        best["operator_eur_day"] + waiting + 7.0 * CENTRAL["truck_hour_eur"]
    )
    assert best["waiting_eur_trip"] == pytest.approx(waiting / 100.0)
    assert best["name"] == "least-cost"
    paid = 30e3 * CENTRAL["price_eur_kwh"]
    assert best["logistics_cost_eur_trip"] == pytest.approx(
        (27.0 * CENTRAL["truck_hour_eur"] + paid) / 100.0
    )
    ends = [f"operator_cost_eur_kwh{end}" for end in ("_low", "", "_high")]
    assert list(best[ends]) == sorted(best[ends])


def test_dearer_points_call_for_fewer_and_dearer_time_for_more() -> None:
    moved = front((1.0, 20.0, 54.0)).factors.set_index("factor")
    n_low, n_high = moved["best_n_hpc_low"], moved["best_n_hpc_high"]
    assert n_low["hpc_point_eur"] >= n_high["hpc_point_eur"]
    assert n_low["truck_hour_eur"] <= n_high["truck_hour_eur"]
    assert (n_low != n_high).any()


def test_a_point_of_a_power_between_two_costs_between_them_in_proportion() -> None:
    costs = COSTS.factors(700.0, 25.0)
    below, above, least = (
        next(each.central for each in COSTS.points if each.power_kw == kw)
        for kw in (400.0, 750.0, 50.0)
    )
    assert costs["hpc_point_eur"].central == pytest.approx(below + 300 / 350 * (above - below))
    assert costs["lpc_point_eur"].central == pytest.approx(least / 2)


def test_a_file_of_ones_own_takes_the_rest_from_a_set_that_comes_with_the_planner(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "mine:\n  based_on: germany-2030\n  year: 2031\n"
        "  truck_hour_eur: {low: 60, central: 70, high: 80}\n",
        encoding="utf-8",
    )
    mine = read_cost_set("mine", file)
    assert mine.truck_hour_eur.central == 70.0
    assert mine.truck_hour_eur.sure == "given"
    assert mine.bay_eur == COSTS.bay_eur


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("based_on: germny", "based_on"),
        ("based_on: [germany-2030]", "based_on: expected a whole set"),
        ("based_on: germany-2030\n  bay_eur: {low: 5, central: 9, high: 1.0e+300}", "bay_eur.high"),
        ("based_on: germany-2030\n  bay_eur: {low: 5, central: 9, high: 6}", "central"),
        ("based_on: germany-2030\n  efficiency_share: {low: 0, central: 0, high: 0}", "efficiency"),
        ("based_on: germany-2030\n  interest_share: {low: 5, central: 7, high: 9}", "found low 5"),
        ("based_on: mine", "or one based on such a set"),
        ("based_on: germany-2030\n  by_eur: {low: 5, central: 5, high: 6}", "by_eur"),
        ("year: 2030", "points"),
    ],
)
def test_faults_of_a_file_are_told_with_their_key(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"mine:\n  {text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=told):
        read_cost_set("mine", file)


def test_figures_in_a_study_may_be_based_on_a_set_of_its_own_that_is_based_on_another(
    tmp_path: Path,
) -> None:
    (tmp_path / "config").mkdir()
    own = "mine: {based_on: germany-2025, bay_eur: {low: 1, central: 2, high: 3}}"
    (tmp_path / BUNDLED).write_text(own, encoding="utf-8")
    figures = CostSet.model_validate(study_cost_set({"based_on": "mine", "year": 2031}, tmp_path))
    assert (figures.year, figures.bay_eur.central) == (2031, 2.0)
    assert figures.points == read_cost_set("germany-2025").points
    assert figures.cable_km == COSTS.cable_km


def test_an_unknown_set_is_refused_with_those_there_are() -> None:
    with pytest.raises(ScenarioError, match="germany-2030"):
        read_cost_set("germany-2031")


def test_a_file_that_does_not_have_the_set_asked_for_is_not_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("mine: {based_on: germany-2030}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"\(mine\) with --set; found 'germany-2030'"):
        read_cost_set("germany-2030", file)


@pytest.mark.parametrize("name", ["../mine", "a/b", "", "<b>"])
def test_a_set_whose_name_makes_no_folder_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f'"{name}": {{based_on: germany-2030}}\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="expected a name of letters"):
        read_cost_set(name, file)


def test_parts_that_do_not_add_up_are_a_fault_of_the_program() -> None:
    priced = front().costs
    energy_kwh = (priced["operator_eur_day"] / priced["operator_cost_eur_kwh"]).to_numpy()
    parts = np.outer(priced["operator_eur_day"], [0.5, 0.5])
    pricing._check(priced, parts, energy_kwh)
    with pytest.raises(InvariantError, match="do not add up"):
        pricing._check(priced, parts * 1.001, energy_kwh)


def test_a_simulated_week_is_that_of_all_days_of_the_year() -> None:
    days = COSTS.of_days(7).days_a_year
    assert (days.low, days.central, days.high) == (365.0, 365.0, 365.0)
    assert COSTS.of_days(4) is COSTS
