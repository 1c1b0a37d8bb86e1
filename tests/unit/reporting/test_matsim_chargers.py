"""Charger files of MATSim: written and read in both dialects, refused where broken."""

import pytest

from planner.errors import InputDataError
from planner.reporting.matsim.chargers import MatsimCharger, read_chargers, write_chargers
from tests.unit.reporting.matsim_schemas import CHARGERS_DTD, assert_valid

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


@pytest.mark.parametrize(
    ("charger", "message"),
    [
        ('<charger id="1" plug_power="1"/>', "link is missing"),
        ('<charger id="1" link="2"/>', "power is missing"),
        ('<charger id="1" link="2" plug_power="0"/>', "plug_power above 0; found '0'"),
        ('<charger id="1" link="2" power="nan"/>', "power above 0; found 'nan'"),
        ('<charger id="1" link="2" power="9" capacity="1.5"/>', "whole number"),
        ('<charger id="1" link="2" power="9"/>' * 2, "'1' stands here twice"),
        ("<charger", "not well-formed"),
    ],
)
def test_broken_chargers_are_refused(tmp_path, charger, message):
    (tmp_path / "chargers.xml").write_text(f"<chargers>{charger}</chargers>")
    with pytest.raises(InputDataError, match=message):
        read_chargers(tmp_path / "chargers.xml")


def test_published_chargers_of_both_dialects_are_read(reference_data):
    unlimited = read_chargers(reference_data / "germany_bet_plans" / "BETs_Chargers_unlimited.xml")
    assert {(each.kind, each.plug_kw, each.n_plugs) for each in unlimited} == {("DC", 720.0, 100)}
    older = read_chargers(reference_data / "matsim_fixtures" / "ev_contrib_chargers.xml")
    assert [(each.charger_id, each.kind, each.n_plugs) for each in older] == [
        ("charger1", "default", 5),
        ("charger2", "default", 5),
        ("charger3", "default", 5),
    ]
