"""Load of a building and PV power on given days, by quarter of an hour."""

from __future__ import annotations

import calendar
import datetime as dt
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.depot.weather_files import read_weather_year
from planner.depot.year_tables import read_year_columns
from planner.scenario.depot_site import (
    BuildingLoad,
    ClearSkyPv,
    ConstantLoad,
    Pv,
    StandardLoad,
    TablePv,
    WeatherPv,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.scenario.depot_site import TableLoad

_QUARTERS = 96
_HEAT_LOSS_PER_K = -0.004
"""What a module of crystalline silicon gives less per kelvin above 25 °C, share (pvwatts)."""


def building_load(
    section: BuildingLoad, day: dt.date, n_days: int = 1, *, typical: bool = True
) -> NDArray[np.float64]:
    """Load of a building.

    Parameters
    ----------
    day : datetime.date
        First day.
    n_days : int
        Number of days, >= 1.
    typical : bool
        Whether a table gives the mean of the month's days of the same kind, not the very day.

    Returns
    -------
    (96 n_days,) float64
        Mean power of each quarter of an hour, kW.

    Raises
    ------
    InputDataError
        If a table cannot be read, or is not a year.
    """
    if isinstance(section, ConstantLoad):
        return np.full(_QUARTERS * n_days, section.kw)
    if isinstance(section, StandardLoad):
        with _without_deprecations():
            return _standard_load(section, day, n_days)
    return _table_load(section, day, n_days, typical=typical)


def pv_power(
    section: Pv | None, day: dt.date, n_days: int = 1, *, typical: bool = True
) -> NDArray[np.float64]:
    """Power of photovoltaics.

    Parameters
    ----------
    day, n_days, typical
        As in :func:`building_load`.

    Returns
    -------
    (96 n_days,) float64
        Mean power of each quarter of an hour, kW, >= 0.

    Raises
    ------
    InputDataError
        If a table or weather file cannot be read, or is not a year.

    Notes
    -----
    pvlib: clear sky after Ineichen and Perez, irradiance on the tilted plane after Hay and Davies,
    modules after PVWatts.
    """
    if section is None:
        return np.zeros(_QUARTERS * n_days)
    if isinstance(section, ClearSkyPv):
        with _without_deprecations():
            return _clear_sky(section, day, n_days)
    if isinstance(section, TablePv):
        keys = section.table_keys("depot.site.pv")
        year = read_year_columns(section.path, keys, (section.column,), keys.key("column"))[
            section.column
        ]
        factor = section.kw_peak / 1000.0 if section.unit == "w_per_kw_peak" else 1.0
        kw = factor * year.to_numpy(dtype=float)
    else:
        with _without_deprecations():
            kw = _weather_year(section)
    return np.maximum(_days_of(_by_quarter(kw), day, n_days, None, typical=typical), 0.0)


@contextmanager
def _without_deprecations() -> Iterator[None]:
    """Silence what libraries call deprecated in libraries that they use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _standard_load(section: StandardLoad, day: dt.date, n_days: int) -> NDArray[np.float64]:
    from demandlib import bdew  # noqa: PLC0415  # brings a library that most studies need not load

    profile = {"g25": bdew.G25, "l25": bdew.L25, "h25": bdew.H25}[section.profile]
    year = pd.date_range(f"{day.year}-01-01", f"{day.year + 1}-01-01", freq="15min")[:-1]
    of_year = profile(year)
    days = pd.date_range(day, periods=_QUARTERS * n_days, freq="15min")
    shares = profile(days).to_numpy(dtype=float) / float(of_year.sum())
    return np.asarray(section.annual_kwh * shares * 4.0)


def _table_load(
    section: TableLoad, day: dt.date, n_days: int, *, typical: bool
) -> NDArray[np.float64]:
    names = tuple(section.columns)
    extra = () if section.day_type_column is None else (section.day_type_column,)
    keys = section.table_keys("depot.site.building")
    year = read_year_columns(section.path, keys, names + extra, keys.key("columns"))
    kw = sum(
        (factor * year[name].to_numpy(dtype=float) for name, factor in section.columns.items()),
        start=np.zeros(len(year)),
    )
    is_working = None
    if section.day_type_column is not None:
        kinds = _by_quarter(year[section.day_type_column].to_numpy(dtype=float))
        is_working = kinds.reshape(-1, _QUARTERS)[:, 0] <= 5
    return _days_of(_by_quarter(kw), day, n_days, is_working, typical=typical)


def _clear_sky(section: ClearSkyPv, day: dt.date, n_days: int) -> NDArray[np.float64]:
    from pvlib.location import Location  # noqa: PLC0415  # seconds of imports

    zone = dt.timezone(dt.timedelta(hours=section.utc_offset_h))
    place = Location(section.latitude, section.longitude, altitude=section.altitude_m)
    middle = pd.date_range(
        dt.datetime.combine(day, dt.time(0, 7, 30)),
        periods=_QUARTERS * n_days,
        freq="15min",
        tz=zone,
    )
    sky = place.get_clearsky(middle)
    on_plane = _on_plane(
        place.get_solarposition(middle), sky, section.tilt_deg, section.azimuth_deg
    )
    share = (1.0 - section.losses_share) * (1.0 - section.cloud_share)
    top = section.inverter_kw or section.kw_peak
    return np.minimum(section.kw_peak * share * on_plane / 1000.0, top)


def _weather_year(section: WeatherPv) -> NDArray[np.float64]:
    """Power of each hour, or part of it, of the file's year, (n_steps,) float64, kW."""
    from pvlib import pvsystem, temperature  # noqa: PLC0415  # seconds of imports
    from pvlib.location import Location  # noqa: PLC0415

    year = read_weather_year(section.path)
    weather = year.weather
    place = Location(year.latitude, year.longitude, altitude=year.altitude_m)
    on_plane = _on_plane(
        place.get_solarposition(weather.index), weather, section.tilt_deg, section.azimuth_deg
    )
    cell = temperature.sapm_cell(
        on_plane,
        weather["temp_air"].to_numpy(dtype=float),
        weather["wind_speed"].to_numpy(dtype=float),
        **temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"],
    )
    direct = pvsystem.pvwatts_dc(on_plane, cell, section.kw_peak, _HEAT_LOSS_PER_K)
    top = section.inverter_kw or section.kw_peak
    return np.minimum((1.0 - section.losses_share) * np.asarray(direct), top)


def _on_plane(
    position: pd.DataFrame, sky: pd.DataFrame, tilt_deg: float, azimuth_deg: float
) -> NDArray[np.float64]:
    """Irradiance on the modules, W/m²."""
    from pvlib import irradiance  # noqa: PLC0415  # seconds of imports

    total = irradiance.get_total_irradiance(
        tilt_deg,
        azimuth_deg,
        position["apparent_zenith"],
        position["azimuth"],
        sky["dni"],
        sky["ghi"],
        sky["dhi"],
        dni_extra=irradiance.get_extra_radiation(sky.index),
        model="haydavies",
    )
    on_plane = total["poa_global"].fillna(0.0).to_numpy(dtype=float)
    return np.asarray(np.maximum(on_plane, 0.0))


def _by_quarter(kw: NDArray[np.float64]) -> NDArray[np.float64]:
    """A year by quarter of an hour, from hours or quarters."""
    per_day = len(kw) // (366 if len(kw) % (366 * 24) == 0 else 365)
    return np.repeat(kw, _QUARTERS // per_day)


def _days_of(
    year_kw: NDArray[np.float64],
    first_day: dt.date,
    n_days: int,
    is_working: NDArray[np.bool_] | None,
    *,
    typical: bool,
) -> NDArray[np.float64]:
    """Some days of a year, or typical days of their months, (96 n_days,) float64.

    A leap day that the table lacks is the day before it.
    """
    by_day = year_kw.reshape(-1, _QUARTERS)
    has_leap_day = len(by_day) == 366
    found = []
    for number in range(n_days):
        day = first_day + dt.timedelta(days=number)
        if not typical:
            found.append(by_day[_row_of(day.month, day.day, has_leap_day=has_leap_day)])
            continue
        n_of_month = calendar.monthrange(2000 if has_leap_day else 2001, day.month)[1]
        first = _row_of(day.month, 1, has_leap_day=has_leap_day)
        of_month = by_day[first : first + n_of_month]
        if is_working is not None:
            wanted = is_working[first : first + n_of_month] == (day.weekday() < 5)
            of_month = of_month[wanted] if wanted.any() else of_month
        found.append(of_month.mean(axis=0))
    return np.concatenate(found)


def _row_of(month: int, day: int, *, has_leap_day: bool) -> int:
    year = 2000 if has_leap_day else 2001
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day, last)).timetuple().tm_yday - 1
