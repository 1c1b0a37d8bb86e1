"""The microgrid written once more, in cvxpy, with a binary in every step."""

from __future__ import annotations

from itertools import product

import cvxpy as cp
import numpy as np

from planner.depot.microgrid_site import DemandTerm, MicrogridSite, Storage, request_share


def twin_cost(site, requests):
    """Least cost of a site; infinite where requests cannot be met."""
    n = site.n_steps
    hours = 0.25
    drawn, fed, spilled = (cp.Variable(n, nonneg=True) for _ in range(3))
    constraints = [spilled <= site.pv_kw]
    draws = cp.Variable(n, boolean=True)
    top_in = min(site.max_import_kw, 5_000.0)
    top_out = min(site.max_export_kw, 5_000.0)
    constraints += [drawn <= top_in * draws, fed <= top_out * (1 - draws)]
    net = site.load_kw - site.pv_kw + spilled
    cost = hours * (site.import_price @ drawn - site.export_price @ fed)
    storage = site.storage
    if storage is not None:
        into, out = (cp.Variable(n, nonneg=True) for _ in range(2))
        charges = cp.Variable(n, boolean=True)
        stored = cp.Variable(n + 1)
        constraints += [
            into <= storage.charge_kw * charges,
            out <= storage.discharge_kw * (1 - charges),
            stored[0] == storage.initial_kwh,
            stored[1:]
            == stored[:-1]
            + hours * (storage.charge_efficiency * into - out / storage.discharge_efficiency),
            stored[1:] >= storage.least_kwh,
            stored[1:] <= storage.most_kwh,
            stored[n] >= storage.least_final_kwh,
        ]
        if not storage.may_export:
            constraints.append(fed <= site.pv_kw - spilled)
        net = net + into - out
        cost = cost + hours * storage.wear_per_kwh * cp.sum(out)
    plugs = 0
    for request in requests:
        limit = site.truck_limit_kw(request.truck)
        power = cp.Variable(n, nonneg=True)
        constraints += [
            power <= limit * request_share(request, n),
            hours * cp.sum(power) == request.energy_kwh,
        ]
        net = net + power / site.charger_efficiency
        plugs = plugs + power / limit
    if requests:
        constraints.append(plugs <= site.n_chargers)
    constraints.append(drawn - fed == net)
    for term in site.demand:
        of_term = np.flatnonzero(term.applies)
        peak = cp.maximum(cp.max(drawn[of_term]), term.so_far_kw)
        cost = cost + term.price_per_kw * (peak - term.so_far_kw)
    problem = cp.Problem(cp.Minimize(cost), constraints)
    problem.solve(solver=cp.HIGHS, mip_rel_gap=0.0, mip_abs_gap=1e-7)
    return float("inf") if problem.value is None else float(problem.value)


def enumerated_cost(site):
    """Least cost of a site of few steps without trucks: each choice of directions tried in turn.

    No binaries and another solver (Clarabel, an interior point method) than the program's.
    """
    n = site.n_steps
    hours = 0.25
    storage = site.storage
    may_draw, may_charge = cp.Parameter(n, nonneg=True), cp.Parameter(n, nonneg=True)
    drawn, fed, spilled, into, out = (cp.Variable(n, nonneg=True) for _ in range(5))
    top = site.load_kw + storage.charge_kw
    stored = storage.initial_kwh + hours * cp.cumsum(
        storage.charge_efficiency * into - out / storage.discharge_efficiency
    )
    constraints = [
        spilled <= site.pv_kw,
        drawn <= cp.multiply(np.minimum(site.max_import_kw, top), may_draw),
        fed
        <= cp.multiply(
            np.minimum(site.max_export_kw, site.pv_kw + storage.discharge_kw), 1 - may_draw
        ),
        into <= storage.charge_kw * may_charge,
        out <= storage.discharge_kw * (1 - may_charge),
        stored >= storage.least_kwh,
        stored <= storage.most_kwh,
        stored[n - 1] >= storage.least_final_kwh,
        drawn - fed == site.load_kw - site.pv_kw + spilled + into - out,
    ]
    if not storage.may_export:
        constraints.append(fed <= site.pv_kw - spilled)
    cost = hours * (
        site.import_price @ drawn - site.export_price @ fed + storage.wear_per_kwh * cp.sum(out)
    )
    problem = cp.Problem(cp.Minimize(cost), constraints)
    least = float("inf")
    for draws in product(*([0.0, 1.0] for _ in range(n))):
        for charges in product(*([0.0, 1.0] for _ in range(n))):
            may_draw.value, may_charge.value = np.array(draws), np.array(charges)
            problem.solve(solver=cp.CLARABEL)
            if problem.status == cp.OPTIMAL:
                least = min(least, float(problem.value))
    return least


