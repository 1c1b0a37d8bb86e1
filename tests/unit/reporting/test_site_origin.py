"""Nobody may take a computed site for a planned one."""

from __future__ import annotations

import re

import pytest

from planner.reporting.site_origin import site_origin
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.mark.parametrize(
    ("sites", "said", "auf_deutsch"),
    [
        (
            {"source": "builtin", "network": "policy"},
            "official.*Computed are the carriageways served, .*parking spaces",
            "amtlich.*Berechnet sind",
        ),
        (
            {"source": "builtin", "network": "extended"},
            "extended network.*official list.*computed",
            "erweiterte Netz.*amtliche Liste.*berechnet",
        ),
        (
            {"source": "table", "direction": "one", "off_road_km": 0.25},
            r"given by you.*assumed: the carriageway beside it.*0\.25 km",
            "von Ihnen vorgegeben.*angenommen: die Richtungsfahrbahn daneben.*0,25 km",
        ),
        ({"source": "spacing"}, "computed by the rule", "nach der Regel"),
        ({"source": "table"}, "given by you", "von Ihnen vorgegeben"),
        ({"source": "osm"}, "OpenStreetMap", "OpenStreetMap"),
    ],
)
def test_every_source_of_sites_says_what_it_is(sites, said, auf_deutsch):
    assert re.search(said, site_origin(sites, ENGLISH))
    assert re.search(auf_deutsch, site_origin(sites, GERMAN))
