"""Where assumptions come from that no parameter set gives a source of."""

from __future__ import annotations

STUDY = "Fadranski, Tietz, Göhlich 2026"
OWN = "this planner"
SCENARIO = "scenario"
COUNTS = (
    "computed from counts of heavy vehicles on motorways, 2018 to 2022, Bundesanstalt für "
    "Straßenwesen"
)
