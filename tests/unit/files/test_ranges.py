import numpy as np
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.files.ranges import ARC_KM, FREE_SPEED_KMH, LAT_DEG, TRUCKS_PER_YEAR

TABLE = pd.DataFrame(index=pd.Index([2, 3, 4], name="row"))


@pytest.mark.parametrize("value", [1e20, 0.0, -1.0, np.inf, -np.inf, 1e-300])
def test_impossible_lengths_are_told_with_file_row_range_and_what_was_found(value):
    expected = r"^a\.csv: length_km must be given, from 1e-06 to 5,000 km, found .*; see row 3\. "
    with pytest.raises(InputDataError, match=expected) as refused:
        ARC_KM.check(TABLE, "length_km", np.array([1.0, value, 5.0]), "a.csv")
    assert f"found {value:g};" in str(refused.value)


@pytest.mark.parametrize(
    ("possible", "inside", "outside"),
    [
        (FREE_SPEED_KMH, [1.0, 400.0], [1e-300, 1e300]),
        (LAT_DEG, [-90.0, 90.0], [513.0, -90.1]),
        (TRUCKS_PER_YEAR, [0.0, 1e9], [1e300, -0.1]),
    ],
)
def test_the_bounds_of_a_range_belong_to_it(possible, inside, outside):
    assert possible.holds(inside).all()
    assert not possible.holds([*outside, np.nan]).any()


def test_empty_cells_are_refused_unless_they_may_be_empty():
    values = np.array([1.0, np.nan, np.nan])
    with pytest.raises(InputDataError, match="found nothing; see rows 3, 4"):
        FREE_SPEED_KMH.check(TABLE, "speed", values, "a.csv")
    FREE_SPEED_KMH.check(TABLE, "speed", values, "a.csv", may_be_empty=True)


def test_a_range_is_told_in_the_unit_of_the_file():
    with pytest.raises(InputDataError, match=r"from 0\.001 to 5,000,000 m, found 6,000,000"):
        ARC_KM.scaled(0.001, "m").check(TABLE, "length", np.array([6e6, 1.0, 1.0]), "a.csv")
