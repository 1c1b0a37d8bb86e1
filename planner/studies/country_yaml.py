"""The scenario file that `planner country` writes."""

from __future__ import annotations

from dataclasses import dataclass

from planner.network.european_roads import EUROPEAN_ROADS_ATTRIBUTION

_HEAD = """\
# {title}: how many truck charging points along its main roads, and where?
# Made with:  planner country {command}
#   planner validate {file}     checks it without running
#   planner run {file}          plans it; the result lands in outputs/{name}
name: {name}
description: {title}, battery-electric long-haul trucks along the main roads
seed: 1

"""
_EUROPEAN_ROADS = """\
# The roads: what lies in the country of the light European network that comes with the planner,
# E-roads and further motorways. Lengths are good to some percent, within ten for single ways;
# trucks are taken to drive as fast as on a motorway on all of them.
network:
  source: tables
  attribution: {attribution}
  licence: ODbL-1.0
  nodes: nodes.csv
  arcs: arcs.csv                  # a row per road
  two_way: true
  contract: false

"""
_OSM_ROADS = """\
# The roads: the motorways of an OpenStreetMap extract.
network:
  source: osm
  where_to_get: >-
    {where_to_get}
  attribution: © OpenStreetMap contributors
  licence: ODbL-1.0
  path: {roads}
  include_trunk: {trunk}            # whether trunk roads belong to it, beside motorways

"""
_ETISPLUS_ROADS = """\
# The roads: a folder of the European synthetic truck-flow data set.
network:
  source: etisplus
  attribution: >-
    Speth, Sauter, Plötz, Signer: synthetic European road freight transport flow data
    (doi 10.17632/py2zkrb65h)
  licence: CC-BY-4.0
  path: {roads}

"""
_SPACING_SITES = """\
# Where charging points may stand: places at most {spacing_km:g} km apart along every road. The
# European regulation AFIR asks for 60 km on the core network and 100 km on the comprehensive one
# by the end of 2030. Real places are better: {{source: table, path: my_sites.csv}}.
sites: {{source: spacing, spacing_km: {spacing_km:g}}}

"""
_OSM_SITES = """\
# Where charging points may stand: the rest areas and services of the extract. Instead of them,
# places as the European regulation AFIR asks for: {{source: spacing, spacing_km: 60}}
sites:
  source: osm
  attribution: © OpenStreetMap contributors
  licence: ODbL-1.0
  path: {roads}

"""
_MODEL_DEMAND = """\
# The freight, by a gravity model on inhabitants that is fitted to Germany: an assumption for any
# other country (figures: config/european_freight.yaml of the planner). zones.csv places origins and
# destinations: towns with those around them, and what lies beyond each border crossing (gateway)
# with the km that are driven there. trucks.csv may be changed, or replaced by counted flows.
demand:
  source: od_table
  attribution: towns by GeoNames, borders by Natural Earth, trips computed
  licence: CC-BY-4.0
  path: trucks.csv                # all trucks a year; trips of {shortest_km:g} km and more
  zones: zones.csv
"""
_OD_DEMAND = """\
# The freight: trucks a year between zones of Europe; those that pass by elsewhere are left out.
demand:
  source: od_table
  attribution: >-
    Speth, Sauter, Plötz, Signer: synthetic European road freight transport flow data
    (doi 10.17632/py2zkrb65h)
  licence: CC-BY-4.0
  path: {od}
  zones: {zones}
  border:
    nodes: [{crossings}]
"""
_REST = """\
  electrification_share: {share:g}
  days: [mon, tue, wed, thu]      # departures follow the German profile of the week and the day
  min_distance_km: 300            # whole trips, abroad included; the model is fitted from here on

vehicles:
  mix: {{long-haul-600: 1.0}}       # names from the planner's config/vehicles.yaml
driver_rules: eu-561-flat         # 45 min break after 4.5 h, 11 h rest after 9 h of driving
optimization: {{population: 100, max_generations: 500}}
"""


@dataclass(frozen=True, slots=True)
class StudyTexts:
    """What differs from study to study.

    Parameters
    ----------
    title : str
        Names of the countries.
    command : str
        What was asked of the command line.
    roads : str
        Path of an extract or a folder; empty for the European roads.
    is_extract : bool
        Whether it is an extract of OpenStreetMap.
    at_rest_areas : bool
        Whether sites are the extract's rest areas.
    od, zones : str
        Paths of a table of flows and its zones; empty for the model.
    crossings : tuple of str
        Nodes at the border, for such a table.
    """

    name: str
    title: str
    command: str
    file: str
    share: float
    spacing_km: float
    shortest_km: float
    roads: str = ""
    is_extract: bool = False
    include_trunk: bool = False
    at_rest_areas: bool = False
    where_to_get: str = ""
    od: str = ""
    zones: str = ""
    crossings: tuple[str, ...] = ()


def study_yaml(texts: StudyTexts) -> str:
    """Text of the scenario file."""
    roads = _EUROPEAN_ROADS
    if texts.roads:
        roads = _OSM_ROADS if texts.is_extract else _ETISPLUS_ROADS
    sites = _OSM_SITES if texts.at_rest_areas else _SPACING_SITES
    demand = _OD_DEMAND if texts.od else _MODEL_DEMAND
    return (_HEAD + roads + sites + demand + _REST).format(
        name=texts.name,
        title=texts.title,
        command=texts.command,
        file=texts.file,
        share=texts.share,
        spacing_km=texts.spacing_km,
        shortest_km=texts.shortest_km,
        attribution=EUROPEAN_ROADS_ATTRIBUTION,
        roads=_quoted(texts.roads),
        trunk="true" if texts.include_trunk else "false",
        where_to_get=texts.where_to_get,
        od=_quoted(texts.od),
        zones=_quoted(texts.zones),
        crossings=", ".join(map(_quoted, texts.crossings)),
    )


def _quoted(text: str) -> str:
    """Text as YAML keeps it whatever signs it has."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
