"""What is taken away from the workbench: tables, maps, pictures, links, files."""

import io
import json
import shutil
import sqlite3
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pypdf
import pytest

from planner.errors import InputDataError
from planner.layouts.evaluation import evaluate_layout
from planner.workbench import take_pictures
from planner.workbench.take_links import packed, unpacked

RUN = "outputs/small"
PLACE = (8.2, 51.1)
"""Beside the road between two of the study's towns, where it has no site."""
ADDED = {"site_id": "new-1", "name": "new", "road": "A1", "lon": 10.0, "lat": 51.0}
SHAPES = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">{}</svg>'


@pytest.fixture
def changed(ask, folder):
    """Changes of one site: three points more."""
    key = ask.json("POST", "/api/changes", {"run": RUN})["key"]
    site = pd.read_parquet(folder / RUN / "layouts.parquet")["site_id"].iloc[1]
    return ask.json("POST", f"/api/changes/{key}", {"sites": [site], "more_hpc": 3})


def raw(ask, path):
    answer = ask("GET", path)
    assert answer.status == 200, answer.text
    return answer.content


def cells(content):
    book = openpyxl.load_workbook(content, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_table_and_project_are_those_of_planner_evaluate(ask, folder, changed, tmp_path):
    way = f"/api/changes/{changed['key']}"
    ask.json("POST", f"{way}/layout", {"name": "taken"})
    evaluate_layout(folder / RUN, folder / "layouts" / "taken.csv", out=tmp_path / "own", qgis=True)
    own = raw(ask, f"{way}/sites.xlsx")
    assert cells(io.BytesIO(own)) == cells(tmp_path / "own" / "sites.xlsx")
    with zipfile.ZipFile(io.BytesIO(raw(ask, f"{way}/qgis.zip"))) as taken:
        assert sorted(taken.namelist()) == ["layout.gpkg", "layout.qgz"]
        for name in taken.namelist():
            assert taken.read(name) == (tmp_path / "own" / name).read_bytes()
    sites = gpd.read_file(tmp_path / "own" / "layout.gpkg", layer="sites_layout")
    assert sites["n_hpc"].tolist() == changed["n_hpc"]
    changes = gpd.read_file(tmp_path / "own" / "layout.gpkg", layer="changes_layout")
    assert changes["n_hpc_change"].tolist() == [3.0, *[0.0] * (len(sites) - 1)]
    with sqlite3.connect(tmp_path / "own" / "layout.gpkg") as book:
        styled = {name for (name,) in book.execute("SELECT f_table_name FROM layer_styles")}
    assert {"sites_layout", "sites_before", "changes_layout"} <= styled


def test_a_link_holds_all_changes_and_leads_to_the_run_wherever_it_lies(ask, folder, changed):
    way, site = f"/api/changes/{changed['key']}", changed["changed"][0]
    key = pd.read_parquet(folder / RUN / "layouts.parquet")["site_id"].iloc[site]
    ask.json("POST", f"{way}/bounds", {"how": "most", "of_sites": {key: "keep"}})
    assert ask("POST", f"{way}/bounds", {"of_sites": {"nowhere": "keep"}}).status == 400
    made = ask.json("GET", f"{way}/link")
    link = f"http://127.0.0.1:1/plan?run={RUN}&solution=balanced#state={made['state']}"
    assert len(link) < 450
    # Of another workbench nothing is needed but the link itself.
    (folder / ".planner-workbench" / "changes" / f"{changed['key']}.json").unlink()
    page = ask.json("POST", "/api/links", {"link": link})["page"]
    assert page.startswith("/plan?run=outputs/small&solution=balanced#state=")
    begun = ask.json("POST", "/api/links/changes", made)
    assert begun["notes"] == []
    assert begun["key"] != changed["key"]
    assert (begun["figures"], begun["n_hpc"]) == (changed["figures"], changed["n_hpc"])
    assert begun["binding"] == {"how": "most", "of_sites": {key: "keep"}}
    other = ask.json("POST", "/api/links/changes", made | {"of": "0" * 64})
    assert "another run" in other["notes"][0]["en"]
    shutil.copytree(folder / RUN, folder / "outputs" / "renamed")
    moved = ask.json("POST", "/api/links", {"link": f"{link}&of={made['of']}".replace(RUN, "x")})
    assert moved["page"].startswith(("/plan?run=outputs/renamed&", f"/plan?run={RUN}&"))
    ask.json("POST", "/api/runs/bin", {"run": "outputs/renamed"})


@pytest.mark.parametrize(
    "link", ["", "x", "http://[", "http://h/plan?run=outputs/none#state=eA", "http://h/plan#run=x"]
)
def test_what_is_no_link_is_told(ask, link):
    answer = ask("POST", "/api/links", {"link": link})
    assert answer.status == 400
    assert json.loads(answer.text)["fault"]["en"].startswith("link")


@pytest.mark.parametrize(
    "state",
    [
        "",
        "eA",
        "!" * 9,
        packed({"run": "../x", "solution": "balanced", "steps": [], "n_done": 0}),
        packed({"run": RUN, "solution": "balanced", "steps": [{"x": [1, 1]}], "n_done": 1}),
        packed({"run": RUN, "solution": "balanced", "steps": [[1]], "n_done": {}}),
        packed({"run": "0" * 6_000_000}),
    ],
    ids=["nothing", "cut", "signs", "elsewhere", "unknown-site", "other", "bomb"],
)
def test_a_link_that_somebody_has_changed_begins_nothing(ask, state):
    answer = ask("POST", "/api/links/changes", {"state": state})
    assert answer.status == 400
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "otherwise",
    [
        {"points": {"SITE": {"n_hpc": 10**9, "n_lpc": 0}}},
        {"points": {"SITE": {"n_hpc": 1, "n_lpc": 10**12}}},
        {"points": "none at all"},
        {"connections_kw": {"SITE": float("nan")}},
        {"connections_kw": {"no-site": 500.0}},
        {"added": [ADDED, ADDED]},
        {"added": [ADDED | {"name": "a\0b"}]},
        {"n_done": float("inf")},
        {"binding": {"how": "sideways"}},
        {"binding": [1]},
    ],
)
def test_a_link_holds_only_what_the_page_would_let_in(ask, changed, otherwise):
    told = unpacked(ask.json("GET", f"/api/changes/{changed['key']}/link")["state"])
    (step,) = told["steps"]
    (site,) = step["points"]
    if otherwise.get("points") == "none at all":
        sites = pd.read_parquet(ask.folder / RUN / "layouts.parquet")["site_id"]
        otherwise = {"points": {key: {"n_hpc": 0, "n_lpc": 0} for key in sites}}
    text = json.dumps(otherwise).replace("SITE", site)
    for key, value in json.loads(text).items():
        (told if key in told else step)[key] = value
    answer = ask("POST", "/api/links/changes", {"state": packed(told)})
    assert answer.status == 400, answer.text


