"""The report as one file."""

import base64
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import vl_convert

from planner.plan.schemas import SITES
from planner.reporting import page_rendering
from planner.reporting.html_report import render_html_report
from planner.reporting.page_data import packed, page_data
from planner.reporting.page_rendering import inline_json, inline_script, script_hash
from planner.reporting.phrases import UNITS, unbroken
from planner.runs import kept_files
from planner.tables.forms import written
from planner.tables.language import ENGLISH
from planner.tables.terms import DEFINITIONS
from tests.languages import GERMAN


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


def unpacked(entry, n_solutions):
    """What the page reads from packed figures: by name, (n_solutions, n_columns)."""
    packed_bytes = zlib.decompress(base64.b64decode(entry["base64"]))
    shape = entry["columns"], n_solutions
    shown, start = {}, 0
    for figure in entry["figures"]:
        kind = np.dtype(f"<u{figure['bytes']}")
        block = np.frombuffer(packed_bytes, kind, shape[0] * shape[1], start).reshape(shape)
        start += block.nbytes
        unknown = block == np.iinfo(kind).max
        shown[figure["name"]] = np.where(unknown, np.nan, block * figure["unit"]).T
    assert start == len(packed_bytes)
    return shown


@pytest.fixture(scope="module")
def html(plan):
    return render_html_report(plan)


def test_figures_of_the_page_stay_on_one_line_with_their_units(html):
    shown = Page(html).text
    assert re.findall(r"(?:.{20}\d| / \d)\N{NO-BREAK SPACE}(?:%|km|MW)(?!\w)", shown)
    units = "|".join(UNITS)
    assert re.findall(rf".{{20}}\d (?:{units})(?!\w).{{20}}|.{{20}}\d / \d", shown) == []


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("after 4.5 h, 45 min and 80 km/h", "after 4.5_h, 45_min and 80_km/h"),
        ("0.25 EUR/kWh of 489 MW; 7 % (85)", "0.25_EUR/kWh of 489_MW; 7_% (85)"),
        ("1.2 / 1.2", "1.2_/_1.2"),
        ("20 trucks, 3 sites, 4 hours, 2 times", "20 trucks, 3 sites, 4 hours, 2 times"),
        ("5 ± 2 s.", "5 ±_2_s."),
    ],
)
def test_a_figure_is_together_with_its_unit_and_with_no_other_word(text, together):
    assert unbroken(text).replace("\N{NO-BREAK SPACE}", "_") == together


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
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    code = [text for text in page.scripts if not text.startswith("{")]
    assert scripts.split()[1:] == [str(script_hash(text)) for text in code]
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
    assert "Sites: given by you" in text
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


def test_figures_of_every_site_and_hour_are_there_for_every_plan(plan, page):
    data = json.loads(next(text for text in page.scripts if text.startswith("{")))

    of_groups = plan.front_groups.figures  # the first group is of all sites
    assert data["layouts"] == plan.hpc_layouts.tolist()
    assert data["sites"]["grid_connection_kw"][1] is None
    for entry, figures in (
        (data["siteFigures"], plan.detail.site),
        (data["hourlyFigures"], plan.detail.hourly),
        (data["groups"]["figures"], {key: rows[:, 1:] for key, rows in of_groups.items()}),
    ):
        shown = unpacked(entry, len(plan.front))
        assert set(shown) == set(figures)
        for figure in entry["figures"]:
            name, half = figure["name"], 0.5 * figure["unit"] + 1e-9
            assert shown[name] == pytest.approx(figures[name], abs=half, nan_ok=True)


def test_figures_of_the_front_are_rounded_once_where_they_are_shown(plan):
    tcu = plan.front["tcu"].to_numpy(copy=True)
    tcu[-1] = 0.22496  # 22 %; of 0.225, with the four decimals of a share, it would be 23 %
    front = page_data(replace(plan, front=plan.front.assign(tcu=tcu)))["front"]
    assert front["tcu"] == pytest.approx(tcu, rel=1e-9)
    assert written(front["tcu"][-1], "percent", ENGLISH) == "22 %"
    assert front["n_hpc"] == plan.front["n_hpc"].tolist()


