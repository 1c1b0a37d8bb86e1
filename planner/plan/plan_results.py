"""What the reporting room needs to know of a finished plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.plan.group_schemas import GROUPS
from planner.plan.schemas import (
    EXTRA,
    HOURLY,
    OBJECTIVES_BY_DEFAULT,
    SITES,
    comparison_schema,
    front_schema,
)
from planner.plan.trip_schemas import (
    BREAKS,
    STOPS,
    TRIPS,
    UNSERVED,
    WARM_UP_BREAKS,
    WARM_UP_STOPS,
    WARM_UP_TRIPS,
)
from planner.tables.language import ENGLISH
from planner.tables.table import check_table
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.plan.depot_figures import DepotFigures
    from planner.plan.front_detail import FrontDetail
    from planner.plan.front_groups import FrontGroups
    from planner.tables.language import Language
    from planner.tables.table import Quantity, Table
    from planner.tables.terms import NamedSolution

AssumedValue = float | str | Sequence[str] | Mapping[str, str]

DEFAULT_SOLUTION = "balanced"
"""The named solution that is shown first, where there is one of that name."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """An input or assumption that a reader may want to question.

    Parameters
    ----------
    what : str
        What is assumed, in English, for example ``"Battery, usable"``.
    value : str
        The value as it is shown in English, without its unit.
    unit : str
        Unit, empty where there is none.
    source : str
        Where it comes from.
    templates : tuple of str
        English templates of ``what`` and ``value``, of which other languages are made; empty where
        the texts are the user's.
    values : dict
        What the templates are filled with: figures, texts, and enumerations of texts.
    """

    what: str
    value: str
    unit: str
    source: str
    templates: tuple[str, ...] = ()
    values: dict[str, AssumedValue] = field(default_factory=dict)

    def in_language(self, language: Language) -> Assumption:
        """The same with texts and figures in a language; English where an older run says others."""
        own = language.own_text
        unit, source = own(self.unit), own(self.source)
        if not self.templates:
            return Assumption(own(self.what), own(self.value), unit, source)
        values = {name: _written(value, language) for name, value in self.values.items()}
        what, value = (own(template).format(**values) for template in self.templates)
        return Assumption(what, value, unit, source)


def assumption(
    what: str, value: str | float, unit: str, source: str, **values: AssumedValue
) -> Assumption:
    """Assumption of which every language can be made.

    Parameters
    ----------
    what : str
        English template of what is assumed.
    value : str or float
        English template of the value, or a figure.
    unit, source : str
        See :class:`Assumption`.
    **values : float, str or sequence of str
        What the templates are filled with.
    """
    if not isinstance(value, str):
        values["value"], value = value, "{value}"
    shown = Assumption(what, value, unit, source, (what, value), values).in_language(ENGLISH)
    return Assumption(shown.what, shown.value, unit, source, (what, value), values)


def _written(value: AssumedValue, language: Language) -> str:
    if isinstance(value, float | int):
        return language.figure(value)
    if isinstance(value, str):
        return language.own_text(value)
    if isinstance(value, Mapping):  # by code of the language
        return value.get(language.code, value[ENGLISH.code])
    return ", ".join(language.own_text(text) for text in value)


@dataclass(frozen=True, slots=True)
class PlanResults:
    """Everything a person is shown of one plan.

    DataFrames have the columns of their schema in :mod:`planner.plan.schemas`, in any
    order and no others.

    Parameters
    ----------
    name : str
        Name of the study, for example ``"germany-10"``.
    description : str
        One or two sentences on what is studied.
    scenario : dict
        The resolved scenario, plain values (JSON).
    summary : dict
        ``n_trips``, ``n_served``, ``n_unserved``, ``energy_hpc_mwh``, ``energy_lpc_mwh`` (both of
        the default solution) and ``solutions``: per named solution ``n_hpc``, ``n_lpc``,
        ``mean_wait_min``, ``p95_wait_min``, ``tcu``, ``ecu`` (more keys are kept in ``run.json``).
    front : DataFrame
        ``FRONT``: a row per solution; ``solution`` counts 0, 1, ... in row order.
    hpc_layouts : (n_solutions, n_sites) int
        HPC points of each solution at each site.
    lpc_per_site : (n_sites,) int
        LPC points at each site, the same in all solutions.
    named_solutions : tuple of NamedSolution
        Named solutions, from the trucks' side to the operators' side; two may share a row.
    sites : Sites
        The sites, in the order of the layouts.
    site_figures : DataFrame
        ``SITES``: a row per named solution and site, sites in the order of ``sites``.
    detail : FrontDetail
        Figures by site and by hour of every solution; those of named solutions are the same as in
        ``site_figures`` and ``hourly``.
    arc_trucks_per_day : (n_arcs,) float64
        Electric trucks per day on each arc.
    hourly : DataFrame
        ``HOURLY``: waiting and occupied points by hour.
    trips : DataFrame
        ``TRIPS``.
    stops : DataFrame
        ``STOPS``.
    breaks : DataFrame
        ``BREAKS``.
    warm_up_trips, warm_up_stops, warm_up_breaks : DataFrame
        ``WARM_UP_TRIPS``, ``WARM_UP_STOPS``, ``WARM_UP_BREAKS``: the days before the horizon.
    unserved : DataFrame
        ``UNSERVED``.
    extra : DataFrame
        ``EXTRA``: what charging adds to trips, by length and by region.
    front_groups : FrontGroups
        All solutions by region, motorway, grid operator and vehicle class.
    comparison : DataFrame
        ``COMPARISON``; no rows where no comparison was made.
    assumptions : tuple of Assumption
        Inputs and assumptions in reading order.
    provenance : dict
        What :func:`planner.runs.provenance.collect_provenance` returns, or the like of it.
    invariants : dict
        Figures of the invariants, all of which held (else there would be no results), by named
        solution and name.
    selection : DataFrame, optional
        ``SITE_SELECTION``, where the study selects among its sites.
    objectives : tuple of Quantity
        What the search aimed at, in the order of the study.
    """

    name: str
    description: str
    scenario: dict[str, Any]
    summary: dict[str, Any]
    front: pd.DataFrame
    hpc_layouts: NDArray[np.integer[Any]]
    lpc_per_site: NDArray[np.integer[Any]]
    named_solutions: tuple[NamedSolution, ...]
    sites: Sites
    site_figures: pd.DataFrame
    detail: FrontDetail
    graph: RoadGraph
    arc_trucks_per_day: NDArray[np.float64]
    hourly: pd.DataFrame
    trips: pd.DataFrame
    stops: pd.DataFrame
    breaks: pd.DataFrame
    warm_up_trips: pd.DataFrame
    warm_up_stops: pd.DataFrame
    warm_up_breaks: pd.DataFrame
    unserved: pd.DataFrame
    extra: pd.DataFrame
    front_groups: FrontGroups
    comparison: pd.DataFrame
    assumptions: tuple[Assumption, ...]
    provenance: dict[str, Any] = field(default_factory=dict)
    invariants: dict[str, Any] = field(default_factory=dict)
    depots: DepotFigures | None = None
    selection: pd.DataFrame | None = None
    objectives: tuple[Quantity, ...] = OBJECTIVES_BY_DEFAULT

    @property
    def front_schema(self) -> Table:
        """What ``front`` holds."""
        return front_schema(self.objectives, with_draws="draws" in self.summary)

    @property
    def site_hours(self) -> pd.DataFrame:
        """``SITE_HOURS``: load and waits of each site by the hour of the day."""
        n_sites = self.sites.n_sites
        site_id = np.repeat(self.sites.site_id, HOURS_PER_DAY)
        hour = np.tile(np.arange(HOURS_PER_DAY), n_sites)
        of_named = [
            pd.DataFrame(
                {"solution_name": named.name, "site_id": site_id, "hour_of_day": hour}
                | {key: row[named.solution] for key, row in self.detail.site_hours.items()}
            )
            for named in self.named_solutions
        ]
        return pd.concat(of_named, ignore_index=True)

    @property
    def groups(self) -> pd.DataFrame:
        """``GROUPS``: the named solutions by region, motorway, grid operator and vehicle class."""
        of_named = [
            self.front_groups.table(named.solution).assign(solution_name=named.name)
            for named in self.named_solutions
        ]
        return pd.concat(of_named, ignore_index=True)[GROUPS.column_names]

    def __post_init__(self) -> None:
        """Check that tables, layouts and names belong together.

        Raises
        ------
        ValueError
            If they do not; the message names the field.
        """
        for table, schema in (
            (self.front, self.front_schema),
            (self.site_figures, SITES),
            (self.hourly, HOURLY),
            (self.trips, TRIPS),
            (self.stops, STOPS),
            (self.breaks, BREAKS),
            (self.warm_up_trips, WARM_UP_TRIPS),
            (self.warm_up_stops, WARM_UP_STOPS),
            (self.warm_up_breaks, WARM_UP_BREAKS),
            (self.unserved, UNSERVED),
            (self.extra, EXTRA),
            (self.comparison, comparison_schema(self.objectives)),
        ):
            check_table(table, schema)
        self._check_shapes()
        self._check_names()

    def _check_shapes(self) -> None:
        n_sites, n_solutions = self.sites.n_sites, len(self.front)
        n_hours = len(self.detail.hour)
        shapes = {
            "hpc_layouts": (self.hpc_layouts.shape, (n_solutions, n_sites)),
            "lpc_per_site": (self.lpc_per_site.shape, (n_sites,)),
            "arc_trucks_per_day": (self.arc_trucks_per_day.shape, (self.graph.n_arcs,)),
        }
        for name, values in self.detail.site.items():
            shapes[f"detail.site[{name!r}]"] = (values.shape, (n_solutions, n_sites))
        for name, values in self.detail.hourly.items():
            shapes[f"detail.hourly[{name!r}]"] = (values.shape, (n_solutions, n_hours))
        for name, values in self.detail.site_hours.items():
            expected_shape = (n_solutions, HOURS_PER_DAY * n_sites)
            shapes[f"detail.site_hours[{name!r}]"] = (values.shape, expected_shape)
        for name, values in self.front_groups.figures.items():
            expected_shape = (n_solutions, len(self.front_groups.names))
            shapes[f"front_groups.figures[{name!r}]"] = (values.shape, expected_shape)
        for name, (found, expected) in shapes.items():
            if found != expected:
                message = f"{name} has shape {found}, expected {expected}"
                raise ValueError(message)
        if not np.array_equal(self.front["solution"].to_numpy(), np.arange(n_solutions)):
            message = "front: column 'solution' must count 0, 1, ... in row order"
            raise ValueError(message)

    def _check_names(self) -> None:
        if not self.named_solutions:
            message = "named_solutions is empty, expected at least one"
            raise ValueError(message)
        site_ids = list(self.sites.site_id)
        for named in self.named_solutions:
            if not 0 <= named.solution < len(self.front):
                message = f"named solution {named.name!r} is row {named.solution} of no front row"
                raise ValueError(message)
            if named.name not in self.summary["solutions"]:
                message = f"summary['solutions'] lacks the named solution {named.name!r}"
                raise ValueError(message)
            if list(self.figures_of(named.name)["site_id"]) != site_ids:
                message = f"site_figures of {named.name!r} do not list the sites in their order"
                raise ValueError(message)

    def figures_of(self, name: str) -> pd.DataFrame:
        """Figures of all sites in a named solution, in the order of the sites."""
        return self.site_figures[self.site_figures["solution_name"] == name]

    @property
    def default_solution(self) -> NamedSolution:
        """The named solution shown first: the balanced one, else the one in the middle."""
        for named in self.named_solutions:
            if named.name == DEFAULT_SOLUTION:
                return named
        return self.named_solutions[len(self.named_solutions) // 2]
