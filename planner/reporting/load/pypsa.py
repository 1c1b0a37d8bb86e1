"""Load as a folder of CSV files that PyPSA networks, and so PyPSA-Eur, read and merge.

Two folders: ``fixed`` with all charging as loads; ``flexible``, of the simulated days, in which
overnight charging is free within its envelope: what must be charged by a time is a load behind a
link of the power limit, and a store holds what is charged ahead of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.spreadsheet_texts import write_csv_file
from planner.reporting.load.wide_tables import in_mega, write_series

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.plan.load_series import Load

_SNAPSHOT = "snapshot"
_TRUCKS = "overnight trucks"


def write_pypsa(load: Load, folder: Path) -> None:
    """Write both folders."""
    _write_fixed(load, folder / "fixed")
    _write_flexible(load, folder / "flexible")


def _buses(load: Load) -> pd.DataFrame:
    places = load.places_table
    return pd.DataFrame(
        {"name": places["place"], "x": places["lon"], "y": places["lat"], "carrier": "AC"}
    )


def _loads(names: pd.Index, buses: Sequence[str], carrier: str) -> pd.DataFrame:
    return pd.DataFrame({"name": names, "bus": list(buses), "carrier": carrier})


def _write_fixed(load: Load, folder: Path) -> None:
    folder.mkdir()
    place = load.places.key
    hpc, lpc = (
        in_mega(load.series, f"{kind}_kw", [f"{each} {kind}" for each in place])
        for kind in ("hpc", "lpc")
    )
    loads = [_loads(hpc.columns, place, "truck hpc"), _loads(lpc.columns, place, "truck lpc")]
    series = pd.concat([hpc, lpc], axis=1)
    _write(folder, load.question.minutes, _buses(load), pd.concat(loads), series)


def _write_flexible(load: Load, folder: Path) -> None:
    folder.mkdir()
    place, step_h = load.places.key, load.question.minutes / 60.0
    trucks = [f"{each} {_TRUCKS}" for each in place]
    links_of = [f"{each} points" for each in trucks]
    least, most = (in_mega(load.envelope, name, trucks) for name in ("min_kwh", "max_kwh"))
    limit = in_mega(load.envelope, "max_kw", links_of)
    latest = least.diff().fillna(least.iloc[:1]) / step_h
    ahead = (most - least).clip(lower=0.0)
    simulated = load.envelope[["start"]].assign(
        hpc_kw=load.simulated_kwh["hpc"].ravel() / step_h,
    )
    hpc = in_mega(simulated, "hpc_kw", [f"{each} hpc" for each in place])
    buses = _buses(load)
    behind = buses.assign(name=trucks, carrier=_TRUCKS)
    loads = [_loads(hpc.columns, place, "truck hpc"), _loads(latest.columns, trucks, "truck lpc")]
    series = pd.concat([hpc, latest], axis=1)
    _write(folder, load.question.minutes, pd.concat([buses, behind]), pd.concat(loads), series)
    p_nom, e_nom = limit.max(), ahead.max()
    links = {
        "name": links_of,
        "bus0": list(place),
        "bus1": trucks,
        "carrier": _TRUCKS,
        "p_nom": p_nom.to_numpy(),
    }
    stores = {"name": trucks, "bus": trucks, "carrier": _TRUCKS, "e_nom": e_nom.to_numpy()}
    write_csv_file(pd.DataFrame(links), folder / "links.csv")
    write_csv_file(pd.DataFrame(stores), folder / "stores.csv")
    for file, values, top in (
        ("links-p_max_pu.csv", limit, p_nom),
        ("stores-e_max_pu.csv", ahead, e_nom),
    ):
        share = (values / top.where(top > 0.0)).fillna(0.0)
        write_series(share, folder / file, _SNAPSHOT)


def _write(
    folder: Path,
    minutes: int,
    buses: pd.DataFrame,
    loads: pd.DataFrame,
    series_mw: pd.DataFrame,
) -> None:
    weight = {"objective": minutes / 60.0, "stores": minutes / 60.0, "generators": minutes / 60.0}
    number = np.arange(len(series_mw))  # PyPSA takes the first column for an index
    snapshots = pd.DataFrame({"name": number, _SNAPSHOT: series_mw.index, **weight})
    write_csv_file(snapshots, folder / "snapshots.csv")
    write_csv_file(buses, folder / "buses.csv")
    carriers = pd.unique(pd.concat([buses["carrier"], loads["carrier"]]))
    write_csv_file(pd.DataFrame({"name": carriers}), folder / "carriers.csv")
    write_csv_file(loads, folder / "loads.csv")
    write_series(series_mw, folder / "loads-p_set.csv", _SNAPSHOT)
