"""``planner tornado``: what points and costs of a study depend on, one factor at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.costs.layout_costs import load_of_layouts
from planner.costs.pricing import FACTOR_TITLES
from planner.costs.tornado_columns import TORNADO
from planner.errors import InputDataError, PlannerError, ScenarioError
from planner.layouts.changed_trucks import RunTrucks, with_vehicles_scaled
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.prices import prices_of
from planner.plan.stages import charging_demand
from planner.plan.stops import kept_stops, plan_trips
from planner.plan.study_inputs import layout_limits
from planner.runs.manifests import read_manifest
from planner.runs.sources import program_key
from planner.runs.stage_files import read_json, write_json
from planner.runs.written_files import placing
from planner.said import AsWritten, said
from planner.scenario.infrastructure_costs import DEFAULT_COST_SET, read_cost_set
from planner.scenario.tornado_factors import OF_VEHICLES
from planner.selection.network_sizes import network_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from planner.costs.layout_costs import LayoutLoad, Prices
    from planner.plan.finished_run import FinishedRun
    from planner.plan.study_inputs import StudyInputs
    from planner.runs.progress import ProgressListener
    from planner.scenario.infrastructure_costs import Estimate
    from planner.scenario.model import Scenario
    from planner.scenario.tornado_factors import TruckFactor

REMEDY = "name another folder with --out"
_CASES = "cases"
_ENDS = ("low", "high")


@dataclass(frozen=True, slots=True)
class Tornado:
    """What a study depends on.

    Parameters
    ----------
    table : DataFrame
        ``TORNADO``; the factor that moves cost per kWh most comes first.
    mean_wait_min : float
        Longest mean wait that points are counted for, minutes.
    is_met : bool
        Whether the study itself keeps to it.
    left_out : tuple of str
        Titles of factors of trucks that the study has no figure of.
    """

    run: FinishedRun
    table: pd.DataFrame
    mean_wait_min: float
    is_met: bool
    left_out: tuple[str, ...]


def tornado(
    run_dir: Path,
    factors: Sequence[TruckFactor],
    mean_wait_min: float,
    folder: Path,
    progress: ProgressListener,
) -> Tornado:
    """Move factors of a finished run's study one at a time.

    For each, trucks plan their stops anew, the fewest points for the wait are found and priced.
    Cases that an earlier call finished are kept.

    Parameters
    ----------
    mean_wait_min : float
        Longest mean wait that points are counted for, minutes.
    folder : pathlib.Path
        Where the result will lie; cases are kept in it.

    Raises
    ------
    PlannerError
        If the folder is not a run, its inputs have changed, or a factor makes no valid study.
    """
    run = read_finished_run(run_dir, PLAN)
    on_roads = run.on_roads(run.default_solution.name)
    with progress.stage("Reading roads and trips"):
        trucks = RunTrucks.of(on_roads, run_dir)
    base = trucks.scenario
    if base.infrastructure_costs is None:
        costs = read_cost_set(DEFAULT_COST_SET)
        base = base.model_copy(update={"infrastructure_costs": costs})
        trucks = replace(trucks, scenario=base)
    moved: dict[tuple[str, str], Scenario] = {}
    left_out = []
    for factor in factors:
        for end in _ENDS:
            scenario = _scaled(trucks, factor, getattr(factor, end))
            if scenario is None:
                left_out.append(factor.title)
                break
            moved[factor.name, end] = scenario
    cases = _Cases(trucks, mean_wait_min, folder)
    with progress.stage("Moving one factor at a time") as advance:
        central = cases.figures("central", base)
        found = {}
        for done, ((name, end), scenario) in enumerate(moved.items(), start=1):
            found[name, end] = cases.figures(f"{name}-{end}", scenario)
            advance(done, len(moved))
    rows = [
        _row(
            {"factor": each.name, "title": each.title, "sure": each.sure, "source": each.source},
            {end: getattr(each, end) for end in ("low", "central", "high")},
            central,
            [found[each.name, end] for end in _ENDS],
        )
        for each in factors
        if (each.name, "high") in found
    ]
    days = (base.horizon_h - base.start_h) / 24.0
    used = base.infrastructure_costs
    assert used is not None  # noqa: S101  # set above
    prices = used.of_days(days).factors(base.chargers.hpc_kw, base.chargers.lpc_kw)
    rows += [_price_row(name, each, central) for name, each in prices.items()]
    table = pd.DataFrame(rows)[TORNADO.column_names]
    width = (table["system_cost_eur_kwh_high"] - table["system_cost_eur_kwh_low"]).abs()
    order = width.sort_values(ascending=False, kind="stable").index
    return Tornado(
        run,
        table.loc[order].reset_index(drop=True),
        mean_wait_min,
        bool(central["is_met"]),
        tuple(left_out),
    )


def _row(
    said: Mapping[str, str],
    values: Mapping[str, float],
    central: Mapping[str, Any],
    ends: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    row: dict[str, Any] = dict(said) | dict(values)
    for end, figures in zip(("low", "central", "high"), (ends[0], central, ends[1]), strict=True):
        row[f"n_hpc_{end}"] = figures["n_hpc"] if figures["is_met"] else np.nan
        row[f"system_cost_eur_day_{end}"] = figures["system_eur_day"]
        row[f"system_cost_eur_kwh_{end}"] = figures["system_eur_day"] / figures["energy_kwh_day"]
        row[f"n_unserved_{end}"] = figures["n_unserved"]
    return row


def _price_row(name: str, each: Estimate, central: Mapping[str, Any]) -> dict[str, Any]:
    """A price moves no point: these are as few as the wait allows, whatever they cost."""
    said = {
        "factor": name,
        "title": FACTOR_TITLES[name],
        "sure": each.sure,
        "source": each.source,
    }
    ends = [dict(central) | {"system_eur_day": central["prices"][name][end]} for end in _ENDS]
    values = {end: getattr(each, end) for end in ("low", "central", "high")}
    return _row(said, values, central, ends)


def _scaled(trucks: RunTrucks, factor: TruckFactor, times: float) -> Scenario | None:
    """Study with the figures of a factor multiplied; None where it has none of them."""
    keys: dict[str, float] = {}
    settings = trucks.scenario.model_dump(mode="json")
    for key in factor.keys:
        if key.startswith(OF_VEHICLES):
            continue
        value: Any = settings
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        keys[key] = min(times * value, 1.0) if key.endswith("_share") else times * value
    where = f"factor {factor.name}, times {times:g}"
    try:
        scenario = trucks.study_with(keys, where) if keys else trucks.scenario
    except ScenarioError as error:
        raise ScenarioError([f"{where}: {fault}" for fault in error.faults], where) from error
    scale = {
        key.removeprefix(OF_VEHICLES): times for key in factor.keys if key.startswith(OF_VEHICLES)
    }
    return with_vehicles_scaled(scenario, scale)


class _Cases:
    """Cases of a study, those that are done already read from files."""

    def __init__(self, trucks: RunTrucks, mean_wait_min: float, folder: Path) -> None:
        self._trucks, self._wait_min = trucks, mean_wait_min
        self._folder = folder / _CASES
        inputs = read_manifest(trucks.run_dir)["provenance"]["inputs_sha256"]
        self._of_all = f"{program_key(__name__)} {sorted(inputs.items())} {mean_wait_min}"

    def figures(self, name: str, scenario: Scenario) -> dict[str, Any]:
        """Points, cost and unserved trips of a case."""
        settings = f"{self._of_all} {scenario.model_dump_json()}"
        key = hashlib.sha256(settings.encode()).hexdigest()[:16]
        file = f"{name}-{key}.json"
        kept: dict[str, Any] | None = read_json(self._folder / file)
        if kept is None:
            kept = self._found(name, scenario)
            with placing(self._folder, REMEDY) as new:
                write_json(new / file, kept)
        return kept

    def _found(self, name: str, scenario: Scenario) -> dict[str, Any]:
        inputs = self._trucks.inputs_of(scenario)
        earlier = kept_stops(scenario, inputs, self._trucks.run_dir)
        plans = plan_trips(scenario, inputs, earlier=earlier)
        sites = inputs.sites
        demand = charging_demand(scenario, inputs.trips.vehicle_class_idx, plans, sites.n_sites)
        prices = prices_of(scenario, inputs, plans)
        if prices is None or not demand.n_stops:
            msg = said(
                "{run}: {name}: no truck charges on its way",
                run=str(self._trucks.run_dir),
                name=name,
            )
            raise InputDataError(msg)
        limits = layout_limits(scenario, inputs.graph, sites, plans)
        size = network_size(demand, limits, self._wait_min, prices)
        load = load_of_layouts(demand, size.n_hpc[None], size.n_lpc)[0]
        counted = inputs.trips.is_counted
        return {
            "n_hpc": int(size.n_hpc.sum()),
            "is_met": bool(size.mean_wait_min <= self._wait_min),
            "system_eur_day": size.system_cost_eur_day,
            "energy_kwh_day": 1000.0 * size.energy_mwh_day,
            "n_unserved": int((counted & ~plans.is_served).sum()),
            "prices": _moved_prices(scenario, inputs, prices, load),
        }


def _moved_prices(
    scenario: Scenario, inputs: StudyInputs, prices: Prices, load: LayoutLoad
) -> dict[str, dict[str, float]]:
    """Cost to all a day with each price at its ends."""
    used = scenario.infrastructure_costs
    if used is None:
        n_trips = len(inputs.trips.trip_id)
        msg = said("{study}: {n} trips without prices", study=AsWritten(scenario.name), n=n_trips)
        raise PlannerError(msg)
    days = (scenario.horizon_h - scenario.start_h) / 24.0
    estimates = used.of_days(days).factors(scenario.chargers.hpc_kw, scenario.chargers.lpc_kw)
    return {
        name: {
            end: float(
                replace(prices, value=dict(prices.value) | {name: getattr(each, end)})
                .of_layouts([load])
                .system_cost_eur_day[0]
            )
            for end in _ENDS
        }
        for name, each in estimates.items()
    }
