"""The reference pages are what the code says, and links between pages lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
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
