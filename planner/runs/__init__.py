"""What every run has: a folder that is whole or resumed, progress, random numbers, kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.runs.manifests import read_manifest
    from planner.runs.perform import Study
    from planner.runs.progress import TimedStages
    from planner.runs.random_streams import RandomStreams
    from planner.runs.run_directory import RunDirectory
    from planner.runs.stage_folders import StageFolders

__all__ = [
    "RandomStreams",
    "RunDirectory",
    "StageFolders",
    "Study",
    "TimedStages",
    "read_manifest",
]

__getattr__ = door(
    __name__,
    {
        "RandomStreams": "planner.runs.random_streams",
        "RunDirectory": "planner.runs.run_directory",
        "StageFolders": "planner.runs.stage_folders",
        "Study": "planner.runs.perform",
        "TimedStages": "planner.runs.progress",
        "read_manifest": "planner.runs.manifests",
    },
)
