"""What the charts of a depot's report show: rows by chart, the same in all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.depot.dispatch import DEPOT, RECHARGE
from planner.depot.driven_tours import driven_halts
from planner.depot.microgrid_site import STEP_H
from planner.reporting.charts.depot_labels import name_lines, stop_sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.depot.cooptimizer import DepotDay
    from planner.depot.depot_outcome import DepotOutcome
    from planner.depot.dispatch import Tour

DRIVING, WAITING, SERVING, RECHARGING = "driving", "waiting", "serving", "recharging"


def depot_chart_data(outcome: DepotOutcome) -> dict[str, list[dict[str, Any]]]:
    """Rows of all charts.

    Returns
    -------
    dict of str to list
        Rows by name of the data set.
    """
    at = place_positions(outcome)
    names = [truck.name for truck in outcome.inputs.problem.trucks]
    ids = outcome.inputs.problem.stop_ids
    pickup = outcome.inputs.problem.pickup_kg > 0.0
    chosen = outcome.chosen
    left = {stop.stop_id for stop in chosen.dispatch.unserved}
    places = [
        {
            "place": name,
            "x": float(at[i + 1, 0]),
            "y": float(at[i + 1, 1]),
            "kind": "left" if name in left else "pickup" if pickup[i] else "delivery",
            "side": side,
        }
        for i, (name, side) in enumerate(zip(ids, stop_sides(at, ids), strict=True))
    ]
    number = {name: i + 1 for i, name in enumerate(ids)}
    return {
        "places": places,
        "depot": [{"place": DEPOT, "x": float(at[0, 0]), "y": float(at[0, 1])}],
        "ways": [
            row
            for tour in chosen.dispatch.tours
            for row in _way_rows(tour, names[tour.truck], number, at)
        ],
        "halts": _halts(chosen, names),
        "flows": [row for day in outcome.all_days for row in _flow_rows(day)],
        "grid": [row for day in outcome.all_days for row in _grid_rows(day)],
        "charge": [
            *(row for tour in chosen.dispatch.tours for row in _charge_rows(tour, names, chosen)),
        ],
        "storage": _storage_rows(chosen),
        "bill": [row for day in outcome.all_days for row in _cost_rows(outcome, day)],
    }


def place_positions(outcome: DepotOutcome) -> NDArray[np.float64]:
    """Where places stand in the picture of the tours, (n_places, 2) float64.

    From coordinates where all places have them; else so that distances in the picture follow the
    driving times as well as two dimensions can (Torgerson 1952).
    """
    time = outcome.inputs.ways.time_s
    squared = (0.5 * (time + time.T)) ** 2
    n = len(squared)
    centre = np.eye(n) - 1.0 / n
    values, vectors = np.linalg.eigh(-0.5 * centre @ squared @ centre)
    at = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    # The sign of a direction is arbitrary: let the farthest stop lie to the upper right.
    far = int(np.argmax(np.abs(at - at[0]).sum(axis=1)))
    turn = np.where(at[far] >= at[0], 1.0, -1.0)
    return np.asarray((at - at[0]) * turn / 60.0)


def _way_rows(
    tour: Tour, truck: str, number: dict[str, int], at: NDArray[np.float64]
) -> list[dict[str, Any]]:
    rows = []
    before = [number.get(halt.place, 0) for halt in tour.halts[:-1]]
    after = [number.get(halt.place, 0) for halt in tour.halts[1:]]
    for order, (start, end, halt) in enumerate(zip(before, after, tour.halts[1:], strict=True)):
        rows.append(
            {
                "truck": truck,
                "order": order,
                "x": float(at[start, 0]),
                "y": float(at[start, 1]),
                "x2": float(at[end, 0]),
                "y2": float(at[end, 1]),
                "kwh": halt.driven_kwh,
                "to_depot": end == 0 or start == 0,
            }
        )
    return rows


def _halts(day: DepotDay, trucks: list[str]) -> list[dict[str, Any]]:
    """What trucks do, with the line of the name of each stop."""
    rows = [row for tour in day.dispatch.tours for row in _halt_rows(tour, trucks[tour.truck])]
    named = [row for row in rows if row["what"] in {SERVING, RECHARGING}]
    for row, line in zip(named, name_lines(named), strict=True):
        row["line"] = line
    return rows


def _halt_rows(tour: Tour, truck: str) -> list[dict[str, Any]]:
    """What a truck does from minute to minute, hours of the day."""
    rows = []

    def row(what: str, place: str, begin: float, end: float) -> None:
        if end > begin:
            rows.append(
                {
                    "truck": truck,
                    "what": what,
                    "place": place,
                    "begin": begin / 60.0,
                    "end": end / 60.0,
                }
            )

    for last, halt in zip(tour.halts[:-1], tour.halts[1:], strict=True):
        row(DRIVING, halt.place, last.departure_min, halt.arrival_min)
        row(WAITING, halt.place, halt.arrival_min, halt.start_min)
        doing = RECHARGING if halt.place == RECHARGE else SERVING
        row(doing, halt.place, halt.start_min, halt.departure_min)
    return rows


def _flow_rows(day: DepotDay) -> list[dict[str, Any]]:
    power, site = day.power, day.power.site
    flows = {
        "pv_used": site.pv_kw - power.curtailed_kw,
        "discharge": power.discharge_kw,
        "import": power.import_kw,
        "load": -site.load_kw,
        "trucks": -power.truck_kw.sum(axis=0) / site.charger_efficiency,
        "charge": -power.charge_kw,
        "export": -power.export_kw,
    }
    return [
        {
            "way": day.coordination,
            "flow": name,
            "order": order,
            "hour": step * STEP_H,
            "hour_end": (step + 1) * STEP_H,
            "kw": round(float(value), 3),
        }
        for order, (name, values) in enumerate(flows.items())
        for step, value in enumerate(values)
        if abs(value) > 1e-3
    ]


def _grid_rows(day: DepotDay) -> list[dict[str, Any]]:
    power = day.power
    net = np.append(power.import_kw - power.export_kw, power.import_kw[-1] - power.export_kw[-1])
    return [
        {"way": day.coordination, "hour": step * STEP_H, "kw": round(float(value), 3)}
        for step, value in enumerate(net)
    ]


def _charge_rows(tour: Tour, names: list[str], day: DepotDay) -> list[dict[str, Any]]:
    """Energy in a truck's battery along its tour; while it recharges, as its charger gives it."""
    name = names[tour.truck]
    rows = []
    for driven in driven_halts(tour, day.power):
        halt = driven.halt
        rows.append({"truck": name, "hour": halt.arrival_min / 60.0, "kwh": halt.arrival_kwh})
        if driven.shortfall_kwh > 0.0:
            break
        if halt.place == RECHARGE:
            given = halt.arrival_kwh
            for request, kw in zip(day.power.requests, day.power.truck_kw, strict=True):
                if request.truck != tour.truck:
                    continue
                for step in np.flatnonzero(kw > 1e-6):
                    begin = max(halt.arrival_min / 60.0, step * STEP_H)
                    end = min(max(begin, halt.departure_min / 60.0), (step + 1) * STEP_H)
                    rows.append({"truck": name, "hour": begin, "kwh": given})
                    given += float(kw[step]) * STEP_H
                    rows.append({"truck": name, "hour": end, "kwh": given})
        rows.append({"truck": name, "hour": halt.departure_min / 60.0, "kwh": halt.departure_kwh})
    for order, row in enumerate(rows):
        row["order"] = order
    return rows


def _storage_rows(day: DepotDay) -> list[dict[str, Any]]:
    if day.power.site.storage is None:
        return []
    return [
        {"hour": step * STEP_H, "kwh": float(value)}
        for step, value in enumerate(day.power.storage_kwh)
    ]


def _cost_rows(outcome: DepotOutcome, day: DepotDay) -> list[dict[str, Any]]:
    """What a day costs by component; the components add up to the cost in all."""
    site, power = day.power.site, day.power
    bought = float((site.import_price * power.import_kw).sum() * STEP_H)
    parts = {
        "morning": day.dispatch.initial_cost,
        "energy": bought,
        "demand": day.cost_demand,
        "operation": day.cost_operation,
        "export": power.energy_cost - bought,
    }
    currency = outcome.inputs.tariff.currency
    return [
        {
            "way": day.coordination,
            "part": name,
            "order": order,
            "cost": round(value, 4),
            "currency": currency,
        }
        for order, (name, value) in enumerate(parts.items())
        if abs(value) > 5e-3
    ]
