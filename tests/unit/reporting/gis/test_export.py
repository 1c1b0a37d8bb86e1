"""The map of a finished run in another language."""

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.reporting.gis.export import export_qgis
from planner.reporting.gis.geopackage import write_geopackage
from planner.reporting.gis.plan_layers import isolation_km
from planner.reporting.gis.plan_map import plan_map, read_plan_map
from planner.reporting.gis.qgis_project import write_project
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.fixture(scope="module")
def finished(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    mapped = plan_map(plan)
    write_tables(plan, folder)
    write_geopackage(mapped, folder / "plan.gpkg", ENGLISH)
    write_project(mapped, folder / "plan.qgz", ENGLISH)
    write_manifest(folder / "run.json", plan_manifest(plan))
    return folder


@pytest.fixture
def run_dir(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "run")


def test_places_stand_as_far_apart_as_from_all_larger_ones():
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(-20.0, 30.0, 60).round(1), rng.uniform(36.0, 70.0, 60).round(1)
    lon[40], lat[40] = lon[3], lat[3]
    places = pd.DataFrame({"lon": lon, "lat": lat})
    earth = Geod(ellps="WGS84")
    expected = [
        min(earth.inv(*places.loc[n], *places.loc[other])[2] for other in range(n)) / 1000.0
        for n in range(1, len(places))
    ]
    assert isolation_km(lon, lat)[1:].tolist() == expected


def test_an_english_export_equals_the_files_of_the_run(run_dir):
    project = export_qgis(run_dir, ENGLISH)

    assert project == run_dir / "qgis-en" / "plan.qgz"
    for name in ("plan.qgz", "plan.gpkg"):
        assert (run_dir / "qgis-en" / name).read_bytes() == (run_dir / name).read_bytes()


def test_a_german_export_has_german_reasons_and_the_same_figures(run_dir, tmp_path):
    export_qgis(run_dir, GERMAN, out=tmp_path / "deutsch")

    unserved = gpd.read_file(tmp_path / "deutsch" / "plan.gpkg", layer="unserved")
    assert set(unserved["reason"]) == {"kein Standort in Reichweite"}
    for layer in ("sites", "sites_cpo", "network", "flows"):
        english = gpd.read_file(run_dir / "plan.gpkg", layer=layer)
        assert gpd.read_file(tmp_path / "deutsch" / "plan.gpkg", layer=layer).equals(english)


def test_what_is_read_back_is_what_was_written(plan, run_dir):
    mapped, back = plan_map(plan), read_plan_map(read_finished_run(run_dir))

    assert list(back.layers) == list(mapped.layers)
    assert back.views == mapped.views
    assert back.default == mapped.default
    for field in ("name", "description", "level_share", "sources"):
        assert getattr(back, field) == getattr(mapped, field)


def test_an_existing_folder_is_left_alone(run_dir, tmp_path):
    out = tmp_path / "map"
    out.mkdir()

    with pytest.raises(RunDirectoryError, match="exists; name another folder with --out"):
        export_qgis(run_dir, GERMAN, out=out)
    assert list(out.iterdir()) == []


def test_a_run_without_its_geopackage_or_a_layer_is_refused(run_dir, tmp_path):
    out = tmp_path / "map"
    (run_dir / "plan.gpkg").unlink()
    with pytest.raises(RunDirectoryError, match=r"plan\.gpkg.*run the scenario again"):
        export_qgis(run_dir, GERMAN, out=out)

    gpd.GeoDataFrame({"a": [1]}, geometry=gpd.points_from_xy([1], [2]), crs=4326).to_file(
        run_dir / "plan.gpkg", layer="network"
    )
    with pytest.raises(RunDirectoryError, match="expected the layers countries, network"):
        export_qgis(run_dir, GERMAN, out=out)
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_cannot_be_made_is_a_clear_error(run_dir):
    with pytest.raises(RunDirectoryError, match="cannot be written"):
        export_qgis(run_dir, GERMAN, out=run_dir / "run.json" / "map")
