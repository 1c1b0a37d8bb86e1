"""A depot's microgrid as modellers of energy systems would write it, in linopy and in pyomo.

The same model as the twin in cvxpy in `tests/unit/depot/microgrid_twin.py`, solved by the same
HiGHS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import linopy
import numpy as np
import pyomo.environ as po
import xarray as xr
from pyomo.contrib.appsi.solvers.highs import Highs

from planner.depot.microgrid_site import request_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from planner.depot.charging_requests import ChargingRequest
    from planner.depot.microgrid_site import MicrogridSite

STEP_H = 0.25
FREE_KW = 5_000.0
"""Power that stands for none in the way, kW."""


def linopy_cost(site: MicrogridSite, requests: Sequence[ChargingRequest]) -> float:
    """Least cost of a site's day by linopy."""
    steps = np.arange(site.n_steps)
    model = linopy.Model()

    def at_steps(values: ArrayLike) -> xr.DataArray:
        return xr.DataArray(np.broadcast_to(values, site.n_steps), coords={"t": steps}, dims="t")

    def power(name: str, most_kw: ArrayLike = np.inf) -> linopy.Variable:
        return model.add_variables(
            lower=at_steps(0.0), upper=at_steps(np.asarray(most_kw, float)), name=name
        )

    def choice(name: str) -> linopy.Variable:
        return model.add_variables(binary=True, coords={"t": steps}, dims=["t"], name=name)

    drawn, fed, spilled = power("drawn"), power("fed"), power("spilled", site.pv_kw)
    draws = choice("draws")
    model.add_constraints(drawn <= min(site.max_import_kw, FREE_KW) * draws)
    most_fed_kw = min(site.max_export_kw, FREE_KW)
    model.add_constraints(fed + most_fed_kw * draws <= most_fed_kw)
    fixed_kw = at_steps(site.load_kw - site.pv_kw)
    net = drawn - fed - spilled
    cost = STEP_H * (
        (at_steps(site.import_price) * drawn).sum() - (at_steps(site.export_price) * fed).sum()
    )
    storage = site.storage
    if storage is not None:
        into, out = power("into", storage.charge_kw), power("out", storage.discharge_kw)
        charges = choice("charges")
        model.add_constraints(into <= storage.charge_kw * charges)
        model.add_constraints(out + storage.discharge_kw * charges <= storage.discharge_kw)
        stored = model.add_variables(
            lower=at_steps(storage.least_kwh), upper=at_steps(storage.most_kwh), name="stored"
        )
        gained = STEP_H * (
            storage.charge_efficiency * into - (1.0 / storage.discharge_efficiency) * out
        )
        model.add_constraints(
            stored.isel(t=0) - gained.isel(t=0) == storage.initial_kwh, name="first"
        )
        later = stored - stored.shift(t=1).fillna(0) - gained
        model.add_constraints(later.isel(t=slice(1, None)) == 0.0, name="later")
        model.add_constraints(stored.isel(t=-1) >= storage.least_final_kwh)
        if not storage.may_export:
            model.add_constraints(fed + spilled <= at_steps(site.pv_kw))
        net = net - into + out
        cost = cost + STEP_H * storage.wear_per_kwh * out.sum()
    plugs = None
    for i, request in enumerate(requests):
        limit_kw = site.truck_limit_kw(request.truck)
        charged = power(f"truck {i}", limit_kw * request_share(request, site.n_steps))
        model.add_constraints(STEP_H * charged.sum() == request.energy_kwh)
        net = net - (1.0 / site.charger_efficiency) * charged
        share = (1.0 / limit_kw) * charged
        plugs = share if plugs is None else plugs + share
    if plugs is not None:
        model.add_constraints(plugs <= site.n_chargers)
    model.add_constraints(net == fixed_kw)
    constant = 0.0
    for i, term in enumerate(site.demand):
        peak = model.add_variables(lower=term.so_far_kw, name=f"peak {i}")
        model.add_constraints(drawn.isel(t=np.flatnonzero(term.applies)) - peak <= 0.0)
        cost = cost + term.price_per_kw * peak
        constant -= term.price_per_kw * term.so_far_kw
    model.add_objective(cost)
    model.solve("highs", output_flag=False, mip_rel_gap=0.0, io_api="direct")
    return float(model.objective.value) + constant


