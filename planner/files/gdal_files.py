"""GDAL on a leash: one driver at a time, no network, paths taken as they are.

GDAL picks the driver by a file's content, and knows formats that run through other files or fetch
addresses (pipelines, virtual layers); a text that only looks like a map is enough. pyogrio cannot
tell it which driver to use, so all others are signed off while a file is read.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_PROXY_VARIABLES = ("no_proxy", "NO_PROXY")
_SETTINGS = {
    # No such kind of proxy: every request fails at once. There is no switch for the network, and
    # GeoJSON may name its reference system by an address.
    "GDAL_HTTP_PROXY": "off://",
    "GDAL_HTTP_MAX_RETRY": "0",
    # Databases may call functions of GDAL's own, which open files, from views and columns.
    "OGR_SQLITE_PRAGMA": "trusted_schema=OFF",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    # What it finds goes into messages; its own lines on standard error would stand beside them.
    "CPL_LOG": os.devnull,
    # Side files *.aux.xml are nobody's map.
    "GDAL_PAM_ENABLED": "NO",
}

_ONE_AT_A_TIME = threading.RLock()
"""Drivers and settings are the process's: a server reads one file after the other."""


@contextmanager
def only_driver(name: str) -> Iterator[None]:
    """Let GDAL know no driver but one, and no network, as long as the block lasts.

    Parameters
    ----------
    name : str
        What GDAL calls the driver, for example ``GPKG``.

    Raises
    ------
    InputDataError
        If GDAL was built without the driver, or keeps others.
    """
    with _ONE_AT_A_TIME, _alone(name):
        yield


@contextmanager
def _alone(name: str) -> Iterator[None]:
    # GDAL takes a moment to import that studies without map files need not wait for.
    import pyogrio  # noqa: PLC0415
    from pyogrio._ogr import _register_drivers  # noqa: PLC0415

    settings = _SETTINGS | {
        "GDAL_SKIP": ",".join(one for one in pyogrio.list_drivers() if one != name)
    }
    before = {option: pyogrio.get_gdal_config_option(option) for option in settings}
    exceptions = {
        variable: os.environ.pop(variable)
        for variable in _NO_PROXY_VARIABLES
        if variable in os.environ
    }
    pyogrio.set_gdal_config_options(settings)
    try:
        _register_drivers()
        left = list(pyogrio.list_drivers())
        if left != [name]:
            msg = said(
                "expected a GDAL that reads {name} files with the driver {name} alone, found "
                "{value}. Install the planner's own versions.",
                name=name,
                value=", ".join(left) or "none",
            )
            raise InputDataError(msg)
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
        os.environ.update(exceptions)
        _register_drivers()


def gdal_path(path: Path) -> str:
    """A path as pyogrio and GDAL take it for nothing but a path, for reading.

    pyogrio reads ``!`` and ``;`` as its own signs, GDAL what begins with ``/vsi``.

    Raises
    ------
    InputDataError
        If it begins as GDAL's names of other file systems do.
    """
    plain = str(path.absolute())
    if plain.startswith("/vsi"):
        msg = said(
            "{path}: paths that begin with /vsi are GDAL's own. Move the file to another folder.",
            path=str(path),
        )
        raise InputDataError(msg)
    if any(sign in plain for sign in "!;"):
        # The file from its first byte on, under a name in which pyogrio looks for no signs.
        return f"/vsisubfile/0,{plain}"
    return plain