@pytest.mark.parametrize(
    ("largest", "n_bytes"), [(65_534, 2), (65_535, 4), (139_423, 4), (4_294_967_294, 4)]
)
def test_a_count_too_large_for_sixteen_bits_takes_none_from_those_beside_it(largest, n_bytes):
    values = np.array([[56.0, np.nan], [largest, 0.0]])
    entry = packed({"n_sessions_hpc": values}, SITES)

    assert entry["figures"] == [{"name": "n_sessions_hpc", "unit": 1.0, "bytes": n_bytes}]
    shown = unpacked(entry, 2)["n_sessions_hpc"]
    np.testing.assert_array_equal(shown, values)


def test_figures_too_large_for_thirty_two_bits_keep_fewer_digits():
    entry = packed({"n_sessions_hpc": np.array([[56.0, 2.5e10]])}, SITES)

    assert entry["figures"] == [{"name": "n_sessions_hpc", "unit": 10.0, "bytes": 4}]
    assert unpacked(entry, 1)["n_sessions_hpc"].tolist() == [[60.0, 2.5e10]]


def test_regions_behind_a_border_are_said_in_german(plan):
    group = plan.extra["group"].replace("Nordland", "border AT")
    html = render_html_report(replace(plan, extra=plan.extra.assign(group=group)))
    assert '<span lang="de">Grenze AT</span>' in html
    assert ">Südland</th>" in html


def test_groups_of_the_default_plan_stand_in_a_table_per_grouping(plan, html, page):
    tables = {attrs.get("id", "") for tag, attrs in page.elements if tag == "table"}
    shown = {name for name in tables if name.startswith("table-groups-by-")}
    assert shown == {"table-groups-by-region", "table-groups-by-vehicle-class"}
    of_regions = html.split('id="table-groups-by-region"')[1].split("</table>")[0]
    assert of_regions.count("<tr data-name=") == 2
    of_plan = plan.groups[plan.groups["solution_name"] == plan.default_solution.name]
    north = of_plan[of_plan["group"] == "Nordland"].iloc[0]
    assert f'data-value="{north["simultaneous_peak_kw"]:.10g}"' in of_regions
    of_trucks = html.split('id="table-groups-by-vehicle-class"')[1].split("</table>")[0]
    assert 'data-key="n_sessions_hpc"' in of_trucks
    assert 'data-key="simultaneous_peak_kw"' not in of_trucks


def test_the_whole_page_is_there_in_german(plan, html, page):
    assert f'<span lang="de">{GERMAN.text("When trucks wait")}</span>' in html
    data = json.loads(next(text for text in page.scripts if text.startswith("{")))
    assert data["texts"]["de"]["No site of this name"] == "Kein Standort dieses Namens"
    titles = {column["key"]: column["title"]["de"] for column in data["siteColumns"]}
    assert titles["road"] == "Autobahn"
    front = json.dumps(data["charts"]["de"]["front-tcu"], ensure_ascii=False)
    assert "Mittlere Wartezeit (min)" in front
    assert set(data["charts"]["de"]) == set(data["charts"]["en"])


def test_the_same_plan_gives_the_same_page(plan, html):
    assert render_html_report(plan) == html


def test_a_plan_without_unserved_trips_and_comparison_says_so(plan):
    perfect = replace(
        plan,
        unserved=plan.unserved.iloc[:0],
        comparison=plan.comparison.iloc[:0],
        summary=plan.summary | {"n_served": 900, "n_unserved": 0},
    )
    text = Page(render_html_report(perfect)).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "All 900 trips can be driven with these sites." in text
    assert "How good the plans are" not in text


def test_a_national_plan_stays_under_three_megabytes(plan_maker):
    national = plan_maker(n_nodes=900, n_sites=779, n_solutions=110)

    assert len(render_html_report(national).encode()) < 3_000_000


def test_a_front_of_a_single_plan_has_a_page(plan_maker):
    single = plan_maker(n_solutions=1)
    text = Page(render_html_report(single)).text

    n_hpc = f"{single.front['n_hpc'][0]:,}"
    assert f"electric long-haul trucks need {n_hpc} high-power charging points. " in text


def test_a_plan_without_served_trips_has_a_page(plan):
    nothing = replace(
        plan,
        trips=plan.trips.assign(extra_min=np.nan, reference_h=np.nan),
        extra=plan.extra.iloc[:0],
        summary=plan.summary | {"reference": {}},
    )
    assert "What charging adds to the trips" not in Page(render_html_report(nothing)).text