def random_site(rng, n_steps=32, n_trucks=3, *, traps=False):
    """A site of some hours with all its parts drawn at random.

    With traps a kWh fed in may bring more than one drawn costs, and drawing may be paid for.
    """
    hours = np.arange(n_steps) / 4
    sun = np.clip(np.sin((hours - 1) / (n_steps / 4 - 2) * np.pi), 0.0, None)
    imports = rng.choice([0.09, 0.13, 0.17, 0.30], n_steps)
    exports = np.minimum(rng.uniform(0.0, 0.12, n_steps), imports)
    if traps:
        exports[rng.choice(n_steps, 4, replace=False)] = rng.uniform(0.2, 1.0, 4)
        imports[rng.choice(n_steps, 3, replace=False)] = rng.uniform(-0.2, 0.0, 3)
    peak = np.zeros(n_steps, dtype=bool)
    peak[n_steps // 2 :] = True
    terms = (
        DemandTerm("facilities", rng.uniform(0.5, 3.0), np.ones(n_steps, bool), rng.uniform(0, 60)),
        DemandTerm("peak", rng.uniform(0.5, 3.0), peak, 0.0),
    )
    capacity = rng.uniform(50.0, 400.0)
    storage = Storage(
        capacity_kwh=capacity,
        initial_kwh=0.5 * capacity,
        least_kwh=0.1 * capacity,
        most_kwh=0.95 * capacity,
        least_final_kwh=rng.choice([0.1, 0.5]) * capacity,
        charge_kw=rng.uniform(20.0, 150.0),
        discharge_kw=rng.uniform(20.0, 150.0),
        charge_efficiency=rng.uniform(0.9, 1.0),
        discharge_efficiency=rng.uniform(0.9, 1.0),
        wear_per_kwh=rng.choice([0.0, 0.02]),
        may_export=bool(rng.random() < 0.5),
    )
    return MicrogridSite(
        load_kw=rng.uniform(5.0, 40.0, n_steps),
        pv_kw=rng.uniform(20.0, 120.0) * sun,
        import_price=imports,
        export_price=exports,
        demand=terms,
        storage=storage if rng.random() < 0.8 else None,
        n_chargers=int(rng.integers(1, n_trucks + 1)),
        charger_kw=rng.choice([50.0, 150.0, 350.0]),
        charger_efficiency=rng.uniform(0.9, 1.0),
        truck_kw=rng.choice([120.0, 250.0, 350.0], n_trucks),
        max_import_kw=rng.choice([250.0, 500.0, np.inf]),
        max_export_kw=rng.choice([0.0, 60.0, np.inf]),
    )


def random_paid_site(rng, n_steps=16):
    """A site without trucks where burning energy at a positive price would pay later.

    Drawing is paid for now and then, the storage is nearly full, and hardly anything may be fed
    in, or it costs.
    """
    imports = rng.uniform(0.02, 0.3, n_steps)
    paid = rng.integers(1, n_steps - 1)
    imports[paid : paid + rng.integers(1, 4)] = rng.uniform(-0.5, -0.05)
    sun = np.where(rng.random(n_steps) < 0.4, rng.uniform(0.0, 60.0, n_steps), 0.0)
    charge, discharge = rng.uniform(0.8, 1.0, 2)
    return MicrogridSite(
        load_kw=rng.uniform(0.0, 8.0, n_steps),
        pv_kw=sun,
        import_price=imports,
        export_price=np.minimum(rng.choice([-0.05, 0.0, 0.01, 0.4], n_steps), imports + 0.1),
        demand=(),
        storage=Storage(
            capacity_kwh=100.0,
            initial_kwh=rng.uniform(85.0, 100.0),
            least_kwh=0.0,
            most_kwh=100.0,
            least_final_kwh=rng.choice([0.0, 60.0]),
            charge_kw=rng.uniform(40.0, 120.0),
            discharge_kw=rng.uniform(40.0, 120.0),
            charge_efficiency=charge,
            discharge_efficiency=discharge,
            wear_per_kwh=rng.choice([0.0, 0.01]),
            may_export=bool(rng.random() < 0.5),
        ),
        n_chargers=1,
        charger_kw=50.0,
        charger_efficiency=1.0,
        truck_kw=np.array([50.0]),
        max_export_kw=rng.choice([0.0, 10.0, np.inf]),
    )
