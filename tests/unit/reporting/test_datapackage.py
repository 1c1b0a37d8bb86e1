"""The open-data package of a run, checked with the library of the standard."""

import json

import pandas as pd
import pytest

from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.plan.schemas import FILE_SCHEMAS
from planner.plan.trip_schemas import STOPS
from planner.reporting.datapackage import package_of, write_datapackage
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.runs.provenance import sha256_of
from planner.tables.table_files import write_parquet
from tests.data_packages import package_faults


@pytest.fixture
def run(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    soc = pd.DataFrame(
        {"soc_from_share": [0.0, 0.5], "soc_to_share": [0.5, 1.0], "n_trips": [1, 2]}
    )
    soc.to_csv(tmp_path / "arrival_soc.csv", index=False)
    return read_finished_run(tmp_path)


def described(run):
    path = write_datapackage(run)
    return path, json.loads(path.read_text(encoding="utf-8"))


def test_the_package_is_valid_and_so_is_every_table(run):
    path, package = described(run)
    assert package_faults(path) == []
    tables = {resource["path"] for resource in package["resources"] if "schema" in resource}
    assert {f"{schema.name}.parquet" for schema in FILE_SCHEMAS} | {"front.csv"} <= tables


def test_columns_have_their_units_meanings_and_types(run):
    _, package = described(run)
    by_path = {resource["path"]: resource for resource in package["resources"]}
    for schema in FILE_SCHEMAS:
        fields = by_path[f"{schema.name}.parquet"]["schema"]["fields"]
        assert [field["name"] for field in fields] == schema.column_names
        assert [field.get("unit", "") for field in fields] == [c.unit for c in schema.columns]
        assert all(field["description"] for field in fields)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda stops: stops.assign(trip_id=stops["trip_id"].max() + 1_000_000), "foreign-key"),
        (lambda stops: pd.concat([stops, stops.iloc[:1]]), "primary-key"),
    ],
)
def test_what_contradicts_the_keys_is_found(run, plan, change, fault):
    path, _ = described(run)
    write_parquet(change(plan.stops), STOPS, run.folder / "stops.parquet")
    assert fault in {type_ for _, type_, *_ in package_faults(path)}


def test_a_changed_table_is_seen_by_its_hash(run):
    path, package = described(run)
    by_path = {resource["path"]: resource for resource in package["resources"]}
    assert by_path["trips.parquet"]["sha256"] == sha256_of(run.folder / "trips.parquet")
    text = (run.folder / "front.csv").read_text(encoding="utf-8")
    (run.folder / "front.csv").write_text(text.replace("balanced", "unbalanced"), encoding="utf-8")
    assert "hash-count" in {type_ for _, type_, *_ in package_faults(path)}


def test_makers_and_licences_go_along(run):
    run.manifest["scenario"].update(
        network={"source": "osm", "path": "/data/germany.osm.pbf"},
        sites={"source": "spacing", "spacing_km": 60},
        demand={
            "source": "trips",
            "path": "/home/me/t.csv",
            "attribution": "Us",
            "licence": "Ours",
        },
        results_licence="CC-BY-4.0",
    )
    path, package = described(run)
    assert package["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    network, demand = package["sources"]
    assert network["attribution"] == "© OpenStreetMap contributors"
    assert network["licenses"][0]["name"] == "ODbL-1.0"
    assert demand == {
        "title": "t.csv",
        "input": "demand",
        "attribution": "Us",
        "licenses": [{"name": "Ours"}],
    }
    assert "/home/me" not in path.read_text(encoding="utf-8")


def test_no_licence_is_made_up():
    package = package_of("study", "", {"network": {"source": "matsim", "path": "n.xml"}}, [])
    assert "licenses" not in package
    assert package["sources"] == [{"title": "n.xml", "input": "network"}]


def test_same_files_same_bytes(run):
    first = described(run)[0].read_bytes()
    assert described(run)[0].read_bytes() == first
