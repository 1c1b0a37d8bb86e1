"""MATSim's ``chargers.xml``: chargers on links, in both dialects that its readers know."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import Element

from planner.errors import InputDataError
from planner.network.safe_xml import iterate_xml
from planner.reporting.matsim.elements import document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Dialect = Literal["plug_power", "power"]
"""``plug_power`` and ``plug_count`` as MATSim's DTD has them, or ``power`` and ``capacity`` as in
its earlier versions."""

_ATTRIBUTES: dict[Dialect, tuple[str, str]] = {
    "plug_power": ("plug_power", "plug_count"),
    "power": ("power", "capacity"),
}
_DEFAULT_TYPE = "default"


@dataclass(frozen=True, slots=True)
class MatsimCharger:
    """Charging points of one kind on one link.

    Parameters
    ----------
    charger_id : str
        Unique name.
    link_id : str
        Link of the network.
    kind : str
        MATSim's charger type, which a vehicle must accept.
    plug_kw : float
        Power of each point, kW, > 0.
    n_plugs : int
        Points, >= 1.
    """

    charger_id: str
    link_id: str
    kind: str
    plug_kw: float
    n_plugs: int


def write_chargers(chargers: Iterable[MatsimCharger], path: Path, dialect: Dialect) -> None:
    """Write ``chargers.xml``.

    Parameters
    ----------
    chargers : iterable of MatsimCharger
    path : pathlib.Path
        The file, ``.xml`` or ``.xml.gz``.
    dialect : {"plug_power", "power"}
        Names of the attributes.
    """
    power, count = _ATTRIBUTES[dialect]
    with document(path, "chargers", dtd="chargers_v1.dtd") as xml:
        for charger in chargers:
            xml.write(
                Element(
                    "charger",
                    {
                        "id": charger.charger_id,
                        "link": charger.link_id,
                        "type": charger.kind,
                        power: repr(float(charger.plug_kw)),
                        count: str(charger.n_plugs),
                    },
                )
            )


def read_chargers(path: Path) -> list[MatsimCharger]:
    """Read ``chargers.xml`` in either dialect, also where a file mixes them.

    Parameters
    ----------
    path : pathlib.Path
        The file, compressed or not.

    Returns
    -------
    list of MatsimCharger
        In the order of the file; a charger without a type has MATSim's ``"default"``, one without
        a count has one point.

    Raises
    ------
    InputDataError
        If the file is missing, broken or uses entities, or a charger lacks an id, a link or a
        power, repeats an id, or has a power or count that is not positive.
    """
    chargers: dict[str, MatsimCharger] = {}
    for element in iterate_xml(path, {"charger"}, root="chargers"):
        charger = _charger(element, f"{path}: charger {len(chargers) + 1}")
        if charger.charger_id in chargers:
            msg = f"{path}: the id {charger.charger_id!r} stands here twice; remove one of them"
            raise InputDataError(msg)
        chargers[charger.charger_id] = charger
    return list(chargers.values())


def _charger(element: Element, where: str) -> MatsimCharger:
    power_name = "plug_power" if "plug_power" in element.attrib else "power"
    count_name = "plug_count" if "plug_count" in element.attrib else "capacity"
    for name in ("id", "link", power_name):
        if not element.get(name):
            msg = f"{where}: expected the attributes id, link and plug_power; {name} is missing"
            raise InputDataError(msg)
    count = _positive(element.get(count_name, "1"), where, count_name)
    if count != int(count):
        msg = f"{where}: expected a whole number as {count_name}; found {count}"
        raise InputDataError(msg)
    return MatsimCharger(
        charger_id=element.attrib["id"],
        link_id=element.attrib["link"],
        kind=element.get("type", _DEFAULT_TYPE),
        plug_kw=_positive(element.attrib[power_name], where, power_name),
        n_plugs=int(count),
    )


def _positive(text: str, where: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value < math.inf:
        msg = f"{where}: expected a {name} above 0; found {text!r}"
        raise InputDataError(msg)
    return value
