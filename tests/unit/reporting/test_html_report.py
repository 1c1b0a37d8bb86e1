"""The report as one file."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from planner.reporting.definitions import DEFINITIONS
from planner.reporting.html_report import inline_json, inline_script, render_html_report


class Page(HTMLParser):
    """Elements, their attributes and the text outside scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.scripts, self._inside = [], "", [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text += data


@pytest.fixture(scope="module")
def html(plan):
    return render_html_report(plan)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_nothing_is_loaded_from_elsewhere(page):
    policy = next(
        attrs["content"]
        for tag, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    for tag, attrs in page.elements:
        assert "src" not in attrs
        assert tag != "link" or attrs["href"] == "data:,"
        assert tag != "a" or attrs["href"].startswith("#")


def test_the_answer_and_the_named_plans_can_be_read_without_scripts(plan, page):
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "How many charging points do 10 % electric long-haul trucks need?" in text
    for named in plan.named_solutions:
        assert named.title in page.text
        assert f"{plan.front['n_hpc'][named.solution]:,}" in page.text
    for definition in DEFINITIONS.values():
        assert definition.text in page.text
    for assumption in plan.assumptions:
        assert assumption.source in page.text


def test_names_of_sites_cannot_become_markup(plan, html, page):
    assert "alert(1)</script>" not in html
    data = json.loads(next(text for text in page.scripts if text.startswith("{")))
    assert data["sites"]["name"][0] == plan.sites.name[0]


def test_texts_of_the_scenario_cannot_become_markup(plan):
    nasty = replace(plan, name="<img src=x>", description="</title><script>alert(2)</script>")
    page = Page(render_html_report(nasty))

    assert "img" not in {tag for tag, _ in page.elements}
    assert "alert(2)" not in "".join(page.scripts[1:])
    assert "</title><script>alert(2)</script>" in page.text


def test_every_solution_and_named_plan_is_in_the_data(plan, page):
    data = json.loads(next(text for text in page.scripts if text.startswith("{")))

    assert data["layouts"] == plan.hpc_layouts.tolist()
    assert set(data["figures"]) == {named.name for named in plan.named_solutions}
    assert data["figures"]["balanced"]["mean_wait_min"][2] is None
    assert data["sites"]["grid_connection_kw"][1] is None


def test_the_same_plan_gives_the_same_page(plan, html):
    assert render_html_report(plan) == html


def test_a_plan_without_unserved_trips_and_comparison_says_so(plan):
    perfect = replace(
        plan,
        unserved=plan.unserved.iloc[:0],
        comparison=plan.comparison.iloc[:0],
        summary=plan.summary | {"n_served": 900, "n_unserved": 0},
    )
    text = Page(render_html_report(perfect)).text

    assert "All 900 trips can be driven with these sites." in text
    assert "How good the plans are" not in text


def test_sites_that_draw_more_than_their_grid_connection_are_counted(plan):
    figures = plan.site_figures.assign(peak_power_kw=100.0, grid_connection_kw=200.0)
    figures.loc[
        (figures["solution_name"] == "balanced") & (figures["site_id"] == "S005"), "peak_power_kw"
    ] = 201.0
    text = Page(render_html_report(replace(plan, site_figures=figures))).text

    assert re.search(r"1\s+site draws\s+more power at the peak than its grid connection", text)


def test_a_national_plan_stays_under_three_megabytes(plan_maker):
    national = plan_maker(n_nodes=900, n_sites=779, n_solutions=110)

    assert len(render_html_report(national).encode()) < 3_000_000


def test_a_front_of_a_single_plan_has_a_page(plan_maker):
    single = plan_maker(n_solutions=1)
    text = Page(render_html_report(single)).text

    n_hpc = f"{single.front['n_hpc'][0]:,}"
    assert f"electric long-haul trucks need {n_hpc} high-power charging points. The" in text


def test_json_and_scripts_cannot_close_their_element():
    text = "</script><!-- & \u2028"
    assert json.loads(inline_json([text])) == [text]
    assert not set("<>&\u2028") & set(inline_json([text]))
    assert inline_script("a = '</script><!--'") == "a = '<\\/script><\\!--'"
    with pytest.raises(ValueError, match="Out of range"):
        inline_json([float("nan")])
