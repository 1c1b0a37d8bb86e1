"""Figures of a run: sizes in print, texts in both languages, and what they show."""

import re
import struct
import warnings
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring

from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.plan.map_classes import USE
from planner.plan.plan_tables import write_tables
from planner.reporting.charts.chart_data import chart_data
from planner.reporting.charts.label_sides import Letters, label_sides
from planner.reporting.figures.drawing import DrawnHere
from planner.reporting.figures.formats import PictureFormat
from planner.reporting.figures.plan_figures import distribution, front_figure, hours_figure
from planner.reporting.figures.rendering import picture
from planner.reporting.figures.run_figures import run_figures, run_sources, write_figures
from planner.reporting.figures.site_map import map_figure
from planner.reporting.gis.geopackage import write_geopackage
from planner.reporting.gis.plan_map import GEOPACKAGE, plan_map, read_plan_map
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

SVG = "{http://www.w3.org/2000/svg}"
MM_PER_INCH = 25.4


@pytest.fixture(scope="module")
def run(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write_tables(plan, folder)
    write_manifest(folder / "run.json", plan_manifest(plan))
    write_geopackage(plan_map(plan), folder / GEOPACKAGE, ENGLISH)
    return read_finished_run(folder)


@pytest.fixture(scope="module")
def drawn(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    write_figures(
        run_figures(run, ENGLISH), folder, list(PictureFormat), ENGLISH, sources="Data: x"
    )
    return folder


def texts(svg):
    return [element.text for element in fromstring(svg).iter(f"{SVG}text") if element.text]


WIDTHS_MM = {"front": 85.0, "map": 120.0, "hours": 175.0, "trip_extra": 85.0}


def test_every_figure_is_there_in_every_format_with_a_caption(drawn):
    expected = {f"{name}.{ending}" for name in WIDTHS_MM for ending in ("svg", "png", "pdf")}
    assert {path.name for path in drawn.iterdir()} == expected | {"captions.txt"}
    captions = (drawn / "captions.txt").read_text(encoding="utf-8")
    assert [line for line in captions.splitlines() if line in WIDTHS_MM] == list(WIDTHS_MM)
    assert captions.rstrip().endswith("Data: x")


@pytest.mark.parametrize("name", WIDTHS_MM)
def test_figures_have_their_width_in_print_in_every_format(drawn, name):
    width_mm = WIDTHS_MM[name]
    root = fromstring((drawn / f"{name}.svg").read_text(encoding="utf-8"))
    assert root.get("width") == f"{width_mm:.2f}mm"
    png = (drawn / f"{name}.png").read_bytes()
    (pixels,) = struct.unpack(">I", png[16:20])
    assert pixels / 300 * MM_PER_INCH == pytest.approx(width_mm, abs=0.1)
    at = png.index(b"pHYs") + 4
    per_metre, _, unit = struct.unpack(">IIB", png[at : at + 9])
    assert (round(per_metre * 0.0254), unit) == (300, 1)
    page = re.search(rb"MediaBox \[0 0 ([\d.]+)", (drawn / f"{name}.pdf").read_bytes())
    assert float(page[1]) / 72 * MM_PER_INCH == pytest.approx(width_mm, abs=0.1)


@pytest.mark.parametrize("name", WIDTHS_MM)
def test_letters_are_of_a_size_to_read_and_a_point_is_a_point(drawn, name):
    svg = (drawn / f"{name}.svg").read_text(encoding="utf-8")
    root = fromstring(svg)
    user_units = float(root.get("viewBox").split()[2])
    assert user_units * MM_PER_INCH / 72 == pytest.approx(WIDTHS_MM[name], rel=0.005)
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)}
    assert min(sizes) >= 7.0
    assert max(sizes) <= 8.0


@pytest.mark.parametrize("width_mm", [85.0, 120.0])
@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=lambda each: each.code)
def test_the_width_of_a_map_is_found_without_drawing_all_of_it(run, width_mm, language):
    figure = map_figure(run, read_plan_map(run).layers, run.default_solution, language, width_mm)
    widths, by = [], DrawnHere()

    def draw(width):
        widths.append(width)
        return figure.draw(width)

    fitted = picture(replace(figure, draw=draw), width_mm, language, by)
    of_fitted = widths.copy()
    widths.clear()
    assert fitted == picture(replace(figure, draw=draw, outline=None), width_mm, language, by)
    assert of_fitted == widths[1:]


def test_a_wider_figure_has_more_room_and_the_same_letters(run):
    narrow, wide = (picture(front_figure(run, ENGLISH), mm, ENGLISH).svg for mm in (85, 175))
    sizes = [set(re.findall(r'font-size="([\d.]+)px"', svg)) for svg in (narrow, wide)]
    assert sizes[0] == sizes[1]


def test_the_front_names_the_plans_with_their_points(run, plan):
    shown = texts(picture(front_figure(run, ENGLISH), 85, ENGLISH).svg)
    for named in plan.named_solutions:
        assert f"{named.title}, {plan.front['n_hpc'][named.solution]:,} points" in shown
    assert "Mean wait (min), square-root scale" in shown


def test_names_on_a_flat_part_of_the_front_stand_on_both_sides_of_it():
    marks = [(60.0, 100.0), (90.0, 97.0), (160.0, 20.0)]
    labels = ["Logistics, 1,433 points", "Logistics-leaning, 984 points", "Operator, 641 points"]
    letters = Letters(width=3.64, height=7.0, beside=4.0, beyond=1.0)
    chosen = label_sides(marks, labels, letters, ("upper left", "lower right"), mark=3.5)
    assert chosen == ["upper left", "lower right", "upper left"]


