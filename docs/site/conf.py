"""The documentation as a site that is read offline: settings of Sphinx.

Sources are the pages of the repository as they stand, so that links between them hold here as on a
code host. ``make site`` builds it into ``outputs/docs`` and fails on any warning.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import planner

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
CONTENTS = {
    "Begin": ["README", "docs/tutorial", "docs/workbench", "docs/how-to"],
    "Notebooks": [
        "notebooks/README",
        "notebooks/front_by_hand",
        "notebooks/new_country",
        "notebooks/depot",
        "notebooks/workbench_api",
    ],
    "Results": ["docs/publishing", "docs/qgis"],
    "Depots and markets": ["docs/depot", "docs/market"],
    "Reference": [
        "docs/reference/scenario",
        "docs/reference/results",
        "docs/reference/sweep",
        "docs/reference/depot",
        "docs/reference/market",
        "docs/reference/python",
    ],
    "Background": [
        "docs/background",
        "docs/algorithm",
        "docs/published",
        "docs/trust",
        "benchmarks/RESULTS",
        "network/germany/README",
        "network/germany/SITES",
        "network/europe/README",
        "network/outlines/README",
        "network/towns/README",
    ],
    "Work on it": ["CONTRIBUTING", "planner/tables/languages/README", "CHANGELOG"],
}
"""Pages by the heading that they stand under, in the order of the sidebar."""
TITLES = {
    "README": "The first run",
    "notebooks/README": "What they are",
    "docs/reference/scenario": "Scenario: its keys",
    "docs/reference/results": "Result tables",
    "docs/reference/sweep": "Sweep",
    "docs/reference/depot": "Depot and tariffs",
    "docs/reference/market": "Market",
    "docs/reference/python": "Python",
}
"""Titles in the sidebar, where a page's own is longer than it bears."""
PAGES = [page for pages in CONTENTS.values() for page in pages]
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<to>[^):#]+)\)")

project = "Truck charging planner"
release = version = planner.__version__
root_doc = "docs/index"
include_patterns = ["docs/index.md", *(f"{page}.*" for page in PAGES)]
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
templates_path = ["templates"]

myst_heading_anchors = 4  # the anchors that a code host gives to headings
nb_execution_mode = "force"  # results are made anew, with the code as it stands
nb_execution_raise_on_error = True
nb_execution_timeout = 300  # seconds for a cell
nb_merge_streams = True
autodoc_typehints = "none"  # docstrings have types with shapes and units
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_param = False  # else shapes in types are taken for names to link to

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["tables.css"]
html_title = project
html_additional_pages = {"index": "forward.html"}
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # it asks for pages, which a browser forbids to opened files
html_last_updated_fmt = None  # same pages, same bytes


def lead_folders_to_their_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """Let links to folders lead to the page of the folder; where it has none they are no links."""

    def to_page(link: re.Match[str]) -> str:
        folder = app.env.doc2path(page).parent / link["to"]
        if not folder.is_dir():
            return link[0]
        name = (folder.resolve() / "README").relative_to(ROOT).as_posix()
        return f"[{link['text']}]({link['to']}/README.md)" if name in PAGES else link["text"]

    source[0] = _LINK.sub(to_page, source[0])


def add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Put the sidebar's contents below the first page, not into its file, where they are noise."""
    if page == root_doc:
        for caption, pages in CONTENTS.items():
            to = [f"{TITLES[each]} </{each}>" if each in TITLES else f"/{each}" for each in pages]
            lines = ["", "```{toctree}", f":caption: {caption}", ":hidden:", "", *to, "```"]
            source[0] += "\n".join(lines) + "\n"


def setup(app: Sphinx) -> None:
    """Add what is ours to Sphinx."""
    app.connect("source-read", lead_folders_to_their_pages)
    app.connect("source-read", add_contents)
