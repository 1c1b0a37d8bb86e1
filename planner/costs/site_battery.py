"""The grid connection of a site, with a battery where that costs less than the power it saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.costs.site_costs import (
    HIGH_USE_H,
    STATION_KW,
    annuity_share,
    connection_eur,
    electricity_eur_year,
)
from planner.depot.microgrid_site import STEP_H, DemandTerm
from planner.depot.storage_sizing import least_cost_storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.depot.microgrid_site import StorageSizing

_LEAST_KWH = 1e-3
"""Less is the solver's rounding, no battery."""


class Kind(NamedTuple):
    """A kind of connection: the most it carries (infinite for the last), and its own cost, EUR."""

    name: str
    up_to_kw: float
    fixed_eur: float


@dataclass(frozen=True, slots=True)
class Connection:
    """A site's connection, and the battery behind it.

    Parameters
    ----------
    kind : str
        Kind of connection; empty where nothing is drawn.
    power_kw : float
        Highest mean of 15 min from the grid.
    bought_kwh_year : float
        Energy bought, losses included.
    battery_kwh, battery_kw : float
        Size of the battery; 0 without one.
    grid_eur_year, electricity_eur_year, battery_eur_year : float
        Connection with its upkeep; energy and grid fees; battery with its upkeep.
    """

    kind: str = ""
    power_kw: float = 0.0
    bought_kwh_year: float = 0.0
    battery_kwh: float = 0.0
    battery_kw: float = 0.0
    grid_eur_year: float = 0.0
    electricity_eur_year: float = 0.0
    battery_eur_year: float = 0.0

    @property
    def eur_year(self) -> float:
        """All that depends on the connection, a year."""
        return self.grid_eur_year + self.electricity_eur_year + self.battery_eur_year


@dataclass(frozen=True, slots=True)
class ConnectionPrices:
    """What connections and batteries cost.

    Parameters
    ----------
    value : mapping
        Value of each factor of a :class:`~planner.scenario.infrastructure_costs.CostSet`, by name.
    kinds : sequence of Kind
        The smallest first, the last without a bound.
    sizing : StorageSizing
        Prices of a year of battery.
    efficiency_share : float
        Round trip of the battery.
    n_days : float
        Days that a load covers.
    """

    value: Mapping[str, float]
    kinds: Sequence[Kind]
    sizing: StorageSizing
    efficiency_share: float
    n_days: float

    def without_battery(self, load_kw: NDArray[np.float64]) -> Connection:
        """Connection that carries the load itself.

        Parameters
        ----------
        load_kw : (n_steps,) float64
            Power that trucks draw, mean of each 15 min.
        """
        return self._priced(load_kw, 0.0, 0.0)

    def least_cost(self, load_kw: NDArray[np.float64]) -> Connection:
        """Connection of the least cost, with a battery or without.

        The model is linear in the power of a connection. Its kind, and the grid fee of high or of
        low use, are tried one by one: each gives a plan that is priced as it is.
        """
        plain = self.without_battery(load_kw)
        if plain.power_kw <= 0.0:
            return plain
        options = [plain, *self._options(load_kw, plain.power_kw)]
        return min(options, key=lambda each: each.eur_year)

    def _options(self, load_kw: NDArray[np.float64], peak_kw: float) -> Iterator[Connection]:
        value = self.value
        of_grid = self._share_of_grid_year()
        year = value["days_a_year"] / self.n_days
        planned = 1.0 + value["planning_share"]
        always = np.ones(len(load_kw), dtype=np.bool_)
        bought_kwh = float(load_kw.sum()) * STEP_H * year / value["efficiency_share"]
        bounds = [kind.up_to_kw for kind in self.kinds if kind.up_to_kw < peak_kw]
        for use in ("low", "high"):
            # A peak at which the site has the hours of high use, whatever the battery loses.
            most_kw = bought_kwh / HIGH_USE_H if use == "high" else np.inf
            per_kw = planned * of_grid * value["connection_eur_kw"]
            terms = (
                DemandTerm("power", per_kw + value[f"{use}_use_eur_kw_year"], always),
                DemandTerm(
                    "station", planned * of_grid * value["station_eur_kw"], always, STATION_KW
                ),
            )
            price = value["energy_eur_kwh"] + value[f"{use}_use_eur_kwh"]
            for bound_kw in [*bounds, np.inf]:
                sized = least_cost_storage(
                    load_kw,
                    price * year / value["efficiency_share"],
                    terms,
                    self.sizing,
                    self.efficiency_share,
                    min(bound_kw, most_kw),
                )
                if sized is not None and sized.capacity_kwh > _LEAST_KWH:
                    yield self._priced(sized.import_kw, sized.capacity_kwh, sized.power_kw)

    def _share_of_grid_year(self) -> float:
        """What a connection costs a year, as a share of what it costs to build."""
        value = self.value
        share = annuity_share(value["interest_share"], value["works_life_years"])
        return share + value["grid_upkeep_share"]

    def _priced(
        self, import_kw: NDArray[np.float64], battery_kwh: float, battery_kw: float
    ) -> Connection:
        value = self.value
        power_kw = float(import_kw.max(initial=0.0))
        if power_kw <= 0.0:
            return Connection()
        year = value["days_a_year"] / self.n_days
        bought_kwh = float(import_kw.sum()) * STEP_H * year / value["efficiency_share"]
        # A bound of a kind is kept to the solver's last digit.
        kind = next(each for each in self.kinds if power_kw <= each.up_to_kw * (1.0 + 1e-9))
        build_eur = float(connection_eur(np.array(power_kw), value))
        build_eur += (1.0 + value["planning_share"]) * kind.fixed_eur
        return Connection(
            kind.name,
            power_kw,
            bought_kwh,
            battery_kwh,
            battery_kw,
            self._share_of_grid_year() * build_eur,
            float(electricity_eur_year(np.array(power_kw), np.array(bought_kwh), value)),
            battery_kwh * self.sizing.price_per_kwh + battery_kw * self.sizing.price_per_kw,
        )