@pytest.mark.parametrize("name", ["\ud800", "\0", " \u202e\n"])
def test_a_new_site_gets_a_name_that_tables_hold(ask, name):
    key = ask.json("POST", "/api/changes", {"run": RUN})["key"]
    asked = {"lon": PLACE[0], "lat": PLACE[1], "n_hpc": 1, "name": name}
    (added,) = ask.json("POST", f"/api/changes/{key}/sites", asked)["added"]
    assert added["name"].isprintable()
    assert added["name"].startswith("west-north")


def test_what_is_packed_is_unpacked():
    told = {"run": "a b", "steps": [{"x": [1, 2]}], "ä": None}
    assert unpacked(packed(told)) == told


def test_a_picture_becomes_a_pdf_with_its_texts(ask):
    svg = SHAPES.format('<circle r="9"/><text y="20" font-family="sans-serif">Kassel 5 min</text>')
    answer = ask("POST", "/api/pictures/pdf", svg.encode(), ask.known)
    assert answer.status == 200
    (page,) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert "Kassel 5 min" in page.extract_text()


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(take_pictures, "LONGEST_S", 0.01)
    with pytest.raises(InputDataError, match=r"not drawn as PDF within 0\.01 s; zoom in"):
        take_pictures.picture_pdf(SHAPES.format("").encode())


@pytest.mark.parametrize(
    "svg",
    [
        b" ",
        b"\xff\xfe",
        b"<svg",
        SHAPES.format('<image href="file:///etc/passwd"/>').encode(),
        SHAPES.format('<path fill="url(file:///etc/passwd)"/>').encode(),
        SHAPES.format("<script/>").encode(),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SHAPES.format("<text>&a;</text>").encode(),
        SHAPES.format("<g>" * 20_000 + "</g>" * 20_000).encode(),
    ],
)
def test_a_picture_that_names_something_else_is_refused(ask, svg):
    answer = ask("POST", "/api/pictures/pdf", svg, ask.known)
    assert answer.status == 400
    assert json.loads(answer.text)["fault"]["en"].startswith("picture: expected")


def test_the_files_of_a_run_are_listed_and_come_in_one_archive(ask, folder):
    files = ask.json("GET", f"/api/runs/files?run={RUN}")
    paths = [each["path"] for each in files]
    assert {"run.json", "plan.qgz", "plan.xlsx", "figures/map.svg"} <= set(paths)
    assert not [path for path in paths if path.startswith(".")]
    for each in files:
        assert each["n_bytes"] == (folder / RUN / each["path"]).stat().st_size
    assert raw(ask, files[0]["url"]) == (folder / RUN / paths[0]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw(ask, f"/api/runs/files.zip?run={RUN}"))) as taken:
        assert taken.testzip() is None
        assert taken.namelist() == [f"small/{path}" for path in paths]
        assert taken.read("small/run.json") == (folder / RUN / "run.json").read_bytes()
    page = ask("GET", f"/files-of?run={RUN}").text
    assert f'href="/files/{RUN}/figures/map.svg"' in page
    for wrong in ("..", "outputs", ".planner-workbench", "outputs/none"):
        assert ask("GET", f"/api/runs/files.zip?run={wrong}").status == 400
