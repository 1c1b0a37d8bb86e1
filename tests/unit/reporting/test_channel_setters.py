"""Charts that are made in several threads at the same time."""

import ast
import inspect
from concurrent.futures import ThreadPoolExecutor

import altair as alt
import pytest

from planner.reporting.charts.look import SCREEN
from planner.runs.sources import PACKAGE


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


def test_the_class_still_says_what_its_setter_takes():
    assert "title" in alt.X.title.__doc__
    assert "format" in inspect.signature(alt.X.axis).parameters
    with pytest.raises(TypeError, match=r"X\.title\(\) accepts at most one"):
        alt.X("a:Q").title("A", "B")


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
    ours = {f"{charts}.look", f"{charts}.channel_setters"}
    without = {path for path, names in making.items() if not names & ours}
    assert len(making) > 10
    assert without == {"reporting/charts/channel_setters.py"}
