"""Directions that must hold, judged on figures that can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.plan.compared_runs import ComparedRun
from planner.plan.published_directions import (
    DIRECTIONS,
    HIGHER_USE,
    LESS_ENERGY,
    SHORTER_DETOURS,
    SHORTER_WAITS,
    verdicts,
)


@pytest.fixture
def run_of(tmp_path):
    def make(level=0.1, network="policy", *, tcu=0.3, detour_km=2.0, waits=None, energy=(2.0, 1.9)):
        folder = Path(tmp_path / f"{level}-{network}-{tcu}")
        folder.mkdir()
        front = pd.DataFrame(
            {
                "tcu": [0.2, 0.5],
                "energy_hpc_mwh": [800.0 * value for value in energy],
                "energy_lpc_mwh": [200.0 * value for value in energy],
            }
        )
        front.to_parquet(folder / "front.parquet")
        summary = {
            "solutions": {"balanced": {"tcu": tcu}},
            "reference": {"mean_extra_km": detour_km},
        }
        if waits:
            before, after = waits
            summary["replanning"] = {"mean_wait_before_min": before, "mean_wait_after_min": after}
        settings = {"sites.source": '"builtin"', "sites.network": f'"{network}"'}
        return ComparedRun(folder, "germany", level, 1, settings, settings, summary, {})

    return make


def holds(judged, direction):
    return [verdict.holds for verdict in judged if verdict.direction == direction]


def test_all_directions_hold_where_they_do(run_of):
    judged = verdicts(
        [
            run_of(network="extended", tcu=0.25, detour_km=1.5, waits=(4.0, 1.9)),
            run_of(network="policy", waits=(4.0, 0.5)),
        ]
    )
    assert {verdict.direction for verdict in judged} == set(DIRECTIONS)
    assert all(verdict.holds for verdict in judged)
    assert holds(judged, SHORTER_WAITS) == [True, True]
    energy = next(verdict for verdict in judged if verdict.direction == LESS_ENERGY)
    assert (energy.left, energy.right, energy.unit) == (2.0, 1.9, "GWh")


def test_none_holds_where_none_does(run_of):
    judged = verdicts(
        [
            run_of(tcu=0.2, detour_km=1.0, waits=(4.0, 2.0), energy=(2.0, 2.0)),
            run_of(network="extended", energy=(2.0, 2.1)),
        ]
    )
    assert {verdict.direction for verdict in judged} == set(DIRECTIONS)
    assert not any(verdict.holds for verdict in judged)


def test_replications_are_judged_by_their_mean(run_of):
    judged = verdicts(
        [run_of(tcu=0.31), run_of(tcu=0.27), run_of(network="extended", tcu=0.28, detour_km=3.0)]
    )
    assert holds(judged, HIGHER_USE) == [True]
    assert holds(judged, SHORTER_DETOURS) == [False]


def test_what_runs_do_not_tell_is_not_judged(run_of):
    judged = verdicts([run_of(), run_of(level=0.15, waits=(4.0, 3.0))])
    assert {verdict.direction for verdict in judged} == {LESS_ENERGY}
