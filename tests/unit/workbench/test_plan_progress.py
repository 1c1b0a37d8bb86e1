"""What the page of a plan says while somebody waits for its changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from planner.runs.noted_progress import HowFar
from planner.workbench import plan_api


@pytest.fixture
def progress():
    """What is answered where the work of a change is so far."""

    def answered(how_far):
        told = SimpleNamespace(how_far=lambda _: how_far)
        routes = plan_api.plan_routes(SimpleNamespace(told=told)).routes
        return next(each for each in routes if each.path.endswith("/progress")).endpoint("key")

    return answered


def test_a_page_tells_of_kernels_only_while_they_are_compiled(progress, monkeypatch):
    assert progress(None) == {}
    monkeypatch.setattr(plan_api, "is_compiling", lambda: True)
    assert progress(None)["text"] == {
        "en": "Compiling numerical kernels, the first time only ...",
        "de": "Rechenkerne werden übersetzt, nur beim ersten Mal ...",
    }
    trucks = progress(HowFar("Planning stops", 1, 2, elapsed_s=1.0))
    assert trucks["text"]["en"].startswith("Planning stops")
