"""The reference pages are what the code says, and links between pages lead somewhere."""

from __future__ import annotations

import json
import re
import runpy
import tomllib
from pathlib import Path

import pytest

import planner

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "scenarios").glob("*.md")),
]


def test_reference_pages_are_current():
    built = runpy.run_path(str(ROOT / "docs" / "build_reference.py"))
    pages = {
        "scenario.md": built["scenario_reference"](),
        "sweep.md": built["sweep_reference"](),
        "depot.md": built["depot_reference"](),
        "market.md": built["market_reference"](),
        "results.md": built["results_reference"](),
    }
    for name, text in pages.items():
        committed = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert committed == text, f"docs/reference/{name} is out of date: run 'make docs'"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_reference_of_python_names_all_that_the_planner_gives():
    page = (ROOT / "docs" / "reference" / "python.rst").read_text(encoding="utf-8")
    named = re.findall(r"^\.\. (?:auto)?\w+:: (\w+)$", page, re.MULTILINE)
    assert sorted(named) == sorted(["planner", *planner.__all__])


def test_the_site_has_all_pages():
    contents = runpy.run_path(str(ROOT / "docs" / "site" / "conf.py"))["PAGES"]
    pages = [*PAGES, *(ROOT / "docs" / "reference").iterdir(), *(ROOT / "notebooks").iterdir()]
    of_docs = {
        path.relative_to(ROOT).with_suffix("").as_posix() for path in pages if path.is_file()
    }
    assert of_docs - {"docs/index"} <= set(contents)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_kept_without_results(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) > 5
    assert not [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"]]


def test_the_picture_of_the_house_shows_the_layers():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = [
        {f"planner.{name}" for name in re.findall(r"`(\w+)`", row.split("|")[1])}
        for row in re.findall(r"^\| `.*", page, re.MULTILINE)
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    assert shown == [set(layer.split(" | ")) for layer in layers]
    rooms = {
        f"planner.{path.stem}"
        for path in (ROOT / "planner").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert set().union(*shown) == rooms - {"planner.__init__", "planner.__main__"}
