"""Drawing in a process beside this one: the same pictures, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys

import pytest

from planner.reporting.figures.drawing import DrawnBeside, DrawnHere

SPEC = json.dumps(
    {
        "mark": "bar",
        "data": {"values": [{"site": "Köln-Süd", "points": 1234.5}]},
        "encoding": {
            "x": {"field": "site", "type": "nominal"},
            "y": {"field": "points", "type": "quantitative"},
        },
    }
)
LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}


@pytest.fixture
def beside():
    drawing = DrawnBeside()
    yield drawing
    drawing.end()


def test_another_process_draws_the_same_bytes(beside):
    here = DrawnHere()
    svg = here.svg(SPEC, LOCALE)
    assert beside.svg(SPEC, LOCALE) == svg
    assert beside.svg(json.loads(SPEC), {}) == here.svg(json.loads(SPEC), {})
    assert beside.png(svg, 300.0) == here.png(svg, 300.0)
    assert beside.png(svg, 72.0, 2.0) == here.png(svg, 72.0, 2.0) != here.png(svg, 72.0)
    assert beside.pdf(svg).startswith(b"%PDF")
    assert beside.pid is not None


def test_a_chart_that_cannot_be_drawn_is_told_alike_and_the_next_one_is_drawn(beside):
    told = []
    for drawing in (DrawnHere(), beside):
        with pytest.raises(ValueError, match="Vega") as caught:
            drawing.svg('{"mark": 1}', LOCALE)
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert beside.svg(SPEC, LOCALE) == DrawnHere().svg(SPEC, LOCALE)


def test_where_the_process_is_gone_this_one_draws(beside):
    svg = beside.svg(SPEC, LOCALE)
    os.kill(beside.pid, signal.SIGKILL)
    assert beside.svg(SPEC, LOCALE) == svg
    assert beside.pid is None
    assert beside.png(svg, 300.0) == DrawnHere().png(svg, 300.0)


def test_an_interrupt_at_the_terminal_leaves_the_process_to_its_picture(beside):
    svg = beside.svg(SPEC, LOCALE)
    os.kill(beside.pid, signal.SIGINT)
    assert beside.svg(SPEC, LOCALE) == svg
    assert beside.pid is not None


def test_the_process_ends_with_its_context_also_while_others_hold_its_input():
    with DrawnBeside() as beside:
        pid = beside.pid
        keeps_input_open = os.dup(beside._process.stdin.fileno())
    try:
        assert beside.pid is None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    finally:
        os.close(keeps_input_open)


@pytest.mark.parametrize("ending", ["os._exit(3)", "sys.exit(3)", "raise KeyboardInterrupt"])
def test_the_process_ends_with_the_one_that_began_it_however_that_ends(ending):
    program = (
        "import os, sys\n"
        "from planner.reporting.figures.drawing import DrawnBeside\n"
        "beside = DrawnBeside()\n"
        f"beside.svg({SPEC!r}, {LOCALE!r})\n"
        f"{ending}\n"
    )
    # It holds the same standard error, which is at its end when both have ended.
    done = subprocess.run(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, timeout=120, check=False
    )
    assert done.returncode != 0
