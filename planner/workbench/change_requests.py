"""What requests on changes of a plan say: points that sites get, new sites, names, bounds."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.said import AsWritten, said
from planner.workbench.asked import Asked, refuse_beside
from planner.workbench.bounded_study import How  # noqa: TC001  # pydantic reads the annotation

_MORE = ("more_hpc", "more_lpc", "more_slow")


class Begun(Asked):
    """A plan to be changed."""

    run: Annotated[str, Field(description="Folder of a finished run in the folder.")] = ""
    solution: Annotated[str, Field(description="Its named plan.")] = DEFAULT_SOLUTION
    by_class: Annotated[
        bool,
        Field(
            description="With points of a slower class, which is assumed where the study names "
            "no classes."
        ),
    ] = False
    copy_of: Annotated[
        str, Field(description="Key of changes to begin with: of this plan, where one is named.")
    ] = ""


class Change(Asked):
    """What some sites get; what is not given stays."""

    sites: Annotated[
        list[str], Field(description="Keys of the sites.", min_length=1, max_length=100_000)
    ]
    n_hpc: Annotated[
        int | None,
        Field(
            description="High-power points, of two classes both together; 0 closes a site. Of "
            "them as many as before are of the slower class, at most all."
        ),
    ] = None
    n_lpc: Annotated[int | None, Field(description="Overnight points.")] = None
    n_fast: Annotated[
        int | None, Field(description="Points of the faster of two classes, in place of n_hpc.")
    ] = None
    n_slow: Annotated[
        int | None, Field(description="Points of the slower of two classes, in place of n_hpc.")
    ] = None
    more_hpc: Annotated[
        int,
        Field(
            description="High-power points more; of two classes those of the faster one.",
            ge=-10_000,
            le=10_000,
        ),
    ] = 0
    more_slow: Annotated[
        int, Field(description="Points of the slower class more.", ge=-10_000, le=10_000)
    ] = 0
    grid_mw: Annotated[float | None, Field(description="Grid connection, MW.")] = None
    more_lpc: Annotated[int, Field(description="Overnight points more.", ge=-10_000, le=10_000)] = 0
    as_in_plan: Annotated[bool, Field(description="What they have in the plan.")] = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = ("n_hpc", "n_lpc", "n_fast", "n_slow", "grid_mw")
        more = [key for key in _MORE if getattr(self, key)]
        if not self.as_in_plan and not more and all(getattr(self, key) is None for key in given):
            keys = ", ".join((*given, *_MORE, "as_in_plan"))
            told = said(
                "expected what the sites get, one of {keys} at least; found none of them",
                keys=AsWritten(keys),
            )
            raise ValueError(told)
        if self.as_in_plan:
            refuse_beside(self, "as_in_plan", (*given, *more))
        for key in more:
            refuse_beside(self, key, given)
        refuse_beside(self, "n_hpc", ("n_fast", "n_slow"))
        return self


class NewSite(Asked):
    """A site that is added on the road nearest to a position."""

    lon: Annotated[float, Field(description="Longitude, degrees.", ge=-180.0, le=180.0)]
    lat: Annotated[float, Field(description="Latitude, degrees.", ge=-90.0, le=90.0)]
    n_hpc: Annotated[
        int | None,
        Field(
            description="High-power points, 1 or more; by default the fewest with which trucks "
            "wait there no longer in the mean than in the whole country in the plan."
        ),
    ] = None
    n_lpc: Annotated[
        int | None,
        Field(description="Overnight points; by default one for each truck that rests at a time."),
    ] = None
    n_slow: Annotated[
        int,
        Field(description="How many of n_hpc are of the slower class, at most all of them."),
    ] = 0
    name: Annotated[
        str, Field(description="By default its road and the place that is nearest there.")
    ] = ""
    grid_mw: Annotated[float | None, Field(description="Grid connection, MW.")] = None

    @model_validator(mode="after")
    def _has_all_of_some(self) -> Self:
        if self.n_slow and self.n_hpc is None:
            told = said(
                "n_slow: says how many of n_hpc are of the slower class; expected n_hpc beside it, "
                "found none; give both or neither"
            )
            raise ValueError(told)
        return self


class Mix(Asked):
    """A mix of two classes of points."""

    name: Annotated[str, Field(description="fast, mixed, slow, swapped or given.")]


class ByClass(Asked):
    """Whether there are points of a slower class where the study names no classes."""

    on: Annotated[bool, Field(description="Whether there shall be.")] = True


class Replan(Asked):
    """Whether trucks know the queues."""

    on: Annotated[bool, Field(description="Whether they shall know them.")] = True


class Named(Asked):
    """A layout to be kept."""

    name: Annotated[str, Field(description="Letters, digits, dots, hyphens, underscores.")]
    lang: Annotated[str, Field(description="Language of its workbook.")] = "en"


class Bound(Asked):
    """How changes bind a search; what is not given stays."""

    how: Annotated[
        How | None,
        Field(
            description="Bounds of the changed sites: towards (at least where a site got more, at "
            "most where it got fewer), keep, least, most."
        ),
    ] = None
    of_sites: Annotated[
        dict[str, How] | None,
        Field(description="Other bounds of some of them, by the sites' keys.", max_length=100_000),
    ] = None


class NamedStudy(Bound):
    """A study that searches again around changes, bound as was set before or is given here."""

    name: Annotated[str, Field(description="Letters, digits, dots, hyphens, underscores.")]
