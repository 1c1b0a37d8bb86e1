"""A depot of six stops, small enough to be planned in a test."""

from __future__ import annotations

import copy

import yaml

STOPS = """id,type,load,service_min,open_min,close_min,latitude,longitude,priority
1,delivery,800,10,0,480,51.10,10.00,1
2,delivery,900,10,0,480,51.20,10.10,1
3,delivery,700,10,60,300,51.00,10.35,5
4,delivery,600,10,0,480,50.85,10.10,1
5,pickup,500,10,0,480,50.90,9.85,1
6,delivery,400,10,0,480,51.05,9.70,1
"""

STUDY = {
    "name": "small",
    "seed": 3,
    "depot": {
        "month": 6,
        "year": 2026,
        "initial_energy_kwh": 45,
        "iterations": 30,
        "stops": {
            "path": "stops.csv",
            "ways": {"source": "coordinates", "latitude": 51.0, "longitude": 10.0},
        },
        "fleet": {"trucks": 2, "vehicle": "rigid-19t"},
        "site": {
            "building": {"source": "constant", "kw": 12},
            "pv": {
                "source": "clear_sky",
                "kw_peak": 60,
                "latitude": 51.0,
                "longitude": 10.0,
                "utc_offset_h": 2,
            },
            "storage": {"capacity_kwh": 60, "charge_kw": 30, "discharge_kw": 30},
            "chargers": {"points": 1, "kw": 100},
            "tariff": {"name": "plain"},
        },
    },
}

TARIFF = """name: plain
currency: EUR
effective: 2026-01-01
source: made up
energy: [{name: all, price: 0.25}]
demand: [{name: power, price: 8}]
export: {price: 0.06}
"""


def write_depot(folder, *, stops=STOPS, tariff=TARIFF, **changes):
    """Write the study with keys below `depot` changed by dotted path; return its file."""
    study = copy.deepcopy(STUDY)
    for key, value in changes.items():
        *above, last = key.split("__")
        place = study["depot"]
        for part in above:
            place = place.setdefault(part, {})
        place[last] = value
    (folder / "config" / "tariffs").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "tariffs" / "plain.yaml").write_text(tariff, encoding="utf-8")
    (folder / "stops.csv").write_text(stops, encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    return path
