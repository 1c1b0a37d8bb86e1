"""What is planned of a depot's day on disk, so that an interrupted run need not repeat it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from pydantic import TypeAdapter

from planner.depot.dispatch import DispatchPlan
from planner.depot.microgrid_site import MicrogridPlan
from planner.runs.stage_files import read_arrays, read_json, write_arrays, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.depot.charging_requests import ChargingRequest
    from planner.depot.microgrid_site import MicrogridSite

_TOURS = TypeAdapter(DispatchPlan)
_FLOWS = (
    "import_kw",
    "export_kw",
    "curtailed_kw",
    "charge_kw",
    "discharge_kw",
    "storage_kwh",
    "truck_kw",
    "missing_kwh",
)


class DepotStages:
    """Keeps what is planned, and gives it back where an interrupted run has kept it.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where it is kept; nowhere by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def tours(self, name: str, plan: Callable[[], DispatchPlan]) -> DispatchPlan:
        """Tours of one search: those kept under the name, or planned now and kept."""
        if self._folder is None:
            return plan()
        path = self._folder / f"tours-{name}.json"
        stored = read_json(path)
        if stored is not None:
            return _TOURS.validate_python(stored)
        tours = plan()
        write_json(path, asdict(tours))
        return tours

    def power(
        self,
        name: str,
        site: MicrogridSite,
        requests: tuple[ChargingRequest, ...],
        solve: Callable[[], MicrogridPlan],
    ) -> MicrogridPlan:
        """Power flows for requests at a site: those kept under the name, or solved now and kept."""
        if self._folder is None:
            return solve()
        path = self._folder / f"power-{name}.npz"
        stored = read_arrays(path)
        if stored is not None:
            return MicrogridPlan(
                site=site,
                requests=requests,
                cost=float(stored["cost"]),
                is_proved=bool(stored["is_proved"]),
                **{flow: stored[flow] for flow in _FLOWS},
            )
        power = solve()
        arrays = {flow: getattr(power, flow) for flow in _FLOWS}
        figures = {"cost": np.asarray(power.cost), "is_proved": np.asarray(power.is_proved)}
        write_arrays(path, arrays | figures)
        return power
