"""A made-up plan that looks like a real one: smooth front, busy and quiet sites, daily rhythm."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.plan.front_detail import FrontDetail
from planner.plan.front_groups import FrontGroups
from planner.plan.market_schemas import MARKET_SITES
from planner.plan.plan_results import Assumption, PlanResults
from planner.plan.schemas import BUILT
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS, named_solution

HORIZON_H = 96
PLACES = ["Altstadt", "Bergen", "Cölbe", "Dorf", "Eiche", "Furt", "Grund", "Hafen", "Insel", "Kamp"]
DAY_RHYTHM = 0.55 + 0.45 * np.sin((np.arange(24) - 6) / 24 * 2 * np.pi)


def synthetic_graph(rng, n_nodes):
    """Jittered grid of places, joined to their right and upper neighbours in both directions."""
    n_columns = int(np.ceil(np.sqrt(n_nodes * 0.7)))
    column, row = np.arange(n_nodes) % n_columns, np.arange(n_nodes) // n_columns
    n_rows = row.max() + 1
    lon = 6.2 + 8.4 * (column + rng.uniform(-0.3, 0.3, n_nodes)) / n_columns
    lat = 47.6 + 7.0 * (row + rng.uniform(-0.3, 0.3, n_nodes)) / n_rows
    pairs = [(i, i + 1) for i in range(n_nodes - 1) if column[i] + 1 == column[i + 1]]
    pairs += [(i, i + n_columns) for i in range(n_nodes - n_columns)]
    ends = np.array([pair for a, b in pairs for pair in ((a, b), (b, a))], dtype=np.int32)
    start, end = ends.T
    length = 111.0 * np.hypot((lon[start] - lon[end]) * 0.64, lat[start] - lat[end])
    name = [f"{PLACES[i % len(PLACES)]} {i // len(PLACES) + 1}" for i in range(n_nodes)]
    return RoadGraph(
        node_id=np.array([f"n{i}" for i in range(n_nodes)], dtype=object),
        node_name=np.array(name, dtype=object),
        lon=lon,
        lat=lat,
        arc_from_idx=start.copy(),
        arc_to_idx=end.copy(),
        arc_length_km=length,
        arc_free_speed_kmh=np.full(len(start), 100.0),
        arc_road=np.array([f"A{row[a] + 1}" for a in start], dtype=object),
    )


def synthetic_sites(rng, graph, n_sites):
    """Sites on random arcs; the first has a name that would break careless HTML and CSV."""
    arc = rng.choice(graph.n_arcs, n_sites, replace=False).astype(np.int32)
    part = rng.uniform(0.2, 0.8, n_sites)
    start, end = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    name = [
        f"{graph.arc_road[a]} {graph.node_name[graph.arc_from_idx[a]]} km {20 + 3 * i}"
        for i, a in enumerate(arc)
    ]
    name[0] = '<b>Nord</b> & "Süd", </script><script>alert(1)</script>'
    grid = np.round(rng.uniform(4000, 26000, n_sites), -2)
    grid[1] = np.nan
    return Sites(
        site_id=np.array([f"S{i:03d}" for i in range(n_sites)], dtype=object),
        name=np.array(name, dtype=object),
        road=graph.arc_road[arc],
        lon=graph.lon[start] + part * (graph.lon[end] - graph.lon[start]),
        lat=graph.lat[start] + part * (graph.lat[end] - graph.lat[start]),
        direction=np.array(["both", "one"] * n_sites, dtype=object)[:n_sites],
        off_road_km=rng.uniform(0, 2, n_sites),
        parking_spaces=rng.integers(-1, 80, n_sites),
        grid_connection_kw=grid,
        attachment_site_idx=np.arange(n_sites, dtype=np.int32),
        attachment_arc_idx=arc,
        attachment_offset_km=part * graph.arc_length_km[arc],
        origin=np.array(["official", "given", "computed"] * n_sites, dtype=object)[:n_sites],
        official_number=np.array(["46", "", ""] * n_sites, dtype=object)[:n_sites],
        serviced=np.array(["yes", "", ""] * n_sites, dtype=object)[:n_sites],
        grid_operator_mv=np.array(["A Netz", "", ""] * n_sites, dtype=object)[:n_sites],
        grid_operator_hv=np.array(["B Netz", "", ""] * n_sites, dtype=object)[:n_sites],
    )


def _front(load, layouts, names, lpc, energy_mwh):
    """Front figures of layouts under a stand-in for the queue: waits fall with spare points."""
    n_hpc = layouts.sum(axis=1)
    spare = (layouts - load) / np.sqrt(load)
    wait = (load * 45 * np.exp(-1.1 * spare) / np.sqrt(load)).sum(axis=1) / load.sum()
    return pd.DataFrame(
        {
            "solution": np.arange(len(layouts)),
            "name": names,
            "n_hpc": n_hpc,
            "n_lpc": int(lpc.sum()),
            "mean_wait_min": wait,
            "p95_wait_min": wait * 4.2,
            "share_wait_over_15_min": np.clip(wait / 60, 0, 0.9),
            "tcu": load.sum() / n_hpc,
            "ecu": 0.55 * load.sum() / n_hpc,
            "energy_hpc_mwh": energy_mwh,
            "energy_lpc_mwh": 0.23 * energy_mwh,
            "n_lpc_rejected": 3,
        }
    )


def _detail(rng, load, layouts, lpc, front):
    """Figures by site and hour of all solutions; the third site has no sessions."""
    wait = 30 * np.exp(-1.1 * (layouts - load) / np.sqrt(load)) / np.sqrt(load)
    sessions = np.tile((load * HORIZON_H / 0.75).astype(int).astype(float), (len(layouts), 1))
    sessions[:, 2] = 0
    wait[:, 2] = np.nan
    hour = np.arange(HORIZON_H)
    rhythm = DAY_RHYTHM[hour % 24] * np.minimum(1, 0.4 + hour / 24)
    mean_wait, tcu = front["mean_wait_min"].to_numpy(), front["tcu"].to_numpy()
    return FrontDetail(
        site={
            "n_sessions_hpc": sessions,
            "n_sessions_lpc": np.tile(lpc * 3.0, (len(layouts), 1)),
            "energy_mwh": sessions * 0.3,
            "mean_wait_min": wait,
            "p95_wait_min": wait * 4,
            "utilisation_share": np.minimum(load / layouts, 0.97),
            "peak_power_kw": layouts * 720.0 * rng.uniform(0.6, 1.0, layouts.shape[1]),
        },
        hour=hour,
        hourly={
            "mean_wait_min": mean_wait[:, None] * rhythm**2 * 2,
            "occupied_share": np.minimum(1, tcu[:, None] * rhythm * 1.6),
        },
        site_hours={
            "power_kw": (sessions * 10.0)[:, :, None].repeat(24, 2).reshape(len(layouts), -1)
            * np.tile(DAY_RHYTHM, layouts.shape[1]),
            "mean_wait_min": wait[:, :, None].repeat(24, 2).reshape(len(layouts), -1)
            * np.tile(DAY_RHYTHM, layouts.shape[1]),
        },
    )


def _site_figures(sites, layouts, lpc, named, detail):
    frames = []
    register = sites.register()
    for solution in named:
        figures = {key: values[solution.solution] for key, values in detail.site.items()}
        for key in ("n_sessions_hpc", "n_sessions_lpc"):
            figures[key] = figures[key].astype(int)
        frames.append(
            pd.DataFrame(
                {
                    "solution_name": solution.name,
                    "site_id": sites.site_id,
                    "name": sites.name,
                    "road": sites.road,
                    "site_origin": register["origin"],
                    "lon": sites.lon,
                    "lat": sites.lat,
                    "n_hpc": layouts[solution.solution],
                    "n_lpc": lpc,
                    **figures,
                    "grid_connection_kw": sites.grid_connection_kw,
                    **dict.fromkeys((column.name for column in BUILT), np.nan),
                    **{name: told for name, told in register.items() if name != "origin"},
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _hourly(named, detail):
    return pd.concat(
        [
            pd.DataFrame(
                {"solution_name": solution.name, "hour": detail.hour}
                | {key: values[solution.solution] for key, values in detail.hourly.items()}
            )
            for solution in named
        ],
        ignore_index=True,
    )


def _breaks():
    """No truck breaks without charging."""
    dtypes = {"trip_id": "int64", "number": "int64", "leg": "int64", "kind": object}
    dtypes |= {"after_drive_h": "float64", "length_h": "float64"}
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in dtypes.items()})


def _trips(rng, graph, n_trips):
    origin = np.minimum(rng.zipf(1.6, n_trips) - 1, graph.n_nodes - 2)
    destination = origin + 1 + rng.integers(0, graph.n_nodes - 1 - origin)
    departure = np.sort(rng.uniform(0, HORIZON_H, n_trips))
    served = rng.uniform(size=n_trips) > 0.02
    distance = rng.gamma(6, 80, n_trips)
    missing = np.where(served, 1.0, np.nan)
    return pd.DataFrame(
        {
            "trip_id": np.arange(n_trips) * 7,
            "origin_node_id": graph.node_id[origin],
            "destination_node_id": graph.node_id[destination],
            "origin": graph.node_name[origin],
            "destination": graph.node_name[destination],
            "vehicle_class": "long-haul-600",
            "is_loaded": rng.uniform(size=n_trips) < 0.76,
            "departure_h": departure,
            "abroad_before_km": 0.0,
            "abroad_after_km": 0.0,
            "initial_soc_share": rng.uniform(0.2, 1, n_trips),
            "status": np.where(served, "served", "no_site_in_range"),
            "n_stops": np.where(served, 1, 0),
            "entry_h": departure,
            "arrival_h": (departure + distance / 70) * missing,
            "first_leg_h": distance / 70 * missing,
            "distance_km": (distance + 3) * missing,
            "direct_distance_km": distance,
            "drive_h": distance / 70 * missing,
            "n_unplugged_breaks": 0,
            "n_unplugged_rests": 0,
            "final_soc_share": 0.3 * missing,
            "is_below_minimum": False,
            "wait_min": 1.5 * served,
            "reference_h": distance / 72,
            "extra_min": 9.0 * missing,
        }
    )


def _stops(trips, sites):
    served = trips[trips["status"] == "served"]
    return pd.DataFrame(
        {
            "trip_id": served["trip_id"].to_numpy(),
            "stop": 0,
            "site_id": np.resize(sites.site_id, len(served)),
            "kind": "hpc_break",
            "arrival_h": served["departure_h"].to_numpy() + 4,
            "plug_h": 0.75,
            "hold_h": 0.75,
            "next_leg_h": 2.0,
            "energy_kwh": 310.0,
            "arrival_soc_share": 0.31,
            "wait_min": 1.5,
        }
    )


def _extra(trips):
    """All trips, two classes by length (the last one open) and two regions of origin."""
    served = trips[trips["status"] == "served"]
    hours, km = served["reference_h"].mean(), served["direct_distance_km"].mean()
    n_trips = len(served)
    return pd.DataFrame(
        {
            "grouping": ["all", "length", "length", "origin", "origin"],
            "group": ["all trips", "0 to 400 km", "from 400 km", "Nordland", "Südland"],
            "from_km": [np.nan, 0.0, 400.0, np.nan, np.nan],
            "to_km": [np.nan, 400.0, np.nan, np.nan, np.nan],
            "lon": [np.nan, np.nan, np.nan, 9.0, 11.0],
            "lat": [np.nan, np.nan, np.nan, 53.0, 48.5],
            "n_trips": [n_trips, n_trips // 2, n_trips - n_trips // 2, 100, n_trips - 100],
            "mean_reference_h": hours,
            "mean_reference_km": km,
            "mean_trip_h": hours + 0.15,
            "mean_trip_km": km + 3.0,
            "mean_extra_min": [9.0, 4.0, 14.0, 12.0, 8.5],
            "mean_extra_duration_share": 0.15 / hours,
            "mean_extra_without_waiting_min": [7.5, 3.0, 12.0, 9.0, 7.0],
            "mean_extra_duration_without_waiting_share": 0.125 / hours,
            "mean_extra_km": 3.0,
            "mean_extra_distance_share": 3.0 / km,
        }
    )


def _groups(sites, layouts, lpc, detail):
    """All sites, two regions of about half of them each, and one vehicle class."""
    half = sites.n_sites // 2
    parts = {
        ("all", "all"): slice(None),
        ("region", "Nordland"): slice(half),
        ("region", "unknown"): slice(half, None),
        ("vehicle_class", "long-haul-600"): slice(None),
    }
    known = np.array([1.0, 1.0, 1.0, np.nan])

    def over_parts(values, of=np.sum):
        return np.column_stack([of(values[:, part], axis=1) for part in parts.values()])

    site = detail.site
    energy_mwh = over_parts(site["energy_mwh"]) / 4
    peaks = known * over_parts(site["peak_power_kw"])
    return FrontGroups(
        names=list(parts),
        of_site={
            "all": np.zeros(sites.n_sites, np.int64),
            "region": (np.arange(sites.n_sites) >= half).astype(np.int64),
        },
        figures={
            "n_sites": known * over_parts(np.ones_like(layouts, float)),
            "n_hpc": known * over_parts(layouts),
            "n_lpc": known * over_parts(np.tile(lpc, (len(layouts), 1))),
            "n_sessions_hpc": over_parts(site["n_sessions_hpc"]),
            "n_sessions_lpc": over_parts(site["n_sessions_lpc"]),
            "energy_day_mwh": energy_mwh,
            "energy_year_5_days_gwh": 0.261 * energy_mwh,
            "energy_year_6_days_gwh": 0.313 * energy_mwh,
            "simultaneous_peak_kw": 0.8 * peaks,
            "sum_of_site_peaks_kw": peaks,
            "mean_wait_min": over_parts(site["mean_wait_min"], np.nanmean),
            "p95_wait_min": over_parts(site["p95_wait_min"], np.nanmax),
        },
    )


REFERENCE = {
    "mean_extra_min": 9.0,
    "mean_extra_duration_share": 0.02,
    "mean_extra_without_waiting_min": 7.5,
    "p50_extra_min": 1.5,
    "p95_extra_min": 46.0,
    "mean_extra_by_cause_min": {
        "detour": 2.0,
        "breaks": 0.5,
        "rests": 1.0,
        "intermediate": 4.0,
        "waiting": 1.5,
    },
}


def _unserved(trips, graph):
    lost = trips[trips["status"] != "served"]
    node = np.arange(len(lost)) % 5
    return pd.DataFrame(
        {
            "trip_id": lost["trip_id"].to_numpy(),
            "reason": "no site in range",
            "place": graph.node_name[node],
            "lon": graph.lon[node],
            "lat": graph.lat[node],
        }
    )


def plan_on(graph, sites, seed=1, n_solutions=40, load_scale=1.6, n_trips=900):
    """Results of a made-up plan on a given graph and sites."""
    rng = np.random.default_rng(seed)
    load = load_scale * rng.gamma(1.4, 1.0, sites.n_sites) + 0.15
    spare = np.linspace(3.2, 0.25, n_solutions)
    layouts = np.ceil(load + spare[:, None] * np.sqrt(load)).astype(np.int64)
    # A study without costs has no plan of least cost.
    known = [name for name in NAMED_SOLUTION_DEFINITIONS if name != "least-cost"]
    rows = np.linspace(0, n_solutions - 1, len(known)).astype(int)
    named = tuple(named_solution(name, int(row)) for name, row in zip(known, rows, strict=True))
    names = np.full(n_solutions, "", dtype=object)
    names[rows] = known
    lpc = rng.integers(0, 25, sites.n_sites)
    front = _front(load, layouts, names, lpc, energy_mwh=load.sum() * HORIZON_H * 0.4)
    detail = _detail(rng, load, layouts, lpc, front)
    trips = _trips(rng, graph, n_trips)
    unserved = _unserved(trips, graph)
    keys = ["n_hpc", "n_lpc", "mean_wait_min", "p95_wait_min", "tcu", "ecu"]
    return PlanResults(
        name="synthetic-10",
        description="A made-up country with 10 % electric long-haul trucks.",
        scenario={
            "name": "synthetic-10",
            "seed": 1,
            "demand": {"electrification_share": 0.1, "days": ["mon", "tue", "wed", "thu"]},
            "sites": {"source": "table"},
        },
        summary={
            "n_sites": sites.n_sites,
            "n_visited_sites": sites.n_sites - 1,
            "n_trips": len(trips),
            "n_served": len(trips) - len(unserved),
            "n_unserved": len(unserved),
            "warm_up_days": 3,
            "mean_wait_min_by_day": {
                solution.name: {"mon": 2.0, "tue": 4.5, "wed": None} for solution in named
            },
            "reference": REFERENCE,
            "energy_hpc_mwh": float(front["energy_hpc_mwh"][rows[2]]),
            "energy_lpc_mwh": float(front["energy_lpc_mwh"][rows[2]]),
            "solutions": {
                solution.name: front.loc[solution.solution, keys].to_dict()
                | {"simultaneous_peak_kw": 400_000.0, "sum_of_site_peaks_kw": 700_000.0}
                for solution in named
            },
        },
        front=front,
        hpc_layouts=layouts,
        lpc_per_site=lpc,
        named_solutions=named,
        sites=sites,
        site_figures=_site_figures(sites, layouts, lpc, named, detail),
        detail=detail,
        graph=graph,
        arc_trucks_per_day=np.round(rng.gamma(2, 350, graph.n_arcs)),
        hourly=_hourly(named, detail),
        trips=trips,
        stops=_stops(trips, sites),
        breaks=_breaks(),
        warm_up_trips=trips[:0],
        warm_up_stops=_stops(trips, sites)[:0],
        warm_up_breaks=_breaks(),
        unserved=unserved,
        extra=_extra(trips),
        front_groups=_groups(sites, layouts, lpc, detail),
        comparison=pd.DataFrame(
            {
                "method": ["quantile layouts", "plain NSGA-II", "seeded NSGA-II"],
                "n_evaluations": [5000, 5000, 5000],
                "hypervolume": [0.521, 0.244, 0.534],
                "best_mean_wait_min": [0.4, 27.0, 0.3],
                "tcu_share_at_5_min": [0.41, np.nan, 0.43],
            }
        ),
        assumptions=(
            Assumption("Battery, usable", "600", "kWh", "German motorway study, Table 2"),
            Assumption("Consumption, loaded", "1.2", "kWh/km", "German motorway study, Table 2"),
            Assumption("Mandatory break", "45", "min", "Regulation (EC) No 561/2006, Article 7"),
        ),
        provenance={
            "git_commit": "0123456789abcdef",
            "created_utc": "2026-01-02T03:04:05+00:00",
            "versions": {"python": "3.11.2", "numpy": "2.4.6"},
            "inputs_sha256": {"network": "ab" * 32},
            "seed": 1,
            "timings_s": {"demand": 3.2, "stop planning": 21.0, "optimisation": 40.1},
        },
        invariants={"balanced": {"n_sessions": 882, "energy_error_share": 1.2345678e-12}},
    )


def synthetic_plan(seed=1, n_nodes=60, n_sites=40, n_solutions=40):
    """Results of a made-up plan in a made-up country."""
    rng = np.random.default_rng(seed)
    graph = synthetic_graph(rng, n_nodes)
    return plan_on(graph, synthetic_sites(rng, graph, n_sites), seed, n_solutions)


def synthetic_market(plan, seed=1):
    """What a kWh costs at the sites of a made-up plan: ``MARKET_SITES``; some sites stay closed."""
    rng = np.random.default_rng(seed)
    sites, planned = plan.sites, plan.hpc_layouts[plan.default_solution.solution]
    is_open = rng.random(sites.n_sites) > 0.15
    price = np.where(is_open, np.minimum(0.12 + rng.gamma(1.2, 0.03, sites.n_sites), 0.6), np.nan)
    points = np.where(is_open, planned * rng.uniform(0.4, 1.1, sites.n_sites), 0.0)
    lacking = np.where(rng.random(sites.n_sites) > 0.3, rng.uniform(0, 900, sites.n_sites), 0.0)
    table = pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "lon": sites.lon,
            "lat": sites.lat,
            "n_hpc_plan": planned,
            "n_operators": np.minimum(planned, 2),
            "n_hpc_market": points,
            "n_hpc_low": 0.9 * points,
            "n_hpc_high": 1.1 * points,
            "price_eur_kwh": price,
            "price_low_eur_kwh": 0.95 * price,
            "price_high_eur_kwh": 1.05 * price,
            "cheapest_hour_eur_kwh": 0.7 * price,
            "dearest_hour_eur_kwh": 1.4 * price,
            "sessions_per_day": 20.0 * points,
            "energy_kwh_day": 7000.0 * points,
            "utilisation_share": np.where(is_open, 0.4, np.nan),
            "mean_wait_min": np.where(is_open, rng.uniform(0, 20, sites.n_sites), np.nan),
            "profit_eur_day": 100.0 * points,
            "is_open": is_open,
            "plan_price_eur_kwh": np.full(sites.n_sites, 0.12),
            "plan_profit_eur_day": -lacking,
            "subsidy_eur_day": lacking,
        }
    )
    return table[MARKET_SITES.column_names]


def market_summary(table):
    """Headline figures of a made-up market, as far as pages tell them."""
    return {
        "n_sites": len(table),
        "n_hpc_plan": int(table["n_hpc_plan"].sum()),
        "mean_price_eur_kwh": 0.17,
        "price_p90_eur_kwh": 0.46,
        "n_hpc_market": float(table["n_hpc_market"].sum()),
        "mean_wait_min": 36.0,
        "n_visited_sites": int((table["n_hpc_plan"] > 0).sum()),
        "n_sites_nobody_builds": int((~table["is_open"]).sum()),
        "plan_mean_price_eur_kwh": 0.12,
        "plan_mean_wait_min": 7.0,
        "n_sites_to_subsidise": int((table["subsidy_eur_day"] > 0.0).sum()),
        "subsidy_eur_day": float(table["subsidy_eur_day"].sum()),
    }
