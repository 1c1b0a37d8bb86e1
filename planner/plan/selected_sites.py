"""The sites of a study reduced before it is planned, by the rule of ``sites.selection``."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.plan.site_trucks import SiteTrucks
from planner.plan.study_inputs import site_limits
from planner.plan.system_costs import SystemCosts
from planner.runs.stage_files import read_json, write_json
from planner.said import said
from planner.selection.chosen import ChoiceTold, choose_sites, fewest_sites, looked_at_alone
from planner.selection.columns import SITE_SELECTION
from planner.selection.sessions import close_idle_sites
from planner.simulation.reference_trips import reference_trips
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.said import Said
    from planner.scenario.model import Scenario
    from planner.scenario.site_selection import SiteSelection

REASONS = {
    "at_most": ("one of the best so many", "trucks lose least without it"),
    "min_sessions_per_day": ("enough sessions", "too few sessions"),
    "least_system_cost": ("cheaper for all with it", "cheaper for all without it"),
    "objective": ("needed for the share of trips", "not needed for the share of trips"),
}
"""Why a site stays and why one closes, by rule."""
STANDS, ASKED = "points stand there", "points are asked for there"
_OVER_TIME_H = 10_000.0
"""What a trip counts that takes too long where coverage is asked: more than any time of others."""
_FILE = "selection.json"


@dataclass(frozen=True, slots=True)
class SelectedSites:
    """The sites that stay, and why.

    Parameters
    ----------
    inputs : StudyInputs
        Inputs with these sites alone.
    table : DataFrame
        ``SITE_SELECTION``.
    told : tuple of str
        What was selected, a sentence each.
    """

    inputs: StudyInputs
    table: pd.DataFrame
    told: tuple[Said, ...]

    def sentences(self) -> list[str]:
        """Say for a person what was selected."""
        return list(self.told)

    def summary(self) -> dict[str, int]:
        """Figures for ``run.json``."""
        return {"candidates": len(self.table), "open": int(self.table["is_open"].sum())}


def select_sites(
    scenario: Scenario, inputs: StudyInputs, cache: Path, progress: Advance
) -> SelectedSites:
    """Select the sites of a study.

    Parameters
    ----------
    scenario : Scenario
        A study with ``sites.selection``.
    cache : pathlib.Path
        Folder in which the outcome is kept.
    progress : callable
        Told how many sites of how many are looked at and closed.

    Raises
    ------
    InputDataError
        If no truck charges on its way, or not even all sites cover the trips as asked.
    """
    settings = scenario.sites.selection
    if settings is None:
        msg = "a study without sites.selection"
        raise ValueError(msg)
    trucks = SiteTrucks(scenario, inputs)
    found = read_json(cache / _FILE)
    if found is None:
        found = _Selecting(trucks, settings, progress).outcome()
        write_json(cache / _FILE, found)
    is_open = np.array(found["is_open"], np.bool_)
    reasons = REASONS[_rule(settings)]
    why = np.where(is_open, *reasons).astype(object)
    why[is_open & needed(scenario, inputs)] = ASKED
    why[is_open & standing(inputs)] = STANDS
    sites = inputs.sites
    table = pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "lon": sites.lon,
            "lat": sites.lat,
            "is_open": is_open,
            "reason": why,
            "sessions_day_all": found["sessions_day_all"],
            "sessions_day": found["sessions_day"],
        }
    )[SITE_SELECTION.column_names]
    return SelectedSites(with_sites(inputs, is_open), table, _sentences(settings, found))


def standing(inputs: StudyInputs) -> NDArray[np.bool_]:
    """Whether points stand at each site already, (n_sites,)."""
    stands = np.zeros(inputs.sites.n_sites, np.bool_)
    for existing in (inputs.sites.existing_hpc, inputs.sites.existing_lpc):
        if existing is not None:
            stands |= existing > 0
    return stands


def needed(scenario: Scenario, inputs: StudyInputs) -> NDArray[np.bool_]:
    """Whether each site must have points, (n_sites,): some stand, or the study asks for some."""
    limits = site_limits(scenario, inputs.sites)
    return np.asarray((limits.existing_hpc > 0) | (limits.existing_lpc > 0))


def with_sites(inputs: StudyInputs, chosen: NDArray[np.bool_]) -> StudyInputs:
    """Inputs with some of the sites alone."""
    regions = inputs.region_of_site
    return replace(
        inputs,
        sites=inputs.sites.select(chosen),
        region_of_site=None if regions is None else regions[chosen],
    )


def _rule(settings: SiteSelection) -> str:
    return next(name for name in REASONS if getattr(settings, name) is not None)


def _sentences(settings: SiteSelection, found: dict[str, Any]) -> tuple[Said, ...]:
    rules = {
        "at_most": said("at most {n} sites", n=settings.at_most or 0),
        "min_sessions_per_day": said(
            "at least {n} sessions a day at each", n=settings.min_sessions_per_day or 0.0
        ),
        "least_system_cost": said("least cost to operators and trucks together"),
        "objective": said(
            "fewest sites with which {share} % of the trips take at most {more} % more time than "
            "without charging",
            share=round(100.0 * (settings.trips_share or 0.0), 2),
            more=round(100.0 * (settings.more_time_share or 0.0), 2),
        ),
    }
    open_sites = said(
        "{n} of {all} candidates stay ({rule})",
        n=sum(found["is_open"]),
        all=len(found["is_open"]),
        rule=rules[_rule(settings)],
    )
    driven = said(
        "{share} % of the trips can be driven with them, {all} % with all candidates",
        share=round(100.0 * found["served_share"], 2),
        all=round(100.0 * found["served_share_all"], 2),
    )
    lines = [open_sites, driven]
    if settings.objective is not None:
        lines.append(
            said(
                "{share} % of the trips keep within the time with them, {all} % with all",
                share=round(100.0 * found["covered_share"], 2),
                all=round(100.0 * found["covered_share_all"], 2),
            )
        )
    if not found.get("is_stable", True):
        lines.append(said("not all exchanges of sites were tried: a better set may be near"))
    return tuple(lines)


class _Selecting:
    """One selection, by its rule."""

    def __init__(self, trucks: SiteTrucks, settings: SiteSelection, progress: Advance) -> None:
        self._trucks, self._settings, self._progress = trucks, settings, progress
        inputs, scenario = trucks.inputs, trucks.scenario
        self._stays = needed(scenario, inputs)
        self._n_sites = inputs.sites.n_sites
        self._days = (scenario.horizon_h - scenario.start_h) / HOURS_PER_DAY
        self._done = 0

    def outcome(self) -> dict[str, Any]:
        """Which sites stay, with figures, as plain values."""
        trucks, settings = self._trucks, self._settings
        before = trucks.plan(trucks.counted, has_tastes=True)
        if not len(before.stop_site_idx):
            msg = said(
                "sites.selection: expected trucks that charge on their way, found none; no site is "
                "better than another. Leave it out"
            )
            raise InputDataError(msg)
        found: dict[str, Any] = {}
        if settings.at_most is not None:
            found |= self._best(settings.at_most)
        elif settings.min_sessions_per_day is not None:
            close_idle_sites(
                before,
                trucks.ways,
                lambda chosen: trucks.plan(trucks.counted[chosen], has_tastes=True),
                settings.min_sessions_per_day * self._days,
                self._stays,
                lambda n_closed: self._progress(n_closed, self._n_sites),
            )
            found["is_open"] = (~trucks.ways.is_closed).tolist()
        elif settings.least_system_cost:
            found |= self._cheapest()
        else:
            found |= self._covering()
        trucks.ways.is_closed[:] = ~np.array(found["is_open"], np.bool_)
        after = trucks.plan(trucks.counted, has_tastes=True)
        for name, plans in (("_all", before), ("", after)):
            found[f"served_share{name}"] = float(plans.is_served.mean())
            found[f"sessions_day{name}"] = self._sessions_day(plans).tolist()
        return found

    def _sessions_day(self, plans: StopPlans) -> NDArray[np.float64]:
        n_stops = np.bincount(plans.stop_site_idx, minlength=self._n_sites)
        per_day: NDArray[np.float64] = n_stops / self._days
        return per_day

    def _told(self) -> None:
        self._done = min(self._done + 1, 2 * self._n_sites)
        self._progress(self._done, 2 * self._n_sites)

    def _best(self, n_open: int) -> dict[str, Any]:
        """The best set found of a size."""
        plans = self._trucks.plan(self._trucks.counted)
        question = self._trucks.question(plans, self._settings.lost_trip_hours, stays=self._stays)
        alone = looked_at_alone(question, self._told)
        chosen = choose_sites(question, n_open, alone, ChoiceTold(seen=lambda _: self._told()))
        return {"is_open": chosen.is_open.tolist(), "is_stable": chosen.is_stable}

    def _covering(self) -> dict[str, Any]:
        """The smallest set found that covers the trips."""
        trucks, settings = self._trucks, self._settings
        trips = trucks.inputs.trips.select(trucks.counted)
        plans = trucks.plan(trucks.counted)
        reference = reference_trips(trucks.inputs.graph, trips, trucks.drivers)
        more = 1.0 + (settings.more_time_share or 0.0)
        latest_h = np.nan_to_num(plans.entry_h + more * reference.duration_h, nan=-np.inf)
        is_covered = plans.is_served & (plans.arrival_h <= latest_h)
        needed = math.ceil((settings.trips_share or 0.0) * trips.n_trips - 1e-9)
        if is_covered.sum() < needed:
            msg = said(
                "sites.selection: expected candidates with which {wanted} % of the trips take at "
                "most {more} % more time than without charging; found {found} % with all of them. "
                "Lower trips_share, raise more_time_share, or give more candidates",
                wanted=100.0 * (settings.trips_share or 0.0),
                more=100.0 * (more - 1.0),
                found=round(100.0 * float(is_covered.mean()), 2),
            )
            raise InputDataError(msg)
        question = trucks.question(plans, _OVER_TIME_H, latest_h, self._stays)
        alone = looked_at_alone(question, self._told)
        chosen = fewest_sites(question, int(is_covered.sum()) - needed, alone, self._told)
        n_covered = int(is_covered.sum()) - chosen.loss.n_lost
        return {
            "is_open": chosen.is_open.tolist(),
            "is_stable": chosen.is_stable,
            "covered_share": n_covered / trips.n_trips,
            "covered_share_all": float(is_covered.mean()),
        }

    def _cheapest(self) -> dict[str, Any]:
        """The set that costs all together least, of the best found of each size looked at."""
        plans = self._trucks.plan(self._trucks.counted)
        question = self._trucks.question(plans, self._settings.lost_trip_hours, stays=self._stays)
        costs = SystemCosts(self._trucks, self._settings.lost_trip_hours)
        is_open = costs.cheapest_set(question, self._told)
        return {"is_open": is_open.tolist(), "eur_day": costs.looked_at}
