"""Speed and memory of reading MATSim plans, against matsim-tools on the same file.

    python benchmarks/plans_reader.py                     # 50,000 persons against matsim-tools
    python benchmarks/plans_reader.py --memory 1000000    # peak memory of a million persons

The plans are made here: freight agents with one to four trips in a chain, two plans each, routes
of 40 links, attributes. Both readers hand out every person's selected plan with its activities and
legs; ours also puts the trips into arrays and their ends into degrees. Each reader runs in a
process of its own, by turns. Peak memory is the largest
resident set of that process (getrusage).
"""

from __future__ import annotations

import argparse
import gzip
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measured import Comparison, keep

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE population SYSTEM "http://www.matsim.org/files/dtd/population_v6.dtd">
<population>
<attributes>
<attribute name="coordinateReferenceSystem" class="java.lang.String">EPSG:25832</attribute>
</attributes>
"""
CRS = "EPSG:25832"


def write_plans(path: Path, n_persons: int) -> None:
    """Write a population of freight agents, gzip-packed, person by person."""
    rng = np.random.default_rng(1)
    link_names = " ".join(str(link) for link in range(1000, 1040))
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as stream:
        stream.write(HEAD)
        for number in range(n_persons):
            stream.write(_person(number, rng, link_names))
        stream.write("</population>\n")


def _person(number: int, rng: np.random.Generator, links: str) -> str:
    n_trips = 1 + number % 4
    x = rng.uniform(300_000, 900_000, n_trips + 1)
    y = rng.uniform(5_300_000, 6_000_000, n_trips + 1)
    start_s = rng.integers(0, 6 * 3600)
    plans = "".join(
        _plan(n_trips, x, y, int(start_s) + shift, links, selected)
        for shift, selected in ((0, "yes"), (600, "no"))
    )
    return (
        f'<person id="freight_{number}"><attributes><attribute name="subpopulation" '
        f'class="java.lang.String">freight</attribute></attributes>{plans}</person>\n'
    )


def _plan(
    n_trips: int, x: np.ndarray, y: np.ndarray, start_s: int, links: str, selected: str
) -> str:
    parts = [f'<plan score="12.5" selected="{selected}">']
    for trip in range(n_trips):
        minutes, seconds = divmod(start_s + 4 * 3600 * trip, 60)
        hours, minutes = divmod(minutes, 60)
        parts.append(
            f'<activity type="loaded" link="{trip}" x="{x[trip]}" y="{y[trip]}" '
            f'end_time="{hours:02d}:{minutes:02d}:{seconds:02d}"></activity>'
            f'<leg mode="truck" dep_time="{hours:02d}:{minutes:02d}:{seconds:02d}">'
            f'<route type="links" start_link="1" end_link="2" trav_time="02:00:00" '
            f'distance="120000.0">{links}</route></leg>'
        )
    parts.append(f'<activity type="loaded" link="9" x="{x[-1]}" y="{y[-1]}"></activity></plan>')
    return "".join(parts)


def read_ours(path: Path) -> int:
    from planner.demand.matsim_plans import PlanFilter, read_matsim_plans  # noqa: PLC0415

    records, _ = read_matsim_plans(path, None, PlanFilter(modes=("truck",)))
    return records.n_records


def read_theirs(path: Path) -> int:
    import matsim  # noqa: PLC0415

    n_trips = 0
    for _, plan in matsim.plan_reader(str(path), selected_plans_only=True):
        n_trips += sum(element.tag == "leg" for element in plan)
    return n_trips


def run_in_process(reader: str, path: Path) -> tuple[float, float, int]:
    """Processor seconds, peak memory in MB and trips of one reader in a process of its own."""
    command = [sys.executable, __file__, "--reader", reader, "--plans", str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    seconds, megabytes, n_trips = answer.stdout.split()[-3:]
    return float(seconds), float(megabytes), int(n_trips)


def run_reader(reader: str, path: Path) -> None:
    read = {"ours": read_ours, "matsim-tools": read_theirs}[reader]
    start = time.process_time()
    n_trips = read(path)
    seconds = time.process_time() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(seconds, peak_mb, n_trips)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons", type=int, default=50_000)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--memory", type=int, default=0, help="persons of the memory test")
    options.add_argument("--reader", choices=("ours", "matsim-tools"))
    options.add_argument("--plans", type=Path)
    chosen = options.parse_args()
    if chosen.reader:
        run_reader(chosen.reader, chosen.plans)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plans.xml.gz"
        if chosen.memory:
            write_plans(path, chosen.memory)
            seconds, peak_mb, n_trips = run_in_process("ours", path)
            print(
                f"{chosen.memory:,} persons, {path.stat().st_size / 1e6:.0f} MB packed: "
                f"{n_trips:,} trips in {seconds:.0f} s, peak {peak_mb:.0f} MB"
            )
            return
        write_plans(path, chosen.persons)
        runs = [
            [run_in_process(reader, path) for reader in ("ours", "matsim-tools")]
            for _ in range(chosen.repeats)
        ]
    assert len({n_trips for turn in runs for _, _, n_trips in turn}) == 1
    on = f"{chosen.persons:,} persons, {runs[0][0][2]:,} trips"
    ours, theirs = (list(zip(*side, strict=True)) for side in zip(*runs, strict=True))
    what = "read MATSim plans"
    keep(
        "plans_reader",
        [
            Comparison(what, on, ours[0], {"matsim-tools": theirs[0]}),
            Comparison(f"{what}: peak memory", on, ours[1], {"matsim-tools": theirs[1]}, unit="MB"),
        ],
    )


if __name__ == "__main__":
    main()
