"""Charger files of MATSim: the same chargers in both dialects."""

import pytest

from planner.reporting.matsim.chargers import MatsimCharger, write_chargers
from tests.unit.reporting.matsim_schemas import CHARGERS_DTD, assert_valid, read_chargers

CHARGERS = [
    MatsimCharger("hpc_1", "a&b", "HPC", 1000.0, 3),
    MatsimCharger('"2"', "l<2", "default", 720.5, 1),
]


@pytest.mark.parametrize("dialect", ["plug_power", "power"])
@pytest.mark.parametrize("name", ["chargers.xml", "chargers.xml.gz"])
def test_chargers_survive_writing_and_reading_in_both_dialects(tmp_path, dialect, name):
    write_chargers(CHARGERS, tmp_path / name, dialect)
    assert read_chargers(tmp_path / name) == CHARGERS


@pytest.mark.parametrize("dialect", ["plug_power", "power"])
def test_chargers_are_valid_in_both_dialects(tmp_path, dialect):
    write_chargers(CHARGERS, tmp_path / "chargers.xml", dialect)
    assert_valid(tmp_path / "chargers.xml", CHARGERS_DTD[dialect])
