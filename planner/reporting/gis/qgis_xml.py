"""What a project needs besides its templates: names of layers, coordinate systems, files."""

from __future__ import annotations

from lxml import etree
from pyproj import CRS

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


def layer_id(layer: str) -> str:
    """Name of a layer within a project; QGIS replaces one of less than ten letters."""
    return f"plan_layer_{layer}"


def document(root: etree._Element) -> bytes:
    """Document of a root element, as QGIS writes it: with its doctype, indented, UTF-8."""
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", doctype=_DOCTYPE)
    return written + b"\n"


def spatial_reference(crs: str) -> etree._Element:
    """Coordinate system, in full: QGIS takes no project with the mere number of one.

    Parameters
    ----------
    crs : str
        Authority and code, for example ``"EPSG:3035"``.
    """
    system = CRS.from_user_input(crs)
    authority, code = crs.split(":")
    values = {
        "wkt": system.to_wkt("WKT2_2019"),
        "srid": code if authority == "EPSG" else "0",
        "authid": crs,
        "description": system.name,
        "geographicflag": "true" if system.is_geographic else "false",
    }
    made = etree.Element("spatialrefsys")
    for tag, text in values.items():
        etree.SubElement(made, tag).text = text
    return made
