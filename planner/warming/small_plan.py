"""A small plan, computed as far as it calls kernels: nothing is written, nor imported for that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from planner.plan.compute import compute_plan
from planner.runs.perform import perform
from planner.scenario.load import load_scenario
from planner.studies.plan_study import PLAN
from planner.warming.small_country import BREAK_FIRST, write_small_country

_COMPUTED_ALONE = replace(
    PLAN,
    compute=compute_plan,
    write=lambda *_: None,
    page=lambda *_: None,
    manifest=lambda *_: {},
    finish=None,
)


def compute_small_plan() -> None:
    """Compute a plan of the small country, and keep nothing but the kernels."""
    with TemporaryDirectory(prefix="planner-") as name:
        folder = Path(name)
        asked = load_scenario(write_small_country(folder), [BREAK_FIRST])
        perform(_COMPUTED_ALONE, asked, out=folder / "run")
