"""What people do with a finished plan, so that the kernels for it are compiled too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.layouts.class_plans import ClassQuestion, class_plans
from planner.layouts.edited_plan import EditedPlan
from planner.layouts.editing import OpenedPlan
from planner.layouts.rank_work import rank_work
from planner.layouts.site_ranking import RankQuestion, rank_sites
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.runs.progress import Quiet
from planner.scenario.infrastructure_costs import DEFAULT_COST_SET, read_cost_set

if TYPE_CHECKING:
    from pathlib import Path


def change_rank_and_mix(run_dir: Path) -> None:
    """Change a small plan as in the workbench, order its sites, and mix classes of its points."""
    opened = OpenedPlan(run_dir, Quiet())
    edited = EditedPlan(opened)
    opened.at(opened.plan)
    first, second, *_ = (
        site_id for site_id, index in opened.index_of.items() if opened.plan.n_hpc[index]
    )
    edited.give_more([first], n_hpc=1)
    edited.now.evaluated()
    edited.give([second], n_hpc=0)
    edited.now.evaluated()
    sites = opened.run.sites
    edited.add(float(sites.lon[:2].mean()), float(sites.lat[:2].mean()), n_hpc=1)
    edited.now.evaluated()
    edited.now.evaluated(learn_queues=True)
    _ = opened.course
    with rank_work(run_dir / "rank-2", Quiet()) as work:
        rank_sites(run_dir, RankQuestion(2, None, 24.0), work)
    costs = read_cost_set(DEFAULT_COST_SET)
    class_plans(run_dir, ClassQuestion(DEFAULT_SOLUTION, None, 1.0, costs), Quiet())
