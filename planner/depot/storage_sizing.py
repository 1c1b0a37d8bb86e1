"""The battery with which a load costs least: the microgrid's model with its size left open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.microgrid_model import MicrogridModel
from planner.depot.microgrid_site import STEP_H, MicrogridSite, Storage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.depot.microgrid_site import DemandTerm, StorageSizing


@dataclass(frozen=True, slots=True)
class SizedStorage:
    """A battery of the least cost.

    Parameters
    ----------
    capacity_kwh, power_kw : float
        Its size; 0 where none is built.
    import_kw : (n_steps,) float64
        Power from the grid.
    cost : float
        Energy, peaks and battery, as priced.
    """

    capacity_kwh: float
    power_kw: float
    import_kw: NDArray[np.float64]
    cost: float


def least_cost_storage(
    load_kw: NDArray[np.float64],
    price_kwh: float,
    demand: Sequence[DemandTerm],
    sizing: StorageSizing,
    efficiency_share: float,
    max_import_kw: float = np.inf,
) -> SizedStorage | None:
    """Size a battery for a load in steps of 15 min, full at the begin and at the end.

    Parameters
    ----------
    load_kw : (n_steps,) float64
        What the site draws, mean of each step, >= 0.
    price_kwh : float
        Price of a kWh drawn from the grid, >= 0.
    demand : sequence of DemandTerm
        Prices on the peak.
    efficiency_share : float
        Round trip of the battery, half of the loss at either end.
    max_import_kw : float
        Most that the connection gives.

    Returns
    -------
    SizedStorage or None
        None where no battery keeps the load within the connection.
    """
    most_kw = float(load_kw.max(initial=0.0))
    one_way = float(np.sqrt(efficiency_share))
    # No battery needs to hold more than all energy, or to give more than the peak; it may take in
    # as much as the connection has left.
    most_kwh = float(load_kw.sum()) * STEP_H / (one_way * sizing.usable_share) + 1.0
    nothing = np.zeros(len(load_kw))
    site = MicrogridSite(
        load_kw=load_kw,
        pv_kw=nothing,
        import_price=np.full(len(load_kw), price_kwh),
        export_price=nothing,
        demand=tuple(demand),
        storage=Storage(
            capacity_kwh=most_kwh,
            initial_kwh=0.0,
            least_kwh=0.0,
            most_kwh=most_kwh,
            least_final_kwh=0.0,
            charge_kw=most_kw,
            discharge_kw=most_kw,
            charge_efficiency=one_way,
            discharge_efficiency=one_way,
            sizing=sizing,
        ),
        n_chargers=0,
        charger_kw=0.0,
        charger_efficiency=1.0,
        truck_kw=np.zeros(0),
        max_import_kw=max_import_kw,
        max_export_kw=0.0,
    )
    model = MicrogridModel(site, ())
    if not model.run():
        return None
    capacity_kwh, power_kw = model.storage_size()
    return SizedStorage(capacity_kwh, power_kw, model.flows()["import_kw"], model.objective)
