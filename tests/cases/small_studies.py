"""Scenarios around one file of the cases; all else they need comes from the cases' own study."""

from tests.reference_data import case_path

DEPOT = """\
name: case
depot:
  month: 5
  year: 2026
  opens: "07:00"
  iterations: 5
  stops:
    path: {stops}
    ways: {{source: coordinates, latitude: 51.28, longitude: 9.45}}
  fleet: {{trucks: 2, vehicle: rigid-19t}}
  site:
    building: {{source: constant, kw: 20}}
    tariff: {{{tariff}}}
"""


def scenario(folder, network=None, sites=None, demand=None):
    """Write a scenario with these sections of YAML; of those left out, the cases' own."""
    base = case_path("public-reports/base")
    network = network or f"source: tables, nodes: {base}/nodes.csv, arcs: {base}/arcs.csv"
    sites = sites or f"source: table, path: {base}/sites.csv"
    demand = demand or f"source: od_table, path: {base}/od.csv, electrification_share: 0.01"
    text = f"name: case\nnetwork: {{{network}}}\nsites: {{{sites}}}\ndemand: {{{demand}}}\n"
    return _written(folder / "case.yaml", text)


def depot(folder, tariff):
    """Write a depot study with a tariff into a folder."""
    stops = case_path("public-reports/spot-utc/stops.csv")
    return _written(folder / "depot.yaml", DEPOT.format(stops=stops, tariff=tariff))


def _written(path, text):
    path.write_text(text, encoding="utf-8")
    return path