def test_figures_are_german_where_asked(run):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = run_figures(run, GERMAN)
        shown = {figure.name: texts(picture(figure, 120, GERMAN).svg) for figure in figures}
    assert "Mittlere Wartezeit (min), Wurzelskala" in shown["front"]
    assert "Länge auf dem Netz (km)" in shown["trip_extra"]
    assert {"Mo", "Di", "Mi", "Do"} <= set(shown["hours"])
    assert USE.heading(GERMAN, with_unit=False) in shown["map"]
    assert any(text.endswith("\N{NO-BREAK SPACE}%") for text in shown["hours"])
    assert not any(
        re.search(r"\b(the|of|and|points|time)\b", text) for text in chain(*shown.values())
    )


def test_thousands_in_german_are_not_taken_for_coordinates(plan_maker, tmp_path):
    plan = plan_maker(n_solutions=20)
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    write_geopackage(plan_map(plan), tmp_path / GEOPACKAGE, ENGLISH)
    run = read_finished_run(tmp_path)
    figure = map_figure(run, read_plan_map(run).layers, run.default_solution, GERMAN)
    svg = picture(figure, 120, GERMAN).svg
    assert {"1.000", "2.000"} <= set(texts(svg))
    assert "clip-path" not in svg  # each takes as long as all the rest of a PNG


def test_the_map_has_a_circle_per_site_with_points(run, plan):
    figures = plan.figures_of("balanced")
    figure = map_figure(run, read_plan_map(run).layers, run.default_solution, ENGLISH)
    spec = figure.draw(200.0)
    circles = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "circle")
    values = spec["datasets"][circles["data"]["name"]]
    assert sorted(row["n_hpc"] for row in values) == sorted(figures["n_hpc"])
    assert f"{figures['n_hpc'].sum():,}" in figure.caption


def test_the_map_shows_the_plan_that_is_asked_for(run, plan):
    figure = run_figures(run, ENGLISH, solution="cpo")[1]
    assert f"{plan.figures_of('cpo')['n_hpc'].sum():,}" in figure.caption
    with pytest.raises(RunDirectoryError, match=r"logistics.*found 'ballanced'.*balanced"):
        run_figures(run, ENGLISH, solution="ballanced")


def test_the_hours_have_a_line_for_every_named_plan(run, plan):
    spec = hours_figure(run, ENGLISH).draw(300.0).to_dict()
    rows = spec["datasets"][spec["vconcat"][0]["data"]["name"]]
    of_plan = pd.DataFrame(rows).groupby("plan")["mean_wait_min"].mean()
    assert list(of_plan.sort_values().index) == [named.title for named in plan.named_solutions]


def test_share_of_trips_counts_every_trip():
    trips = pd.DataFrame({"extra_min": [-1e-13, 0.0, 6.0, 20.0, 40.0]})
    curve = distribution(trips)
    assert curve["extra_min"].iloc[-1] == 60.0
    at = np.interp([0.0, 6.0, 39.0, 41.0], curve["extra_min"], curve["share"])
    assert at == pytest.approx([0.4, 0.6, 0.8, 1.0])


def test_bars_by_length_are_those_of_the_page(run, plan):
    spec = run_figures(run, ENGLISH)[3].draw(200.0).to_dict()
    rows = spec["datasets"][spec["vconcat"][1]["data"]["name"]]
    assert rows == chart_data(plan)["by-length"]


def test_same_run_same_bytes(run, drawn, tmp_path):
    write_figures(
        run_figures(run, ENGLISH), tmp_path, [PictureFormat.SVG, PictureFormat.PNG], ENGLISH
    )
    for name in WIDTHS_MM:
        for ending in ("svg", "png"):
            file = f"{name}.{ending}"
            assert (tmp_path / file).read_bytes() == (drawn / file).read_bytes()


def test_a_folder_that_cannot_be_written_is_named(run, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunDirectoryError, match="file"):
        write_figures(
            (front_figure(run, ENGLISH),), tmp_path / "file", [PictureFormat.SVG], ENGLISH
        )


def test_a_run_without_its_map_is_refused_with_the_file(run, plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    with pytest.raises(RunDirectoryError, match=GEOPACKAGE):
        run_figures(read_finished_run(tmp_path), ENGLISH)


def test_sources_stand_once_with_their_licences(run):
    scenario = {
        "network": {"source": "builtin"},
        "sites": {"source": "table", "path": "/data/x/sites.csv", "attribution": "", "licence": ""},
        "demand": {
            "source": "od_table",
            "path": "/data/od.csv",
            "attribution": "Somebody",
            "licence": "CC0-1.0",
        },
    }
    run.manifest["scenario"].update(scenario)
    named = run_sources(run, ENGLISH)
    assert named[0].endswith("GeoNames (https://www.geonames.org), CC-BY-4.0")
    assert named[1:] == ["sites.csv", "Somebody, CC0-1.0"]


def test_hours_in_which_nobody_charges_make_an_empty_figure(run, monkeypatch):
    nobody = run.hourly().assign(mean_wait_min=np.nan, occupied_share=np.nan)
    monkeypatch.setattr(type(run), "hourly", lambda _: nobody)
    drawn = picture(hours_figure(run, ENGLISH), 175.0, ENGLISH)
    assert "Mean wait (min)" in texts(drawn.svg)
    assert "Mon" in texts(drawn.svg)
