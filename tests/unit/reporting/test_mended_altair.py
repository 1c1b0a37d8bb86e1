"""Charts that are made in several threads at the same time, and without work done twice."""

import ast
import inspect
import json
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from inspect import getattr_static
from types import SimpleNamespace

import altair as alt
import pytest
from altair.utils import schemapi

from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.reporting.charts import mended_altair
from planner.reporting.charts.look import PAPER, SCREEN
from planner.reporting.charts.plan import plan_charts
from planner.reporting.figures.plan_figures import front_figure, hours_figure
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.runs.sources import PACKAGE
from planner.tables.language import ENGLISH


@pytest.fixture(scope="module")
def plan_run(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write_tables(plan, folder)
    write_manifest(folder / "run.json", plan_manifest(plan))
    return read_finished_run(folder)


def lines(number):
    encoded = {
        "x": alt.X("a:Q").title(f"x {number}").axis(format=f".{number}f").scale(zero=False),
        "y": alt.Y("b:Q").title(f"y {number}").axis(None if number % 2 else alt.Axis()),
        "color": alt.Color("c:N").title(f"colour {number}").legend(None),
    }
    return SCREEN.dressed(alt.Chart(alt.NamedData("rows")).mark_line().encode(**encoded))


def test_a_setter_sets_its_own_channel_whichever_is_asked_for_next():
    first, second = alt.X("a:Q").title, alt.X("b:Q").title
    assert first("A").to_dict() == {"field": "a", "type": "quantitative", "title": "A"}
    assert second("B").to_dict() == {"field": "b", "type": "quantitative", "title": "B"}


def test_charts_of_threads_are_those_that_one_thread_makes():
    numbers = list(range(8)) * 25
    alone = {number: lines(number) for number in range(8)}
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lines, numbers)) == [alone[number] for number in numbers]


def front_of(plan):
    return {axis: json.dumps(chart) for axis, chart in plan_charts(plan, ENGLISH).items()}


def hours_on_paper(run):
    drawn = (front_figure(run, ENGLISH), hours_figure(run, ENGLISH))
    return [json.dumps(PAPER.dressed(figure.draw(200.0))) for figure in drawn]


def test_a_page_and_figures_at_the_same_time_have_the_charts_that_each_has_alone(plan, plan_run):
    page, figures = front_of(plan), hours_on_paper(plan_run)
    with ThreadPoolExecutor(4) as threads:
        pages = [threads.submit(front_of, plan) for _ in range(6)]
        drawn = [threads.submit(hours_on_paper, plan_run) for _ in range(6)]
        assert [each.result() for each in pages] == [page] * 6
        assert [each.result() for each in drawn] == [figures] * 6


def test_a_channel_given_as_text_is_that_of_its_class():
    given = alt.Chart().encode(x="a:Q", text="name:N", x2="b:Q").encoding
    assert isinstance(given.x, alt.X)
    assert isinstance(given.text, alt.Text)
    assert isinstance(given.x2, alt.X2)
    assert given.text.to_dict() == alt.Text("name:N").to_dict()


def test_the_table_of_classes_is_made_once(monkeypatch):
    alt.Chart().encode(x="a:Q")
    monkeypatch.setattr(schemapi.json, "dumps", None)  # which each class would be hashed with
    alt.X.from_dict({"shorthand": "a:Q"}, validate=False)


def test_a_chart_is_checked_whole_and_its_parts_by_nobody_also_after_threads_copied_them():
    faulty = alt.Chart(alt.NamedData("rows")).mark_line(interpolate="by hand")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: faulty.copy(), range(100)))
    assert not schemapi.DEBUG_MODE
    with pytest.raises(schemapi.SchemaValidationError):
        faulty.to_dict()


def test_a_copy_shares_no_part_that_could_be_changed():
    rows = alt.Data(values=[{"a": 1.0, "c": "one"}, {"a": None, "c": [2, 3]}])
    chosen = alt.when(alt.datum.a > 1.0).then(alt.value("red")).otherwise(alt.value("blue"))
    chart = alt.Chart(rows).mark_line().encode(x=alt.X("a:Q").axis(values=[0, 1]), color=chosen)
    before = chart.to_dict()
    copied = chart.copy()
    assert copied.to_dict() == before
    copied.data["values"][1]["c"].append(4)
    copied.data["values"][0]["a"] = 5.0
    copied.encoding.x["axis"]["values"].append(2)
    assert chart.to_dict() == before
    by_reference = chart.copy(ignore=["data"])
    assert by_reference.data is chart.data


