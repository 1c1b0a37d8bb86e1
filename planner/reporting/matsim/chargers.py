"""MATSim's ``chargers.xml``: chargers on links, in both dialects that its readers know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import Element

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


@dataclass(frozen=True, slots=True)
class MatsimCharger:
    """Charging points of one kind on one link.

    Parameters
    ----------
    charger_id : str
        Unique name.
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
