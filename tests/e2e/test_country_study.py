"""`planner country`: a study of a whole country from the bundled roads, and from a map extract."""

from __future__ import annotations

import csv
import re

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import PlannerError
from planner.network.load import load_network, load_sites
from planner.scenario.bundled import bundled_studies
from planner.scenario.load import load_scenario
from planner.scenario.patterns import StudyName
from planner.studies import registry
from planner.studies.country_study import codes_of, names_of, study_name

PLACES = [(9.33, 54.82), (9.40, 55.10), (9.47, 55.49), (9.90, 55.48), (10.39, 55.38)]


def country(*arguments):
    done = CliRunner().invoke(app, ["country", *map(str, arguments)], catch_exceptions=True)
    if isinstance(done.exception, PlannerError):
        raise done.exception
    assert done.exception is None, done.output
    return done.output


COUNTRIES = ("denmark", "netherlands", "austria", "france", "benelux")


@pytest.fixture(scope="module")
def denmark(tmp_path_factory):
    folder = tmp_path_factory.mktemp("country") / "dk"
    return folder, country("dk", "--out", folder, "--share", "0.02")


@pytest.fixture
def extract(tmp_path):
    """A motorway from the German border over Kolding to Odense, and a rest area beside it."""
    nodes, ways = [], []
    for way, shift in ((1, 0.0), (2, 0.0005)):
        along = PLACES if way == 1 else PLACES[::-1]
        for number, (lon, lat) in enumerate(along):
            place = f'lat="{lat + shift}" lon="{lon - shift}"'
            nodes.append(f'<node id="{way}{number}" version="1" {place}/>')
        refs = "".join(f'<nd ref="{way}{number}"/>' for number in range(len(along)))
        ways.append(
            f'<way id="{way}" version="1">{refs}<tag k="highway" v="motorway"/>'
            '<tag k="ref" v="E 45"/></way>'
        )
    # Trucks turn round at both ends.
    for way, (start, end) in ((3, ("14", "20")), (4, ("24", "10"))):
        ways.append(
            f'<way id="{way}" version="1"><nd ref="{start}"/><nd ref="{end}"/>'
            '<tag k="highway" v="motorway"/><tag k="ref" v="E 45"/></way>'
        )
    nodes.append(
        '<node id="99" version="1" lat="55.1" lon="9.4005"><tag k="highway" v="services"/></node>'
    )
    path = tmp_path / "denmark.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>')
    return path


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_code_alone_makes_a_study_that_is_complete_and_says_how_to_go_on(denmark):
    folder, told = denmark
    assert {path.name for path in folder.iterdir()} >= {
        "study.yaml", "nodes.csv", "arcs.csv", "zones.csv", "trucks.csv",
    }  # fmt: skip
    assert f"planner run {folder}" in told.replace("\n", "")
    assert "an assumption" in told
    study = load_scenario(folder)
    assert study.name == "denmark"
    assert study.demand.electrification_share == 0.02
    lines = registry.check(study)
    assert any("electric" in line for line in lines)
    assert not any("columns not used" in line for line in lines)


def test_the_study_that_comes_along_is_the_one_that_the_command_makes(denmark):
    comes_along = bundled_studies()["denmark"].parent
    for name in ("nodes.csv", "arcs.csv", "zones.csv", "trucks.csv"):
        assert (denmark[0] / name).read_bytes() == (comes_along / name).read_bytes(), name
    assert load_scenario(denmark[0]).description == load_scenario("denmark").description


def test_the_description_names_no_share_which_a_setting_may_change(denmark):
    assert not re.search(r"\d|%", load_scenario(denmark[0]).description)
    for name in COUNTRIES:
        assert not re.search(r"\d|%", load_scenario(name).description), name


def test_studies_of_whole_countries_come_along():
    assert set(COUNTRIES) <= set(bundled_studies())
    assert "starter" not in bundled_studies()


def test_sites_of_the_study_are_as_far_apart_as_the_law_asks(denmark):
    study = load_scenario(denmark[0])
    assert (study.sites.source, study.sites.spacing_km) == ("spacing", 60.0)
    graph, _ = load_network(study.network)
    sites, _ = load_sites(study.sites, graph)
    assert 15 <= sites.n_sites <= 45


def test_trucks_pass_through_the_country(denmark):
    zones = {row["zone"]: row for row in rows(denmark[0] / "zones.csv")}
    through = [
        row
        for row in rows(denmark[0] / "trucks.csv")
        if {zones[row[end]]["kind"] for end in ("origin", "destination")} == {"gateway"}
    ]
    assert through
    assert all(float(zones[row["origin"]]["abroad_km"]) > 0.0 for row in through)


def test_an_extract_brings_its_roads_and_rest_areas(extract, tmp_path):
    folder = tmp_path / "study"
    told = country("DK", "--roads", extract, "--out", folder)
    assert "Left out, farther than 30 km from the given roads" in told
    study = load_scenario(folder, ["demand.electrification_share=1"])
    assert (study.network.source, study.sites.source) == ("osm", "osm")
    lines = registry.check(study)
    assert any("electric" in line for line in lines)
    assert not (folder / "nodes.csv").exists()


def test_roads_of_elsewhere_are_refused_and_nothing_is_written(extract, tmp_path):
    with pytest.raises(PlannerError, match=r"expected roads of AT, found none within 30 km"):
        country("AT", "--roads", extract, "--out", tmp_path / "at")
    assert not (tmp_path / "at").exists()


def test_a_missing_extract_is_told_with_where_to_get_it(tmp_path):
    with pytest.raises(PlannerError, match=r"denmark-latest\.osm\.pbf \(about 450 MB\)"):
        country("DK", "--roads", tmp_path / "none.osm.pbf", "--out", tmp_path / "dk")


@pytest.mark.parametrize(
    ("code", "told"),
    [("XX", "expected codes of two letters"), ("Denmark", "did you mean 'DK'")],
)
def test_a_country_that_is_not_known_is_refused(code, told, tmp_path):
    with pytest.raises(PlannerError, match=told):
        country(code, "--out", tmp_path / "none")


def test_flows_without_their_zones_are_refused(denmark, tmp_path):
    with pytest.raises(PlannerError, match="found --od alone"):
        country("DK", "--od", denmark[0] / "trucks.csv", "--out", tmp_path / "dk")


def test_flows_between_zones_of_europe_take_the_place_of_the_model(tmp_path):
    (tmp_path / "flows.csv").write_text("origin,destination,trucks_per_year\nHH,AAL,52000\n")
    (tmp_path / "zones.csv").write_text("zone,lon,lat\nHH,10.0,53.5\nAAL,9.92,57.05\n")
    folder = tmp_path / "study"
    asked = ("--od", tmp_path / "flows.csv", "--zones", tmp_path / "zones.csv", "--spacing", 40)
    country("DK", *asked, "--out", folder)
    assert not (folder / "trucks.csv").exists()
    study = load_scenario(folder)
    assert study.sites.spacing_km == 40.0
    assert set(study.demand.border.nodes) <= {row["node_id"] for row in rows(folder / "nodes.csv")}
    lines = registry.check(study)
    assert any("0 % with both ends on it" in line for line in lines)


def test_all_of_europe_is_a_study_with_a_name_that_a_study_may_have():
    titles = names_of(codes_of(["all"]))
    assert len(titles) > 30
    assert TypeAdapter(StudyName).validate_python(study_name(titles)) == (
        f"{len(titles)}-countries-of-europe"
    )
    assert study_name(names_of(codes_of(["dk", "DE", "DK"]))) == "denmark-germany"
