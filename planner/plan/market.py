"""The market of a plan: from the stops and the layout of a study to competing operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.market.national import SiteChoices, simulate_national_market
from planner.market.national_files import read_national_run, write_national_run
from planner.plan.market_figures import national_figures
from planner.routing.drivers import drivers_of
from planner.routing.stop_alternatives import stop_alternatives

if TYPE_CHECKING:
    from pathlib import Path

    from planner.market.national import NationalRun
    from planner.plan.market_figures import NationalFigures
    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_alternatives import StopAlternatives
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario
    from planner.scenario.national_market import NationalMarket
    from planner.simulation.queues import ChargerLayout


def market_of_plan(
    scenario: Scenario,
    settings: NationalMarket,
    inputs: StudyInputs,
    plans: StopPlans,
    layout: ChargerLayout,
    cache: Path,
    progress: Advance,
) -> NationalFigures:
    """Let operators compete at the sites of a plan.

    Parameters
    ----------
    settings : NationalMarket
        Its section ``market``.
    layout : ChargerLayout
        Points at each site.
    cache : pathlib.Path
        Folder in which finished markets are kept for a run that is taken up again.
    progress : callable
        Told how many rounds of how many are done.

    Returns
    -------
    NationalFigures
        Of two markets: operators build what pays, or keep the points of the plan.
    """
    drivers = drivers_of(scenario)
    max_extra_min = 0.0 if settings.corridors is None else settings.corridors.max_extra_min
    # A market's days repeat: the trips of the days before are those of its last one.
    counted = inputs.trips.is_counted
    alternatives = stop_alternatives(
        inputs.graph,
        inputs.sites,
        inputs.trips.select(counted),
        plans.select(np.flatnonzero(counted)),
        drivers,
        max_extra_h=max_extra_min / 60.0,
    )
    choices = site_choices(scenario, alternatives, inputs.sites.n_sites)
    n_hpc = layout.n_hpc.astype(np.int64)
    runs: dict[str, NationalRun] = {}
    for number, (name, builds_plan) in enumerate((("free", False), ("as_planned", True))):
        path = cache / f"market_{name}.npz"
        found = read_national_run(path)
        if found is None:

            def advance(done: int, total: int, number: int = number) -> None:
                progress(done + number * total, 2 * total)

            found = simulate_national_market(
                settings,
                choices,
                n_hpc,
                charger_kw=scenario.chargers.hpc_kw,
                seed=scenario.seed,
                builds_plan=builds_plan,
                progress=advance,
            )
            write_national_run(found, path)
        runs[name] = found
    return national_figures(
        settings,
        runs["free"],
        runs["as_planned"],
        inputs.sites,
        n_hpc,
        n_days=len(scenario.demand.days),
    )


def site_choices(scenario: Scenario, alternatives: StopAlternatives, n_sites: int) -> SiteChoices:
    """Stops and their alternatives as a market takes them.

    Parameters
    ----------
    scenario : Scenario
        The study, for its days.
    alternatives : StopAlternatives
        Where trucks could charge.

    Returns
    -------
    SiteChoices
        Days repeat: who arrives after the last one arrives on the first.
    """
    n_days = len(scenario.demand.days)
    since_start_min = 60.0 * (alternatives.arrival_h - scenario.start_h)
    return SiteChoices(
        n_sites=n_sites,
        n_days=n_days,
        offset=alternatives.offset,
        site_idx=alternatives.site_idx.astype(np.int64),
        arrival_min=np.mod(since_start_min, 1440.0 * n_days),
        energy_kwh=alternatives.energy_kwh,
        charging_min=60.0 * alternatives.plug_h,
        access_min=60.0 * (alternatives.extra_h + alternatives.taste_h),
    )
