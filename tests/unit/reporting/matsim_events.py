"""Events as MATSim's ev contrib writes them, made from the planner's own queues."""

from __future__ import annotations

import gzip
from xml.sax.saxutils import quoteattr

import numpy as np

from planner.plan.stages import charging_demand
from planner.reporting.matsim.network import charger_ids
from planner.simulation.queues import ChargerLayout, simulate

J_PER_KWH = 3.6e6


def sessions_of(run):
    """Rows (truck, charger, queue_h, plug_in_h, unplug_h, energy_kwh, soc_kwh) of a stored run."""
    plans = run.plans()
    demand = charging_demand(run.scenario, run.vehicle_class_idx(), plans, run.sites.n_sites)
    result = simulate(demand, ChargerLayout(run.n_hpc.astype("i4"), run.n_lpc.astype("i4")))
    hpc, lpc = charger_ids(run.sites.site_id)
    trips = run.all_trips()
    trip_of_stop = np.repeat(demand.trip_idx, np.diff(demand.trip_stop_offset))
    classes = run.scenario.vehicles.classes
    rows = []
    for stop, trip in enumerate(trip_of_stop):
        site = demand.stop_site_idx[stop]
        battery_kwh = classes[trips["vehicle_class"].iloc[trip]].battery_kwh
        soc_share = plans.stop_arrival_soc_share[demand.plan_stop_idx[stop]]
        rows.append(
            (
                str(trips["trip_id"].iloc[trip]),
                (hpc if result.is_hpc[stop] else lpc)[site],
                result.queue_h[stop],
                result.plug_in_h[stop],
                result.release_h[stop],
                demand.stop_energy_kwh[stop],
                soc_share * battery_kwh,
            )
        )
    return rows


def events_of(rows, n_pieces=3):
    """Attributes of the events of sessions, by time."""
    events = []
    for truck, charger, queue_h, plug_in_h, unplug_h, energy_kwh, soc_kwh in rows:
        here = {"charger": charger, "vehicle": truck}
        if plug_in_h > queue_h:
            events.append((queue_h, {"type": "queued_at_charger", **here}))
        joules = repr(float(soc_kwh * J_PER_KWH))
        events.append((plug_in_h, {"type": "charging_start", **here, "charge": joules}))
        for piece in range(1, n_pieces + 1):
            at_h = min(plug_in_h + (unplug_h - plug_in_h) * piece / n_pieces, unplug_h)
            energy = repr(float(energy_kwh * J_PER_KWH / n_pieces))
            events.append((at_h, {"type": "energy_charged", **here, "energy": energy}))
        joules = repr(float((soc_kwh + energy_kwh) * J_PER_KWH))
        events.append((unplug_h, {"type": "charging_end", **here, "charge": joules}))
    return sorted(events, key=lambda event: event[0])


def write_events(path, events):
    """An ``output_events.xml.gz`` with events of other kinds between."""
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n<events version="1.0">\n')
        for time_h, attributes in events:
            time = repr(float(time_h * 3600.0))
            stream.write(f'<event time="{time}" type="entered link" vehicle="1" link="a"/>\n')
            texts = " ".join(f"{name}={quoteattr(text)}" for name, text in attributes.items())
            stream.write(f'<event time="{time}" {texts}/>\n')
        stream.write("</events>\n")
    return path
