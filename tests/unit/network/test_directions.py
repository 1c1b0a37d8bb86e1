import math

import pytest

from planner.network.directions import read_direction, side_vector


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("both", "both"),
        ("Beide", "both"),
        ("one", "one"),
        ("einseitig", "one"),
        ("N", "north"),
        ("Süd", "south"),
        ("Sued", "south"),
        ("Ost", "east"),
        ("SO", "135°"),
        ("south-east", "135°"),
        ("NNO", None),
        # Traffic to the north keeps right: its rest areas lie on the east.
        ("northbound", "east"),
        ("Richtung Norden", "east"),
        ("Fahrtrichtung Südwest", "315°"),
        ("0", "east"),
        ("270°", "north"),
        ("360", "east"),
        ("12.5", "102.5°"),
        ("361", None),
        ("-90", None),
        ("nan", None),
        ("up", None),
        ("", None),
        ("bothbound", None),
    ],
)
def test_directions_are_read_as_people_write_them(text, read):
    assert read_direction(text) == read


@pytest.mark.parametrize(
    ("direction", "vector"),
    [
        ("both", None),
        ("one", None),
        ("north", (0.0, 1.0)),
        ("east", (1.0, 0.0)),
        ("135°", (math.sqrt(0.5), -math.sqrt(0.5))),
    ],
)
def test_sides_look_where_the_compass_says(direction, vector):
    found = side_vector(direction)
    assert found == (vector if vector is None else pytest.approx(vector, abs=1e-12))
