"""Tables of a depot run, as CSV and Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.depot.depot_schemas import (
    DEPOT_BILL,
    DEPOT_CHARGING,
    DEPOT_STEPS,
    DEPOT_TOURS,
    DEPOT_UNSERVED,
)
from planner.depot.driven_tours import driven_halts
from planner.depot.microgrid_site import STEP_MIN, clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.depot.cooptimizer import DepotDay
    from planner.depot.depot_outcome import DepotOutcome
    from planner.tables.table import Table

_DTYPES = {"int64": "int64", "float64": "float64", "bool": "bool", "string": "str"}


def depot_tables(outcome: DepotOutcome) -> list[tuple[Table, pd.DataFrame]]:
    """All tables of a depot run."""
    return [
        (DEPOT_STEPS, pd.concat([_steps(day) for day in outcome.all_days], ignore_index=True)),
        (DEPOT_CHARGING, _charging(outcome)),
        (DEPOT_TOURS, _tours(outcome)),
        (DEPOT_BILL, _bills(outcome)),
        (DEPOT_UNSERVED, _unserved(outcome)),
    ]


def _steps(day: DepotDay) -> pd.DataFrame:
    power, site = day.power, day.power.site
    return pd.DataFrame(
        {
            "coordination": day.coordination,
            "time": [clock(STEP_MIN * step) for step in range(site.n_steps)],
            "load_kw": site.load_kw,
            "pv_kw": site.pv_kw,
            "curtailed_kw": power.curtailed_kw,
            "import_kw": power.import_kw,
            "export_kw": power.export_kw,
            "charge_kw": power.charge_kw,
            "discharge_kw": power.discharge_kw,
            "storage_kwh": power.storage_kwh[:-1],
            "trucks_kw": power.truck_kw.sum(axis=0) / site.charger_efficiency,
            "import_price": site.import_price,
            "export_price": site.export_price,
        }
    )


def _charging(outcome: DepotOutcome) -> pd.DataFrame:
    names = [truck.name for truck in outcome.inputs.problem.trucks]
    rows = [
        (day.coordination, names[request.truck], clock(STEP_MIN * step), kw[step])
        for day in outcome.all_days
        for request, kw in zip(day.power.requests, day.power.truck_kw, strict=True)
        for step in np.flatnonzero(kw)
    ]
    return _table(DEPOT_CHARGING, rows)


def _tours(outcome: DepotOutcome) -> pd.DataFrame:
    names = [truck.name for truck in outcome.inputs.problem.trucks]
    rows = [
        (
            day.coordination,
            names[tour.truck],
            position,
            driven.halt.place,
            driven.halt.arrival_min,
            driven.halt.start_min,
            driven.halt.departure_min,
            driven.halt.load_kg,
            driven.halt.arrival_kwh,
            driven.halt.departure_kwh,
            driven.halt.driven_kwh,
            driven.missing_kwh,
            driven.shortfall_kwh,
        )
        for day in outcome.all_days
        for tour in day.dispatch.tours
        for position, driven in enumerate(driven_halts(tour, day.power))
    ]
    return _table(DEPOT_TOURS, rows)


def _bills(outcome: DepotOutcome) -> pd.DataFrame:
    rows = [
        (
            day.coordination,
            line.kind,
            line.name,
            float(line.quantity),
            line.unit,
            line.period or "",
            float(line.share),
            float(line.amount),
        )
        for day in outcome.all_days
        for line in outcome.bill(day).lines
    ]
    return _table(DEPOT_BILL, rows)


def _unserved(outcome: DepotOutcome) -> pd.DataFrame:
    problem = outcome.inputs.problem
    weight = dict(zip(problem.stop_ids, problem.priority, strict=True))
    rows = [
        (day.coordination, stop.stop_id, weight[stop.stop_id], stop.cause)
        for day in outcome.all_days
        for stop in day.dispatch.unserved
    ]
    return _table(DEPOT_UNSERVED, rows)


def _table(schema: Table, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Rows with the types of a schema, also where there are none."""
    table = pd.DataFrame(rows, columns=schema.column_names)
    return table.astype({column.name: _DTYPES[column.dtype] for column in schema.columns})