def test_replanning_is_shown_before_and_after(plan):
    history = [
        {"mean_wait_min": 4.0, "p95_wait_min": 25.0},
        {"mean_wait_min": 1.5, "p95_wait_min": 9.0},
    ]
    learned = {
        "mean_wait_before_min": 4.0,
        "mean_wait_after_min": 1.5,
        "p95_wait_before_min": 25.0,
        "p95_wait_after_min": 9.0,
        "n_lpc_rejected_before": 3,
        "n_lpc_rejected_after": 2,
        "n_changed_site": 1234,
        "gap_before_s": 130.2,
        "gap_s": 4.4,
        "would_change_share": 0.07,
        "is_settled": False,
        "history": history,
    }
    page = Page(render_html_report(replace(plan, summary=plan.summary | {"replanning": learned})))
    data = json.loads(next(text for text in page.scripts if text.startswith("{")))

    assert "1,234 trucks ended up at other sites" in page.text
    assert "take 4 s less on average (at first: 130 s), and 7 % of the trucks" in page.text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "The loop ended at its maximum of iterations" in page.text
    assert [row["mean_wait_min"] for row in data["chartData"]["learning"]] == [4.0, 1.5]
    assert "learning" in data["charts"]["en"]


def test_published_figures_stand_beside_a_plan_of_the_builtin_germany_alone(plan):
    builtin = {
        "network": {"source": "builtin"},
        "sites": {"source": "builtin", "network": "policy"},
        "demand": {"electrification_share": 0.1, "days": ["mon", "tue", "wed", "thu"]},
    }
    solutions = {
        name: figures
        | {
            "energy_hpc_mwh": 20_000.0,
            "energy_lpc_mwh": 5_000.0,
            "lpc_energy_share": 0.2,
            "ecu_year_5_days_share": 0.1,
            "ecu_year_6_days_share": 0.12,
        }
        for name, figures in plan.summary["solutions"].items()
    }
    summary = plan.summary | {"solutions": solutions, "n_hpc_without_queues": 300}
    germany = Page(render_html_report(replace(plan, scenario=builtin, summary=summary)))
    data = json.loads(next(text for text in germany.scripts if text.startswith("{")))

    assert "Published figures beside these" in germany.text
    assert "Mean wait of a high-power session in the balanced plan" in germany.text
    assert "not comparable: the study does not print how this figure is defined" in germany.text
    (mark,) = data["published"]["de"]["tcu"]
    assert (mark["x0"], mark["x1"], mark["y0"], mark["y1"]) == (0.23, 0.32, 1.4, 1.9)
    assert mark["label"] == "veröffentlicht: ausgewogen"
    assert "Published figures beside these" not in Page(render_html_report(plan)).text


def test_the_chart_library_is_bundled_once_for_all_commands(tmp_path, monkeypatch):
    bundled = []

    def bundle(wish):
        bundled.append(wish)
        return "let vega;\r\n//\N{EN DASH}"

    monkeypatch.setattr(kept_files, "_FOLDER", tmp_path / "__pycache__")
    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    chart_library = page_rendering.chart_library.__wrapped__
    assert chart_library() == bundle("")  # where nothing can be written it is bundled each time
    (tmp_path / "__pycache__").mkdir()
    assert {chart_library() for _ in range(3)} == {bundle("")}
    assert len(bundled) == 4
    assert [len(path.suffix) for path in (tmp_path / "__pycache__").iterdir()] == [len(".js")]
    monkeypatch.setattr(page_rendering, "version", lambda _: "another")
    chart_library()
    assert len(bundled) == 5


def test_json_and_scripts_cannot_close_their_element():
    text = "</script><!-- & \u2028"
    assert json.loads(inline_json([text])) == [text]
    assert not set("<>&\u2028") & set(inline_json([text]))
    assert inline_script("a = '</script><!--'") == "a = '<\\/script><\\!--'"
    with pytest.raises(ValueError, match="Out of range"):
        inline_json([float("nan")])


def test_trips_of_stages_and_checks_are_told_as_those_of_warm_up_days_too(plan):
    taken = {"stops": {"run": "beside", "key": "1a", "seconds": 2.0, "n_trips": 5}}
    html = render_html_report(replace(plan, provenance=plan.provenance | {"taken_stages": taken}))
    stage = "Stage taken from another run · stops · trips, warm-up days included"
    assert stage in html
    assert "Schritt aus einem anderen Lauf · Halte · Fahrten, Vorlauftage eingeschlossen" in html
    assert "n trips" not in html
