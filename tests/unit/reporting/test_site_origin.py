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
        ({"source": "builtin", "network": "policy"}, "computed.*none is taken", "berechnet"),
        ({"source": "builtin", "network": "extended"}, "extended network adds", "erweiterte Netz"),
        ({"source": "spacing"}, "computed by the rule", "nach der Regel"),
        ({"source": "table"}, "given by you", "von Ihnen vorgegeben"),
        ({"source": "osm"}, "OpenStreetMap", "OpenStreetMap"),
    ],
)
def test_every_source_of_sites_says_what_it_is(sites, said, auf_deutsch):
    assert re.search(said, site_origin(sites, ENGLISH))
    assert auf_deutsch in site_origin(sites, GERMAN)
