"""A synthetic continent: 30 countries, about 5,000 sites, as many trips as asked, on one machine.

The roads are the light European network that comes with the planner; the trips are those of its
gravity model, their volumes scaled to the number asked for. Each size runs in a process of its own,
from reading to a generation of the search, so that peak memory is its own; processor time is told
per stage. A small size that does not count comes first, since compiling kernels takes half a
gigabyte of the process that does it.
``--rule`` plans stops by the rule `break-first`, which takes a small part of the time of the exact
planner and as much memory: with it sizes are measured for which the exact planner takes hours.

Run ``python benchmarks/europe.py --trips 1e5 3e5 1e6 3e6 5e6 --rule`` and
``python benchmarks/europe.py --trips 1e4 2e4 4e4``. With ``--cluster local`` stops are planned by
processes, whose time and memory are not in the table.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from measured import Comparison, keep
from plan_stages import Row, exponent, in_own_process

from planner.plan.study_inputs import read_inputs
from planner.scenario.load import load_scenario
from planner.studies.country_study import CountryRequest, write_country_study

COUNTRIES = (
    *("AT", "BA", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK"),
)
SPACING_KM = 17.3
TRIPS_TO_COMPILE_BY = 5e3
FOLDER = Path("outputs/bench/europe")
STAGES = {
    "stops_cpu_s": ("plan the stops", "s"),
    "start_of_search_cpu_s": ("start the search", "s"),
    "generation_cpu_s": ("simulate a generation of 100 layouts", "s"),
    "queues_peak_mb": ("peak memory with the queues laid out", "MB"),
    "peak_mb": ("peak memory with a generation", "MB"),
}


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trips", type=float, nargs="+", default=[1e4, 2e4, 4e4])
    parser.add_argument("--rule", action="store_true", help="plan stops by the rule break-first")
    parser.add_argument("--cluster", default="", help="local, or the address of a dask scheduler")
    asked = parser.parse_args()
    write_continent()
    overrides = ["driver_behaviour=break-first"] if asked.rule else []
    rows: list[Row] = []
    for n_trips in (TRIPS_TO_COMPILE_BY, *asked.trips):
        with TemporaryDirectory(dir=FOLDER) as folder:
            study = scaled_study(n_trips, Path(folder))
            rows.append(in_own_process(str(study), overrides, asked.cluster))
        print(pd.DataFrame(rows[-1:]).to_string(index=False), flush=True)
    del rows[0]
    # Between the largest two: what small sizes take is the ways between the sites.
    for name in STAGES if len(rows) > 1 else ():
        print(f"{name} grows with trips to the power {exponent(rows[-2:], name):.2f}")
    drivers = "break-first" if asked.rule else "least-time"
    keep(
        f"europe_{drivers}",
        [
            Comparison(
                what,
                f"{row['trips']:,} trips, {row['sites']:,} sites, {drivers}",
                [row[name]],
                unit=unit,
            )
            for name, (what, unit) in STAGES.items()
            for row in rows
        ],
    )


def write_continent() -> None:
    """The study, written once."""
    if not (FOLDER / "study.yaml").exists():
        write_country_study(CountryRequest(COUNTRIES, 1.0, spacing_km=SPACING_KM), FOLDER)


def scaled_study(n_trips: float, folder: Path) -> Path:
    """The study with volumes that make about so many trips, days before the horizon included."""
    n_at_first = FOLDER / "n_trips.txt"
    if not n_at_first.exists():
        inputs = read_inputs(load_scenario(FOLDER / "study.yaml", []))
        n_at_first.write_text(str(inputs.trips.n_trips))
    flows = pd.read_csv(FOLDER / "trucks.csv")
    flows["trucks_per_year"] *= n_trips / int(n_at_first.read_text())
    for name in ("zones.csv", "nodes.csv", "arcs.csv", "study.yaml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    flows.to_csv(folder / "trucks.csv", index=False)
    return folder / "study.yaml"


if __name__ == "__main__":
    main()