def test_the_class_still_says_what_its_setter_takes():
    assert "title" in alt.X.title.__doc__
    assert "format" in inspect.signature(alt.X.axis).parameters


def test_a_setter_answers_two_values_as_altairs_own_does():
    """Old versions take the first, new ones refuse both."""
    channel = alt.X("a:Q")
    own = copy(getattr_static(alt.X, "title"))
    own.obj = channel
    assert answered(channel.title, "A", "B") == answered(own, "A", "B")


def answered(setter, *values):
    try:
        return setter(*values).to_dict()
    except TypeError as refused:
        return str(refused)


def test_altair_is_as_this_mends_it():
    """Also of the oldest and of the newest version; else charts are drawn slower than need be."""
    assert mended_altair.HAS_KNOWN_SETTERS
    assert mended_altair.HAS_KNOWN_TABLE
    assert mended_altair.HAS_KNOWN_COPIES


class Setter:
    """As Altair's, with the channel kept by another name."""

    def __get__(self, channel, _):
        self.channel = channel
        return self

    def __call__(self, title):
        return self.channel.titled(title)


@pytest.fixture
def channels():
    class Channel:
        title = type("Setter", (Setter,), {})()

        def __init__(self, field):
            self.told = {"field": field}

        def titled(self, title):
            self.told["title"] = title
            return self

        def to_dict(self):
            return self.told

    return Channel


def test_setters_that_keep_their_channel_by_another_name_are_apart_as_well(channels):
    assert not mended_altair.mend_setters(channels)
    first, second = channels("a").title, channels("b").title
    assert first("A").to_dict() == {"field": "a", "title": "A"}
    assert second("B").to_dict() == {"field": "b", "title": "B"}


def test_setters_that_are_methods_are_left_alone(channels):
    channels.title = channels.titled
    assert not mended_altair.mend_setters(channels)
    assert channels("a").title("A").to_dict() == {"field": "a", "title": "A"}


@pytest.mark.parametrize("name", ["_FromDict", "disable_debug_mode"])
def test_without_what_is_mended_altair_goes_its_own_way(name):
    known = {"_FromDict": lambda classes: {"made": classes}, "disable_debug_mode": lambda: None}
    assert mended_altair.mend_table(SimpleNamespace(**known))
    del known[name]
    assert not mended_altair.mend_table(SimpleNamespace(**known))


def test_copies_are_of_altair_but_for_what_is_plain():
    assert not mended_altair.mend_copies(SimpleNamespace())
    module = SimpleNamespace(_deep_copy=lambda part, by_ref: [part, by_ref])
    assert mended_altair.mend_copies(module)
    assert module._deep_copy([1.0], {"data"}) == [[1.0], {"data"}]
    assert module._deep_copy(1.0, {"data"}) == 1.0


def test_a_table_that_is_made_of_more_is_made_as_altair_asks():
    module = SimpleNamespace(_FromDict=lambda classes, names: (classes, names))
    mended_altair.mend_table(module)
    assert module._FromDict([int], names="a") == ([int], "a")


def imported(path):
    """Modules that a module imports when it runs, not for its types alone."""
    todo, names = list(ast.parse(path.read_text(encoding="utf-8")).body), set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module)
        todo += ast.iter_child_nodes(node)
    return names


def test_whoever_makes_charts_has_these_setters():
    making = {
        str(path.relative_to(PACKAGE)): names
        for path in PACKAGE.rglob("*.py")
        if "altair" in (names := imported(path))
    }
    charts = "planner.reporting.charts"
    ours = {f"{charts}.look", f"{charts}.mended_altair"}
    without = {path for path, names in making.items() if not names & ours}
    assert len(making) > 10
    assert without == {"reporting/charts/mended_altair.py"}
