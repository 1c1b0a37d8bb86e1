"""Colours and sizes of sites mean the same on every map of a run, whichever plan it shows."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest
from defusedxml.ElementTree import fromstring

from planner.plan.finished_run import read_finished_run
from planner.plan.map_classes import USE, SiteClasses
from planner.reporting.figures.site_map import map_figure
from planner.reporting.gis.plan_map import GEOPACKAGE, read_plan_map
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT
from tests.e2e.workbench.conftest import RUN


@pytest.fixture(scope="module")
def run(ask):
    return read_finished_run(ask.folder / RUN)


@pytest.fixture(scope="module")
def report(run):
    return data_in((run.folder / "report.html").read_text(encoding="utf-8"))


def data_in(page):
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1]
    )


def plain(labels):
    return [label.replace("\N{NO-BREAK SPACE}", " ") for label in labels]


def legends(spec):
    """Legends of a chart with their scales, by what they tell."""
    encodings = [layer["encoding"] for layer in spec["layer"]]
    return {
        each[channel]["field"]: each[channel]
        for each in encodings
        for channel in ("size", "color")
        if "legend" in each.get(channel, {})
    }


def test_plans_of_the_run_alone_would_have_other_classes(run, report):
    sites = run.sites()
    of_plans = [SiteClasses.of([of_plan]) for _, of_plan in sites.groupby("solution_name")]
    assert any(each.limits(USE) != report["classes"]["use"]["limits"] for each in of_plans)
    of_run = SiteClasses.of([sites])
    assert report["pointSizes"] == of_run.legend_points
    assert any(each.most_points != of_run.most_points for each in of_plans)


def test_the_workbench_has_the_classes_of_the_report_for_every_plan(ask, run, report):
    for named in run.named_solutions:
        page = data_in(ask("GET", f"/plan?run={RUN}&solution={named.name}").text)
        for mine, key in ((USE.name, "use"), (MEAN_WAIT.name, "wait")):
            assert page["classes"][mine]["limits"] == report["classes"][key]["limits"]
            assert page["classes"][mine]["labels"] == report["classes"][key]["labels"]
        assert page["pointSizes"] == report["pointSizes"]
        assert page["mostPoints"] == SiteClasses.of([run.sites()]).most_points
        day = data_in(ask("GET", f"/day?run={RUN}&solution={named.name}").text)
        assert day["pointSizes"] == report["pointSizes"]
        assert day["mostPoints"] == page["mostPoints"]


def test_figures_have_the_classes_of_the_report_for_every_plan(run, report):
    layers = read_plan_map(run).layers
    for named in run.named_solutions:
        told = legends(map_figure(run, layers, named, ENGLISH).draw(300.0))
        assert told["n_hpc"]["legend"]["values"] == report["pointSizes"]
        assert told["n_hpc"]["scale"]["domain"] == [0, SiteClasses.of([run.sites()]).most_points]
        written = re.findall("'([^']*)'", told["use"]["legend"]["labelExpr"])
        assert plain(written) == plain(report["classes"]["use"]["labels"]["en"])


def test_qgis_has_the_classes_of_the_report_for_every_plan(run, report):
    with sqlite3.connect(run.folder / GEOPACKAGE) as package:
        styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    for name in (f"sites_{each.name.replace('-', '_')}" for each in run.named_solutions):
        style = fromstring(styles[name])
        ranges = [each for each in style.iter("range") if float(each.get("lower")) >= 0.0]
        limits = [float(each.get("upper")) for each in ranges[:-1]]
        assert limits == pytest.approx(report["classes"]["use"]["limits"])
        sizes = style.findall("renderer-v2/data-defined-size-legend/classes/class")
        assert [int(each.get("label").split()[0]) for each in sizes] == report["pointSizes"]
