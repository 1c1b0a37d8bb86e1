"""The depot's microgrid: who charges when, what the storage does, and what it costs.

One model of HiGHS lives as long as the microgrid. What a dispatcher asks changes bounds of it
only, so that each answer starts from the one before.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.highs_solver import LONGEST_S
from planner.depot.microgrid_layout import Slot
from planner.depot.microgrid_model import MicrogridModel
from planner.depot.microgrid_site import (
    STEP_H,
    STEP_MIN,
    MicrogridPlan,
    MicrogridSite,
    clock,
    request_share,
)
from planner.errors import InputDataError, SolverError
from planner.said import counted, joined, said, with_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.depot.charging_requests import ChargingRequest

_LONGEST_KEPT_STEPS = 192
"""Up to two days a model is kept, with room for any window; longer ones are built as asked."""

_TOLERANCE_KWH = 1e-6


class Microgrid:
    """Answers what charging costs, many times over.

    Parameters
    ----------
    site : MicrogridSite
        What stands there, and the prices.
    longest_s : float
        Time that the solver may take for an answer, seconds.

    Raises
    ------
    SolverError
        From all methods, if the solver fails: that is never taken for requests that cannot be met.

    Notes
    -----
    Where a kWh fed in brings more than one drawn costs, and up to the last step in which drawing
    is paid for, :meth:`solve` and :meth:`solve_short` choose by binaries whether the site draws or
    feeds and whether the storage charges or discharges. :meth:`cost` takes the better of two
    choices at the grid, the one without trucks and the same with trucks supplied, and lets the
    storage go where it goes without binaries: it is never below the least cost, and equal to it
    elsewhere.
    """

    def __init__(self, site: MicrogridSite, longest_s: float = LONGEST_S) -> None:
        self.site = site
        self._longest_s = longest_s
        self._models: dict[bool, MicrogridModel] = {}
        self._without_trucks: MicrogridModel | None = None
        self._n_rounds = 1
        self._costs: dict[tuple[tuple[float, ...], ...], float] = {}

    def cost(self, requests: Sequence[ChargingRequest]) -> float:
        """What requests add to the microgrid's cost.

        Parameters
        ----------
        requests : sequence of ChargingRequest
            What trucks ask for; equal windows and energies are answered from memory.

        Returns
        -------
        float
            Cost above that of the site without trucks; infinite where they cannot be met.
        """
        # The search asks alike requests over and over; which truck asks makes no difference.
        key = tuple(sorted(self._key(request) for request in requests))
        if key not in self._costs:
            self._costs[key] = self._quick_cost(requests) - self._base().objective
        return self._costs[key]

    def solve(self, requests: Sequence[ChargingRequest]) -> MicrogridPlan:
        """Power flows that meet requests at the least cost.

        Raises
        ------
        InputDataError
            If a request cannot be met: which truck, which window, how much is missing.
        """
        self._check(requests)
        model = self._prepared(requests)
        if not model.run():
            raise InputDataError(self._shortage_message(requests))
        return self._plan(model, requests)

    def solve_short(
        self,
        requests: Sequence[ChargingRequest],
        weights: Mapping[int, float],
        at_least_kwh: NDArray[np.float64] | None = None,
    ) -> MicrogridPlan:
        """Power flows where energy is short: trucks of great weight get theirs first.

        Parameters
        ----------
        weights : mapping of int to float
            Weight of each truck, > 0; 1 where not named.
        at_least_kwh : (n_requests,) float64, optional
            Energy that each request gets whatever the others miss: what some plan can give them
            together. Nothing by default.

        Returns
        -------
        MicrogridPlan
            The flows that leave the least weighted energy missing; among them the cheapest.

        Raises
        ------
        InputDataError
            If even the building cannot be supplied.
        """
        self._check(requests)
        model = self._prepared(requests)
        weight = np.array([weights.get(request.truck, 1.0) for request in requests])
        open_kwh = np.array([request.energy_kwh for request in requests])
        if at_least_kwh is not None:
            # what rounding of an earlier answer has added must not make this one infeasible
            open_kwh = np.maximum(open_kwh - np.maximum(at_least_kwh - _TOLERANCE_KWH, 0.0), 0.0)
        missing = model.least_missing(open_kwh, weight)
        if missing is None or not model.run(missing):
            self._base()  # says so where even the building cannot be supplied
            msg = said(
                "the solver contradicts itself: it finds no plan for a depot that gives the trucks "
                "what an earlier plan gave them; please report it with the study"
            )
            raise SolverError(msg)
        return self._plan(model, requests, missing)

    def _key(self, request: ChargingRequest) -> tuple[float, ...]:
        limit = self.site.truck_limit_kw(request.truck)
        return (limit, request.start_min, request.end_min, round(request.energy_kwh, 6))

    def _base(self) -> MicrogridModel:
        """The site without trucks, at its least cost."""
        if self._without_trucks is None:
            self._without_trucks = MicrogridModel(self.site, (), longest_s=self._longest_s)
            if not self._without_trucks.run():
                raise InputDataError(self._building_message())
        return self._without_trucks

    def _quick_cost(self, requests: Sequence[ChargingRequest]) -> float:
        """Cost of the whole site, from the model that is kept."""
        if self._reach_kwh(requests).min(initial=math.inf) < -_TOLERANCE_KWH:
            return math.inf
        base = self._base()
        model = self._prepared(requests, exact=False)
        if not model.needs_directions:
            return model.objective if model.run() else math.inf
        # Two guesses in place of binaries: directions as without trucks, and the grid supplying
        # wherever a truck stands.
        there = np.zeros(self.site.n_steps, dtype=bool)
        for request in requests:
            there |= request_share(request, self.site.n_steps) > 0.0
        supplied = base.grid_directions | model.grid_inwards(there)
        best = math.inf
        for inwards in np.unique([base.grid_directions, supplied], axis=0):
            model.fix_grid(inwards)
            met = model.run()
            if met and model.keep_storage_apart():
                met = model.run()
            if met:
                best = min(best, model.objective)
        return best

    def _reach_kwh(self, requests: Sequence[ChargingRequest]) -> NDArray[np.float64]:
        """Energy that each request could get beyond what it asks, were it alone."""
        most = [
            STEP_H
            * self.site.truck_limit_kw(request.truck)
            * request_share(request, self.site.n_steps).sum()
            for request in requests
        ]
        return np.subtract(most, [request.energy_kwh for request in requests])

    def _prepared(
        self, requests: Sequence[ChargingRequest], *, exact: bool = True
    ) -> MicrogridModel:
        """Model with the bounds that requests ask for."""
        n_steps = self.site.n_steps
        shares = [request_share(request, n_steps) for request in requests]
        energies = [request.energy_kwh for request in requests]
        if n_steps > _LONGEST_KEPT_STEPS:
            slots = [
                Slot(self.site.truck_limit_kw(request.truck), np.flatnonzero(share))
                for request, share in zip(requests, shares, strict=True)
            ]
            model = MicrogridModel(self.site, slots, exact=exact, longest_s=self._longest_s)
            model.ask(range(len(slots)), shares, energies)
            return model
        places = self._places(requests)
        model = self._kept_model(exact=exact)
        model.ask(places, shares, energies)
        return model

    def _places(self, requests: Sequence[ChargingRequest]) -> list[int]:
        """Slot of the kept model for each request: one of its truck's own."""
        rounds: Counter[int] = Counter()
        n_trucks = len(self.site.truck_kw)
        places = []
        for request in requests:
            places.append(rounds[request.truck] * n_trucks + request.truck)
            rounds[request.truck] += 1
        n_rounds = max(rounds.values(), default=1)
        # A truck with more recharges than the kept model has room for: it is built anew.
        if n_rounds > self._n_rounds:
            self._n_rounds = n_rounds
            self._models.clear()
        return places

    def _kept_model(self, *, exact: bool) -> MicrogridModel:
        exact = exact or not self._base().needs_directions
        if exact not in self._models:
            steps = np.arange(self.site.n_steps)
            trucks = range(len(self.site.truck_kw))
            slots = [Slot(self.site.truck_limit_kw(truck), steps) for truck in trucks]
            self._models[exact] = MicrogridModel(
                self.site, slots * self._n_rounds, exact=exact, longest_s=self._longest_s
            )
        return self._models[exact]

    def _plan(
        self,
        model: MicrogridModel,
        requests: Sequence[ChargingRequest],
        missing: NDArray[np.float64] | None = None,
    ) -> MicrogridPlan:
        none = np.zeros(len(requests))
        model.end_idle_cycles()
        flows = model.flows()
        return MicrogridPlan(
            site=self.site,
            requests=tuple(requests),
            cost=model.objective,
            is_proved=model.is_proved,
            missing_kwh=none if missing is None else missing,
            **flows,
        )

    def _check(self, requests: Sequence[ChargingRequest]) -> None:
        faults: list[str] = []
        horizon_min = STEP_MIN * self.site.n_steps
        for request in requests:
            who = _window_text(request)
            if not 0 <= request.truck < len(self.site.truck_kw):
                told = "{window}: there is no such truck, the site has {n}"
                faults.append(said(told, window=who, n=len(self.site.truck_kw)))
            if not 0.0 <= request.start_min < request.end_min <= horizon_min:
                told = (
                    "{window}: expected a window that begins before it ends, within the {minutes} "
                    "minutes planned"
                )
                faults.append(said(told, window=who, minutes=horizon_min))
            if not 0.0 <= request.energy_kwh < math.inf:
                told = "{window}: asks for {energy} kWh, expected 0 or more"
                faults.append(said(told, window=who, energy=request.energy_kwh))
        faults += _overlap_faults(requests)
        if faults:
            head = said("the charging requests contradict themselves:")
            raise InputDataError(with_points(head, faults))

    def _shortage_message(self, requests: Sequence[ChargingRequest]) -> str:
        """Which truck, which window, how much is missing, and why."""
        model = self._prepared(requests)
        asked = np.array([request.energy_kwh for request in requests])
        missing = model.least_missing(asked, np.ones(len(requests)))
        if missing is None:
            return self._building_message()
        reach = self._reach_kwh(requests)
        points = []
        for request, short, spare in zip(requests, missing, reach, strict=True):
            if short <= _TOLERANCE_KWH:
                continue
            limit = self.site.truck_limit_kw(request.truck)
            if spare < -_TOLERANCE_KWH:
                why = said("{limit} kW do not suffice in so short a time", limit=_shown(limit))
            else:
                why = counted(
                    self.site.n_chargers,
                    "the charging point and the connection are needed by others at that time",
                    "the {n} charging points and the connection are needed by others at that time",
                )
            points.append(
                said(
                    "{window}: {short} of {asked} kWh are missing: {why}",
                    window=_window_text(request),
                    short=_shown(short),
                    asked=_shown(request.energy_kwh),
                    why=why,
                )
            )
        told = with_points(said("the trucks cannot be charged as asked:"), points)
        remedy = "Lengthen the windows, ask for less, or add charging points or grid connection."
        return joined((told, said(remedy)), "\n")

    def _building_message(self) -> str:
        """Why not even the building can be supplied."""
        site, storage = self.site, self.site.storage
        if storage is not None:
            end_h = STEP_H * site.n_steps
            full_kwh = storage.initial_kwh + (storage.charge_efficiency * storage.charge_kw * end_h)
            if full_kwh < storage.least_final_kwh:
                return said(
                    "the storage cannot end with {least} kWh: with {initial} kWh at the begin and "
                    "{power} kW of charging it holds {full} kWh after {hours} h at most; raise its "
                    "power, or lower what it has to end with",
                    least=_shown(storage.least_final_kwh),
                    initial=_shown(storage.initial_kwh),
                    power=_shown(storage.charge_kw),
                    full=_shown(full_kwh),
                    hours=end_h,
                )
        peak = int(np.argmax(site.load_kw - site.pv_kw))
        template = (
            "the connection of {connection} kW cannot supply the building itself: it needs "
            "{needed} kW at {time} beside {pv} kW of PV; raise the connection"
            if storage is None
            else "the connection of {connection} kW cannot supply the building itself: it needs "
            "{needed} kW at {time} beside {pv} kW of PV, and the storage cannot bridge it or "
            "cannot end as full as asked; raise the connection or the storage, or lower what the "
            "storage has to end with"
        )
        return said(
            template,
            connection=_shown(site.max_import_kw),
            needed=_shown(site.load_kw[peak]),
            time=clock(STEP_MIN * peak),
            pv=_shown(site.pv_kw[peak]),
        )


def _shown(figure: float) -> float:
    """A figure of a message, to a tenth."""
    return round(float(figure), 1)


def _window_text(request: ChargingRequest) -> str:
    return said(
        "truck {number}, {start} to {end}",
        number=request.truck + 1,
        start=clock(request.start_min),
        end=clock(request.end_min),
    )


def _overlap_faults(requests: Sequence[ChargingRequest]) -> list[str]:
    """Windows of one truck that overlap."""
    faults: list[str] = []
    ordered = sorted(requests)
    for first, second in pairwise(ordered):
        if first.truck == second.truck and second.start_min < first.end_min - 1e-9:
            told = "{first} and {second}: one truck's windows overlap"
            faults.append(said(told, first=_window_text(first), second=_window_text(second)))
    return faults
