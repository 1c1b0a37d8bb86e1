"""Trucks that learn the queues of a layout: section ``replanning``."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.parameter_sets import Section, Share, Whole


class Replanning(Section):
    """Trucks learn where and when the queues of a layout are, and stop elsewhere."""

    iterations: Whole = Field(
        default=100,
        ge=2,
        le=1000,
        description="Most iterations; the loop ends before them when trucks have settled.",
    )
    share: Share = Field(
        default=0.7,
        gt=0.0,
        description="Share of the trucks that plan anew in the first iteration, of those that "
        "might gain by it; half as many after 10 iterations, a third after 20, and so on. Of "
        "drivers who follow `break_first` the share of each iteration.",
    )
    tolerance_share: Share = Field(
        default=0.001,
        description="Trucks have settled when they miss their best responses in the queues by no "
        "more than this share of the time of all trips, and no more than `changing_share` of them "
        "would gain more than this share of the time of their own trip by another plan.",
    )
    changing_share: Share = Field(
        default=0.01,
        description="Share of the served trips that may still gain so much when trucks have "
        "settled.",
    )
    in_optimization: bool = Field(
        default=False,
        description="Whether to search the front again for the trucks that have learned the "
        "balanced layout, and so on until the front stands still.",
    )
    max_rounds: Whole = Field(
        default=4, ge=1, le=50, description="Most searches that follow a replanning."
    )
    round_tolerance: Share = Field(
        default=0.005,
        description="The front stands still when its hypervolume changes by less than this share.",
    )
