"""Labels of a layer: rules that say which features are named at which scales, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from planner.reporting.gis.qgis_xml import data_defined, element, text_style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

_AROUND_POINT = "6"
_ALONG_LINE = "4"
_POSITIONS = "TR,R,BR,TL,L,BL,TSR,BSR"


@dataclass(frozen=True, slots=True)
class LabelRule:
    """Which features are named, at which scales, and how.

    Parameters
    ----------
    name : str
        What the rule is called.
    text : str
        Expression of the text.
    size_pt : float
        Font size, points.
    colour : str
        ``"r,g,b,alpha"``.
    features : str
        Expression that is true of the features named; all where empty.
    nearer_than : int
        Scale below which they are named (1:n); 0 for always.
    farther_than : int
        Scale above which they are named (1:n); 0 for always.
    bold : bool
        Bold letters.
    plate : str, optional
        Colour of a plate behind the text.
    is_line : bool
        Along lines, again every ``repeat_mm``; else beside points.
    repeat_mm : float
        Distance after which a line is named again, mm.
    distance_mm : float
        Distance of a text from its point, mm.
    wrap : int
        Letters after which a text goes on in the next line; 0 for never.
    expressions : mapping of str to str
        Properties that depend on the feature, for example ``Priority``.
    is_drawn : bool
        False for features that only keep the labels of others off.
    """

    name: str
    text: str
    size_pt: float
    colour: str
    features: str = ""
    nearer_than: int = 0
    farther_than: int = 0
    bold: bool = False
    plate: str | None = None
    is_line: bool = False
    repeat_mm: float = 0.0
    distance_mm: float = 1.0
    wrap: int = 0
    expressions: Mapping[str, str] = field(default_factory=dict)
    is_drawn: bool = True


def labeling(rules: Sequence[LabelRule]) -> etree._Element:
    """Labels of a layer.

    Parameters
    ----------
    rules : sequence of LabelRule
        At least one.

    Returns
    -------
    element
    """
    root = element("rules", {"key": _key("root")}, [_rule(rule) for rule in rules])
    return element("labeling", {"type": "rule-based"}, [root])


def _rule(rule: LabelRule) -> etree._Element:
    attributes = {"key": _key(rule.name), "description": rule.name}
    if rule.features:
        attributes["filter"] = rule.features
    if rule.nearer_than or rule.farther_than:
        # QGIS counts the denominator: the nearest scale has the smallest.
        attributes["scalemindenom"] = str(rule.farther_than)
        attributes["scalemaxdenom"] = str(rule.nearer_than)
    return element("rule", attributes, [_settings(rule)])


def _settings(rule: LabelRule) -> etree._Element:
    style = text_style(
        rule.size_pt,
        rule.colour,
        bold=rule.bold,
        halo_mm=0.0 if rule.plate else 0.6,
        plate=rule.plate,
        expression=rule.text,
    )
    text_format = {
        "wrapChar": "",
        "autoWrapLength": str(rule.wrap),
        "useMaxLineLengthForAutoWrap": "1",
        "multilineAlign": "3",
        "formatNumbers": "0",
        "addDirectionSymbol": "0",
        "plussign": "0",
        "decimals": "3",
    }
    placement = {
        "placement": _ALONG_LINE if rule.is_line else _AROUND_POINT,
        "placementFlags": "9" if rule.is_line else "10",
        "predefinedPositionOrder": _POSITIONS,
        "dist": f"{rule.distance_mm:g}",
        "distUnits": "MM",
        "offsetType": "1",
        "quadOffset": "4",
        "priority": "5",
        "repeatDistance": f"{rule.repeat_mm:g}",
        "repeatDistanceUnits": "MM",
        "rotationAngle": "0",
        "preserveRotation": "1",
        "xOffset": "0",
        "yOffset": "0",
    }
    rendering = {
        "drawLabels": "1" if rule.is_drawn else "0",
        "displayAll": "0",
        "obstacle": "1",
        "obstacleFactor": "1",
        "obstacleType": "1",
        "mergeLines": "1" if rule.is_line else "0",
        "labelPerPart": "0",
        "limitNumLabels": "0",
        "maxNumLabels": "2000",
        "minFeatureSize": "0",
        "scaleVisibility": "0",
        "fontLimitPixelSize": "0",
        "fontMinPixelSize": "0",
        "fontMaxPixelSize": "10000",
        "upsidedownLabels": "0",
        "zIndex": "0",
    }
    return element(
        "settings",
        children=[
            style,
            element("text-format", text_format),
            element("placement", placement),
            element("rendering", rendering),
            data_defined(rule.expressions, "dd_properties"),
        ],
    )


def _key(name: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, f'label rule {name}')}}}"
