"""Tariffs of the US rate database: every part is billed or refused by name, never ignored."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import time

import pytest

from planner.depot.depot_inputs import read_tariff_of
from planner.depot.urdb import read_urdb
from planner.errors import InputDataError
from planner.files.reading_notes import reading_notes
from planner.scenario.depot_site import DepotSite
from tests.languages import GERMAN

JULY_WEDNESDAY = dt.date(2026, 7, 15)
JULY_SUNDAY = dt.date(2026, 7, 19)
NIGHT_AND_DAY = [[0] * 16 + [1] * 5 + [0] * 3] * 12


def urdb_item(**changes):
    item = {
        "label": "abc",
        "name": "General service",
        "startdate": 1735689600,
        "energyratestructure": [
            [
                {"rate": 0.10, "adj": 0.01, "max": 1000, "unit": "kWh"},
                {"rate": 0.08, "unit": "kWh"},
            ],
            [{"rate": 0.25, "sell": 0.05, "unit": "kWh"}],
        ],
        "energyweekdayschedule": NIGHT_AND_DAY,
        "energyweekendschedule": [[0] * 24] * 12,
        "flatdemandstructure": [[{"rate": 5.0}], [{"rate": 9.0}]],
        "flatdemandmonths": [0] * 5 + [1] * 4 + [0] * 3,
        "demandratestructure": [[{"rate": 0}], [{"rate": 12.5}]],
        "demandweekdayschedule": NIGHT_AND_DAY,
        "demandweekendschedule": [[0] * 24] * 12,
        "demandwindow": 30,
        "fixedchargefirstmeter": 42.5,
        "fixedchargeunits": "$/month",
    }
    return item | changes


def written(tmp_path, document):
    path = tmp_path / "urdb.json"
    content = document if isinstance(document, str | bytes) else json.dumps(document)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def urdb(tmp_path, document, label=None):
    return read_urdb(written(tmp_path, document), label)


def test_urdb_tariff_is_read(tmp_path):
    tariff = urdb(tmp_path, {"items": [urdb_item()]})
    assert tariff.effective == dt.date(2025, 1, 1)
    price = tariff.import_price(JULY_WEDNESDAY, 1)
    assert (price[4 * 15], price[4 * 16]) == (pytest.approx(0.11), pytest.approx(0.25))
    assert tariff.import_price(JULY_SUNDAY, 1).max() == pytest.approx(0.11)
    assert tariff.export_price(JULY_WEDNESDAY, 1)[4 * 16] == pytest.approx(0.05)
    terms = {term.name: term.price_per_kw for term in tariff.demand_terms(JULY_WEDNESDAY, 1, {})}
    assert terms == pytest.approx({"demand period 1": 12.5 / 31, "flat demand 1": 9.0 / 31})
    assert tariff.demand_interval_min == 30


def test_urdb_adjustments_by_month(tmp_path):
    item = urdb_item(fueladjustmentsmonthly=[0.01 * month for month in range(12)])
    tariff = urdb(tmp_path, [item])
    assert tariff.import_price(JULY_WEDNESDAY, 1)[0] == pytest.approx(0.11 + 0.06)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"energyratestructure": "none"}, "energyratestructure: expected a list of periods"),
        ({"energyweekdayschedule": [[0] * 24] * 11}, "24 hours, each the number of a period"),
        ({"energyweekdayschedule": [[0] * 12] * 24}, "found '24 rows of 12 values'"),
        ({"energyweekdayschedule": [[7] * 24] * 12}, "numbers of periods, 0 to 1, found '7'"),
        ({"energyweekdayschedule": [[0.5] * 24] * 12}, "expected a whole number, found '0.5'"),
        ({"energyweekdayschedule": [[True] * 24] * 12}, "expected a number, found 'True'"),
        ({"energyratestructure": [[{"rate": 1, "unit": "kWh/kW"}]] * 2}, "found 'kWh/kW'"),
        ({"energyratestructure": [[{"rate": 1, "unit": "kWh daily"}]] * 2}, "found 'kWh daily'"),
        ({"energyratestructure": [[{"rate": "x"}]] * 2}, "expected a number, found 'x'"),
        ({"energyratestructure": [[{"rate": "\uff11"}]] * 2}, "expected a number"),
        ({"energyratestructure": [[{"rate": "1_0"}]] * 2}, "expected a number, found '1_0'"),
        ({"energyratestructure": [[{"rate": float("nan")}]] * 2}, "a number, found 'nan'"),
        ({"energyratestructure": [[{"rate": 2e5}]] * 2}, "from -1,000 to 100,000, found"),
        (
            {"energyratestructure": [[{"unit": "kWh"}]] * 2},
            "[0][0].rate: expected a price, 0 where",
        ),
        ({"flatdemandstructure": [[{"rate": -1}]] * 2}, "prices of power of 0 or more"),
        ({"flatdemandmonths": [0] * 11}, "flatdemandmonths: expected a list of 12"),
        ({"flatdemandunit": "kVA"}, "flatdemandunit: expected kW, the only unit"),
        ({"demandrateunit": "kW daily"}, "demandrateunit: expected kW, the only unit"),
        ({"demandunits": "hp"}, "demandunits: expected kW, the only unit"),
        ({"fueladjustmentsmonthly": [0.01]}, "fueladjustmentsmonthly: expected a list of 12"),
        ({"demandwindow": 5}, "15, 30 or 60 minutes, found '5'"),
        ({"fixedchargeunits": "$/meter"}, "fixedchargeunits: expected $/day, $/month or $/year"),
        ({"fixedmonthlycharge": 1}, "expected one fixed charge, found two"),
        ({"startdate": 1_577_836_800_000}, "startdate: expected seconds since 1970"),
        ({"startdate": "2020-01-01"}, "startdate: expected seconds since 1970"),
        ({"fixedchargeunits": ["$/month"]}, "fixedchargeunits: expected a short text"),
        ({"demandrateunit": {"a": 1}}, "demandrateunit: expected a short text"),
        ({"servicetype": [1]}, "servicetype: expected a short text"),
        ({"dgrules": 7}, "dgrules: expected a short text"),
        ({"energyratestructure": [[{"rate": 1, "unit": ["kWh"]}]] * 2}, ".unit: expected kWh"),
        ({"country": "CAN"}, "country: expected a tariff of the USA"),
    ],
)
def test_wrong_urdb_tariffs_are_named(tmp_path, changes, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        urdb(tmp_path, urdb_item(**changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"minmonthlycharge": 5000}, "minmonthlycharge is '5000': minimum charges"),
        ({"mincharge": 12.5, "minchargeunits": "$/day"}, "mincharge is '12.5'"),
        ({"mincharge": "$20"}, "mincharge is '$20'"),
        ({"annualmincharge": 100}, "annualmincharge is '100'"),
        ({"lookbackpercent": 0.8}, "lookbackpercent is '0.8'"),
        ({"lookbackPercent": 0.8, "lookbackRange": 11}, "lookbackpercent is '0.8'"),
        ({"lookbackrange": 11}, "lookbackrange is '11'"),
        ({"lookbackmonths": [False] * 11 + [True]}, "lookbackmonths is"),
        ({"demandratchetpercentage": [0] * 11 + [0.5]}, "demandratchetpercentage is"),
        ({"demandreactivepowercharge": 0.3}, "demandreactivepowercharge is '0.3'"),
        ({"coincidentratestructure": [[{"rate": 1}]]}, "coincidentratestructure is"),
        ({"gridaccesscharge": 3}, "gridaccesscharge is '3': no field that is known"),
        ({"wildfirefees": [0, {"a": 3}]}, "wildfirefees is"),
        (
            {"energyratestructure": [[{"rate": 1, "tax": 0.1}]] * 2},
            "energyratestructure[0][0].tax is '0.1'",
        ),
    ],
)
def test_what_changes_the_bill_and_is_not_billed_is_refused_by_name(tmp_path, changes, says):
    with pytest.raises(InputDataError, match=re.escape(says)) as caught:
        urdb(tmp_path, urdb_item(**changes))
    assert "are not billed here" in str(caught.value)


@pytest.mark.parametrize(
    "changes", [{"wildfirefees": 3}, {"energyratestructure": [[{"rate": 1, "tax": 0.1}]] * 2}]
)
def test_fields_that_nobody_knows_are_told_in_german_too(tmp_path, changes):
    with pytest.raises(InputDataError) as caught:
        urdb(tmp_path, urdb_item(**changes))
    assert "': kein bekanntes Feld" in GERMAN.own_text(caught.value.args[0])


def test_all_unbilled_parts_are_told_at_once(tmp_path):
    with pytest.raises(InputDataError, match=r"mincharge is '5'.*; lookbackpercent|lookback.*min"):
        urdb(tmp_path, urdb_item(mincharge=5, lookbackpercent=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"demandratchetpercentage": [0] * 12},
        {"lookbackpercent": 0, "lookbackrange": 11, "lookbackmonths": [False] * 12},
        {"mincharge": 0, "minchargeunits": "$/month", "annualmincharge": None},
        {"coincidentratestructure": [[{"rate": 0, "unit": "kW", "max": 5}]]},
        {"demandreactivepowercharge": "0.00"},
        {"fueladjustmentsmonthly": [None] * 12, "demandwindow": None},
        {"voltageminimum": 240, "peakkwcapacitymax": 500, "fixedchargeeaaddl": 3, "country": "USA"},
        {"ratecomments": "5 % of all", "colour": 7, "pricing": "plain"},
        {"demandunits": "kVA", "demandrateunit": "kW", "flatdemandunit": "kW"},
        {"lookbackpercent": None, "name": None, "startdate": None},
    ],
)
def test_what_changes_no_bill_is_read(tmp_path, changes):
    price = urdb(tmp_path, urdb_item(**changes)).import_price(JULY_WEDNESDAY, 1)
    assert price[64] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("tops", "says"),
    [
        ([None, None], "[0][0].max: expected where the tier ends, as another one follows"),
        ([0, None], "[0][0].max: expected where the tier ends, as another one follows, found '0'"),
        ([100, 50, None], "[0][1].max: expected more than where the tier before ends (100)"),
        ([100, 100, None], "[0][1].max: expected more than"),
        ([100, 50], "[0][1].max: expected more than where the tier before ends (100), found '50'"),
    ],
)
@pytest.mark.parametrize("key", ["energyratestructure", "flatdemandstructure"])
def test_tiers_without_rising_ends_are_refused(tmp_path, key, tops, says):
    tiers = [{"rate": 0.1} | ({} if top is None else {"max": top}) for top in tops]
    with pytest.raises(InputDataError, match=re.escape(key + says)):
        urdb(tmp_path, urdb_item(**{key: [tiers, [{"rate": 1}]]}))


@pytest.mark.parametrize("top", [None, 0, -1, 1e9])
def test_last_tier_has_no_end(tmp_path, top):
    tiers = [{"rate": 0.1, "max": 100}, {"rate": 0.2, "max": top}]
    tariff = urdb(tmp_path, urdb_item(energyratestructure=[tiers, tiers]))
    assert [tier.up_to for tier in tariff.energy[0].tiers] == [100, None]


def test_feeding_in_at_several_prices_of_one_period_is_refused(tmp_path):
    tiers = [{"rate": 0.1, "max": 100, "sell": 0.1}, {"rate": 0.2, "sell": 0.05}]
    with pytest.raises(InputDataError, match="the same price of feeding in for all tiers"):
        urdb(tmp_path, urdb_item(energyratestructure=[tiers, tiers]))


@pytest.mark.parametrize(("unit", "per"), [("$/day", "day"), ("$/year", "year"), (None, "month")])
def test_fixed_charges_in_all_units(tmp_path, unit, per):
    fixed = urdb(tmp_path, urdb_item(fixedchargeunits=unit)).fixed
    assert [(float(charge.amount), charge.per) for charge in fixed] == [(42.5, per)]


def test_fixed_charge_of_old_versions_is_by_the_month(tmp_path):
    item = urdb_item(fixedmonthlycharge=7, fixedchargefirstmeter=None, fixedchargeunits="$/day")
    assert [(charge.amount, charge.per) for charge in urdb(tmp_path, item).fixed] == [(7, "month")]


def test_what_is_said_in_words_is_noted(tmp_path):
    item = urdb_item(
        energyattrs=[{"Storm rider": "$0.001 per kWh"}],
        fixedattrs=[{"key": "Late fee", "val": "1 %"}],
        enddate=1767225600,
        servicetype="Delivery",
    )
    with reading_notes() as said:
        path = written(tmp_path, item)
        read_urdb(path)
    notes = " ".join(said[str(path)])
    for part in (
        "Storm rider: $0.001",
        "Late fee: 1 %",
        "until 2026-01-01",
        "bills 'Delivery' alone",
    ):
        assert part in notes


def site(path, **changes):
    sun = {"source": "clear_sky", "kw_peak": 10, "latitude": 34, "longitude": 0, "utc_offset_h": 0}
    plain = {"building": {"source": "constant", "kw": 5}, "tariff": {"urdb": str(path)}, "pv": sun}
    return DepotSite.model_validate(plain | changes)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("Net Metering", {}),
        ("Buy All Sell All", {"grid": {"max_export_kw": 0}}),
    ],
)
def test_rules_of_feeding_in_that_are_not_billed_are_refused(tmp_path, rule, changes):
    path = written(tmp_path, urdb_item(dgrules=rule))
    with pytest.raises(InputDataError, match=f"dgrules is '{rule}'.*take another tariff"):
        read_tariff_of(site(path, **changes))


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("Net Metering", {"grid": {"max_export_kw": 0}}),
        ("Net Metering", {"pv": None}),
        ("Net Billing Instantaneous", {}),
        (None, {}),
    ],
)
def test_rules_of_feeding_in_without_effect_are_read(tmp_path, rule, changes):
    path = written(tmp_path, urdb_item(dgrules=rule))
    assert read_tariff_of(site(path, **changes)).name == "General service"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (
            {"error": {"code": "API_KEY_MISSING", "message": "No api_key was supplied."}},
            "found an error of the database: 'API_KEY_MISSING: No api_key was supplied.'",
        ),
        ({"errors": ["over rate limit", {"a": "b"}]}, "over rate limit; b"),
        ({"error": "no such rate"}, "no such rate"),
        ({"items": [], "error": "bad label"}, "bad label"),
        ({"message": "Forbidden"}, "Forbidden"),
        ({"items": []}, "found an answer without any"),
        ([], "found an answer without any"),
        (None, "found null: the database has no such tariff"),
        (7, "found JSON of another layout"),
        ([1, 2], "found JSON of another layout"),
        (
            {"_id": {"$oid": "5b"}, "rateName": "GS", "energyRateStrux": [{"energyRateTiers": []}]},
            "layout of the bulk download (label '5b')",
        ),
        ({"label": "a", "energyratestructure/period0/tier0rate": 1}, "json_plain"),
        ({"label": "a", "name": "b"}, "without energyratestructure, as detail=minimal gives"),
        (b"<html>504</html>", "found a web page or XML"),
        (b"", "the file is empty"),
        (b'{"label": ', "not readable as JSON"),
        (b"[" * 100_000, "not readable as JSON (too many brackets)"),
        (b"\xff\xfe\xfa", "not readable as JSON"),
        (b"[" + b"{}," * 200_000 + b"{}]", "at most 100,000 objects"),
        (b'{"mincharge": 5, "mincharge": 0}', "the key 'mincharge' stands twice"),
        (b'{"minCharge": 5, "mincharge": 0}', "the key 'mincharge' stands twice"),
    ],
)
def test_what_is_no_tariff_is_told_apart(tmp_path, document, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        urdb(tmp_path, document)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_encodings_of_json(tmp_path, encoding):
    name = "S\u00fcd"
    document = json.dumps(urdb_item(name=name), ensure_ascii=False).encode(encoding)
    assert urdb(tmp_path, document).name == name


def test_several_urdb_tariffs_need_a_label(tmp_path):
    both = {"items": [urdb_item(), urdb_item(label="def", name="Other")]}
    with pytest.raises(InputDataError, match=r"found 2.*'abc' \('General service'\), 'def' \('Oth"):
        urdb(tmp_path, both)
    with pytest.raises(InputDataError, match=r"called 'xyz', found 0.*'abc'"):
        urdb(tmp_path, both, "xyz")
    assert urdb(tmp_path, both, "def").name == "Other"


BOMBS = ["1e999999", "1e999999999", "-1e999999999", "1e99999999999999999999", "1" * 10_000, "NaN"]


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize(
    "place",
    ['"demandwindow": 30', '"startdate": 1735689600', '"rate": 0.25', '"max": 1000', "[[0, 0"],
)
def test_numbers_beyond_all_bounds_are_refused_at_once(tmp_path, place, bomb):
    text = json.dumps(urdb_item())
    assert place in text
    start = time.process_time()
    with pytest.raises(InputDataError) as caught:
        urdb(tmp_path, text.replace(place, place[: place.rindex(" ") + 1] + bomb))
    assert time.process_time() - start < 1.0
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("tiny", ["1e-999999999", "0." + "0" * 10_000 + "1"])
def test_numbers_next_to_zero_are_read_at_once(tmp_path, tiny):
    start = time.process_time()
    tariff = urdb(tmp_path, json.dumps(urdb_item()).replace('"adj": 0.01', f'"adj": {tiny}'))
    assert tariff.import_price(JULY_SUNDAY, 1)[0] == pytest.approx(0.1)
    assert time.process_time() - start < 1.0


def test_pipes_devices_folders_and_large_files_are_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(1_000_000_000)
    for path, says in ((pipe, "a pipe"), (tmp_path, "a folder"), (large, "at most 5 MB")):
        with pytest.raises(InputDataError, match=says):
            read_urdb(path)
