import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.grid_units import grid_connections_kw

NAN = np.nan


@pytest.mark.parametrize(
    ("values", "column", "unit", "kw"),
    [
        ([2200.0, NAN, 0.0], "grid_connection_kw", None, [2200.0, NAN, 0.0]),
        ([2.2, 25.52], "grid_connection_mw", None, [2200.0, 25520.0]),
        ([2.2, NAN], "Netzanschluss [MW]", None, [2200.0, NAN]),
        ([4.0], "grid", "MW", [4000.0]),
        ([4000.0], "Scheinleistung (kVA)", None, [3800.0]),
        ([4.0], "power_mva", "MVA", [3800.0]),
        # One weak site among strong ones is a weak site, not another unit.
        ([50.0, 9000.0], "grid", None, [50.0, 9000.0]),
        ([NAN, NAN], "grid", None, [NAN, NAN]),
    ],
)
def test_the_setting_or_the_header_says_the_unit(values, column, unit, kw):
    found = grid_connections_kw(np.array(values), column, unit, "sites.csv")
    np.testing.assert_allclose(found, kw)


@pytest.mark.parametrize(
    ("values", "column", "unit", "said"),
    [
        ([2.2, 25.5], "grid", None, r"'grid' holds 2.2 to 25.5 kW.*look like MW.*grid_connection_"),
        ([2_200_000.0], "grid_kw", None, r"2,200,000 kW.*check the unit"),
        ([2200.0, 9000.0], "grid", "MW", r"holds 2,200 to 9,000 MW.*look like kW"),
        ([2200.0], "grid_kva", "kW", r"'grid_kva' names kVA, sites\.grid_connection_unit says kW"),
        ([2200.0], "Leistung in W", None, r"'Leistung in W' must be in kW, MW, kVA, MVA"),
    ],
)
def test_a_unit_that_cannot_be_meant_is_named(values, column, unit, said):
    with pytest.raises(InputDataError, match=said):
        grid_connections_kw(np.array(values), column, unit, "sites.csv")
