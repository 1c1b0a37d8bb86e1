"""A sweep whose runs are pretended: figures without planning."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.plan.schemas import FRONT
from planner.scenario.sweep import load_sweep
from planner.sweeping.runs import SweepRun

NAMES = ("logistics", "balanced", "cpo")

SWEEP = """\
name: pretended
base: germany-10
axes:
  demand.electrification_share: [0.05, 0.1]
  sites.network: [policy, extended]
replications: {replications}
{more}
"""


def pretended_figures(run):
    """Figures that grow with the level, are better on more sites, and differ by seed."""
    share = run.scenario.demand.electrification_share
    extended = run.scenario.sites.network == "extended"
    chance = np.random.default_rng(run.scenario.seed).normal()
    return {
        name: {
            "n_hpc": round(10_000 * share) + 100 * extended - 50 * place + round(5 * chance),
            "n_lpc": 100,
            "mean_wait_min": 5.0 + place - 1.0 * extended + 0.5 * chance,
            "p95_wait_min": 20.0 + place,
            "tcu": 0.3,
            "ecu": 0.2,
            "ecu_year_5_days_share": 0.14,
            "ecu_year_6_days_share": 0.17,
            "energy_hpc_mwh": 1e4 * share,
            "energy_lpc_mwh": 2e3 * share,
            "lpc_energy_share": 1 / 6,
            "sessions_per_hpc_day": 12.0,
            "sessions_per_lpc_day": 0.9,
            "highest_site_peak_kw": 9000.0,
            "mean_trip_h": 11.7,
            "mean_trip_km": 480.0,
            "mean_extra_min": 8.0 + 0.5 * chance,
            "mean_extra_duration_share": 0.012,
            "mean_extra_km": 1.5,
            "mean_extra_distance_share": 0.003,
            "share_wait_over_15_min": 0.05,
            "n_lpc_rejected": 0,
        }
        for place, name in enumerate(NAMES)
    }


@pytest.fixture
def pretended(monkeypatch):
    """Runs have figures as soon as they are asked for; ``done`` are those that are complete."""
    done = set()
    replanning = {
        "mean_wait_after_min": 0.6,
        "p95_wait_after_min": 3.5,
        "wait_cut_share": 0.85,
        "n_lpc_rejected_after": 220,
        "mean_extra_km": -0.02,
        "after": {"tcu": 0.31, "mean_extra_min": 7.5},
    }

    def manifest(run):
        in_search = {} if run.scenario.sites.network == "policy" else {"rounds": []}
        has_any = run.scenario.replanning is not None
        replanned = {"replanning": replanning | in_search} if has_any else {}
        return {
            "summary": {
                "n_trips": 1000,
                "n_unserved": 10,
                "n_sites": 347,
                "solutions": pretended_figures(run),
                **replanned,
            },
            "named_solutions": [
                {"name": name, "solution": place} for place, name in enumerate(NAMES)
            ],
        }

    def front(run):
        rows = [
            {"solution": place, "name": name, **figures}
            for place, (name, figures) in enumerate(pretended_figures(run).items())
        ]
        return pd.DataFrame(rows)[FRONT.column_names]

    monkeypatch.setattr(SweepRun, "manifest", property(manifest))
    monkeypatch.setattr(SweepRun, "front", property(front))
    monkeypatch.setattr(SweepRun, "is_complete", lambda run: run.name in done)
    return done


@pytest.fixture
def sweep_of(tmp_path):
    def load(replications=3, more=""):
        path = tmp_path / "sweep.yaml"
        path.write_text(SWEEP.format(replications=replications, more=more), encoding="utf-8")
        return load_sweep(path)

    return load