def pyomo_cost(  # noqa: C901  # one model, read from top to bottom
    site: MicrogridSite, requests: Sequence[ChargingRequest]
) -> float:
    """Least cost of a site's day by pyomo, through its fastest way to HiGHS."""
    model = po.ConcreteModel()
    model.t = po.RangeSet(0, site.n_steps - 1)
    model.rules = po.ConstraintList()
    rule = model.rules.add

    def power(most_kw: ArrayLike = np.inf) -> po.Var:
        most = np.broadcast_to(np.asarray(most_kw, float), site.n_steps)
        return po.Var(
            model.t, bounds=lambda _, t: (0.0, None if np.isinf(most[t]) else float(most[t]))
        )

    model.drawn, model.fed, model.spilled = power(), power(), power(site.pv_kw)
    model.draws = po.Var(model.t, domain=po.Binary)
    most_drawn_kw, most_fed_kw = (
        min(each, FREE_KW) for each in (site.max_import_kw, site.max_export_kw)
    )
    cost = STEP_H * sum(
        float(site.import_price[t]) * model.drawn[t] - float(site.export_price[t]) * model.fed[t]
        for t in model.t
    )
    net = [model.drawn[t] - model.fed[t] - model.spilled[t] for t in model.t]
    for t in model.t:
        rule(model.drawn[t] <= most_drawn_kw * model.draws[t])
        rule(model.fed[t] <= most_fed_kw * (1 - model.draws[t]))
    storage = site.storage
    if storage is not None:
        model.into, model.out = power(storage.charge_kw), power(storage.discharge_kw)
        model.charges = po.Var(model.t, domain=po.Binary)
        model.stored = po.Var(model.t, bounds=(storage.least_kwh, storage.most_kwh))
        for t in model.t:
            rule(model.into[t] <= storage.charge_kw * model.charges[t])
            rule(model.out[t] <= storage.discharge_kw * (1 - model.charges[t]))
            before = storage.initial_kwh if t == 0 else model.stored[t - 1]
            gained = storage.charge_efficiency * model.into[t]
            lost = (1.0 / storage.discharge_efficiency) * model.out[t]
            rule(model.stored[t] == before + STEP_H * (gained - lost))
            if not storage.may_export:
                rule(model.fed[t] + model.spilled[t] <= float(site.pv_kw[t]))
            net[t] = net[t] - model.into[t] + model.out[t]
        rule(model.stored[site.n_steps - 1] >= storage.least_final_kwh)
        cost += STEP_H * storage.wear_per_kwh * sum(model.out[t] for t in model.t)
    plugs = [0.0] * site.n_steps
    for i, request in enumerate(requests):
        limit_kw = site.truck_limit_kw(request.truck)
        charged = power(limit_kw * request_share(request, site.n_steps))
        model.add_component(f"truck_{i}", charged)
        rule(STEP_H * sum(charged[t] for t in model.t) == request.energy_kwh)
        for t in model.t:
            net[t] = net[t] - (1.0 / site.charger_efficiency) * charged[t]
            plugs[t] = plugs[t] + (1.0 / limit_kw) * charged[t]
    for t in model.t:
        rule(net[t] == float(site.load_kw[t] - site.pv_kw[t]))
        if requests:
            rule(plugs[t] <= site.n_chargers)
    model.peak = po.Var(range(len(site.demand)))
    for i, term in enumerate(site.demand):
        rule(model.peak[i] >= term.so_far_kw)
        for t in np.flatnonzero(term.applies).tolist():
            rule(model.drawn[t] <= model.peak[i])
        cost += term.price_per_kw * (model.peak[i] - term.so_far_kw)
    model.cost = po.Objective(expr=cost)
    solver = Highs()
    solver.highs_options["mip_rel_gap"] = 0.0
    solver.solve(model)
    return float(po.value(model.cost))
