"""State of charge of electric vehicles in a MATSim vehicles file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.safe_xml import iterate_xml

if TYPE_CHECKING:
    from pathlib import Path

_NAMESPACE = "{http://www.matsim.org/files/dtd}"


def read_initial_soc(path: Path) -> dict[str, float]:
    """Read ``initialSoc`` of every vehicle that has one.

    Parameters
    ----------
    path : pathlib.Path
        ``vehicleDefinitions`` of version 2, plain or packed.

    Returns
    -------
    dict of str to float
        State of charge by vehicle id, share of the battery.

    Raises
    ------
    InputDataError
        If the file is broken, no vehicle states it, or one states something else than 0 to 1.
    """
    tag = f"{_NAMESPACE}vehicle"
    initial_soc: dict[str, float] = {}
    for vehicle in iterate_xml(path, {tag}, root=f"{_NAMESPACE}vehicleDefinitions"):
        for attribute in vehicle.iter(f"{_NAMESPACE}attribute"):
            if attribute.get("name") == "initialSoc":
                name = vehicle.get("id", "")
                initial_soc[name] = _share(path, name, attribute.text)
    if not initial_soc:
        msg = f"{path}: expected vehicles with an initialSoc, found none; leave demand.vehicles out"
        raise InputDataError(msg)
    return initial_soc


def _share(path: Path, vehicle: str, text: str | None) -> float:
    try:
        share = float(text or "")
    except ValueError:
        share = float("nan")
    if not 0.0 <= share <= 1.0:
        msg = (
            f"{path}: vehicle {vehicle}: expected an initialSoc from 0 to 1, found {text!r}; "
            f"write it as a share of the battery"
        )
        raise InputDataError(msg)
    return share
