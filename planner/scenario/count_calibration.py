"""How the volumes of a demand are weighed anew by traffic counts: ``demand.calibrate``."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.parameter_sets import Number, Positive, Whole


class CountCalibration(FileSection):
    """How the volumes of OD pairs are weighed anew by traffic counts."""

    counts: InputPath = Field(
        description="Table of counting stations, as `planner counts` takes it."
    )
    max_distance_km: Positive = Field(
        default=3.0,
        le=100.0,
        description="Farthest that a station may lie from its road as the network draws it, km.",
    )
    held_out_share: Number = Field(
        default=0.25,
        ge=0.0,
        le=0.9,
        description="Share of the stretches with stations that the weighing does not see, and by "
        "which it is judged.",
    )
    held_out_seed: Whole = Field(
        default=1,
        ge=0,
        le=1_000_000,
        description="Seed of the draw of these, whatever the seed of the study.",
    )
    most_factor: Number = Field(
        default=4.0,
        gt=1.0,
        le=100.0,
        description="A pair gets at most this many times its volume, and at least as small a part "
        "of it.",
    )
    tolerance_share: Number = Field(
        default=0.5,
        ge=0.05,
        le=10.0,
        description="How far traffic may miss counts rather than volumes change: the deviation of "
        "a stretch with one truck a day, as a share of it; of n trucks it is 1/sqrt(n) of that.",
    )
