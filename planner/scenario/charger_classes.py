"""Classes of high-power points: their power, connector and cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field, TypeAdapter

from planner.errors import InputDataError
from planner.said import said
from planner.scenario.bundled import bundled_path
from planner.scenario.infrastructure_costs import Estimate, Sure
from planner.scenario.parameter_sets import Connector, Number, Section
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Mapping

BUNDLED = "config/charger_classes.yaml"


class PointClass(Section):
    """A class of high-power points."""

    power_kw: Number = Field(ge=1.0, le=5000.0, description="Power of a point, kW.")
    connector: Connector = Field(
        description="Connector of a point: trucks that have it can charge there."
    )
    point_eur: Estimate | None = Field(
        default=None,
        description="What a point costs, delivered and installed, without its grid connection, "
        "EUR; without it the cost of its power in the set of costs.",
    )
    sure: Sure = Field(default="given", description="Who says so.")
    source: str = Field(default="", description="Where the figures come from.")


@dataclass(frozen=True, slots=True)
class TwoClasses:
    """The two classes of high-power points of a study, by name.

    Parameters
    ----------
    fast_name, slow_name : str
        What they are called.
    fast, slow : PointClass
        The faster class, whose power drivers plan with, and the slower one.
    """

    fast_name: str
    fast: PointClass
    slow_name: str
    slow: PointClass


def bundled_classes() -> dict[str, PointClass]:
    """The classes of ``config/charger_classes.yaml``."""
    path = bundled_path(BUNDLED)
    kind = TypeAdapter(dict[str, PointClass])
    return validated(kind, read_yaml_mapping(path), str(path), {})


def assumed_classes(
    hpc_kw: float, where: str, slow_kw: float | None = None
) -> dict[str, PointClass]:
    """Classes of a study that names none: its own points, and slower ones.

    Parameters
    ----------
    hpc_kw : float
        Power of its high-power points.
    where : str
        The study, for messages.
    slow_kw : float, optional
        Power of the slower ones, kW; that of ``config/charger_classes.yaml`` by default.

    Raises
    ------
    InputDataError
        If its points are no faster than the slower class.
    """
    known = bundled_classes()
    fast, slow = known["mcs"].model_copy(update={"power_kw": hpc_kw}), known["ccs"]
    if slow_kw is not None:
        slow = PointClass(power_kw=slow_kw, connector=slow.connector)
    if hpc_kw <= slow.power_kw:
        msg = said(
            "{where}: expected points above the {power_kw} kW of the slower class; found "
            "hpc_kw {hpc_kw}; give the two classes in the study",
            where=where,
            power_kw=slow.power_kw,
            hpc_kw=hpc_kw,
        )
        raise InputDataError(msg)
    return {"mcs": fast, "ccs": slow}


def two_classes(given: Mapping[str, PointClass], hpc_kw: float, where: str) -> TwoClasses:
    """The classes of a study; where it names none, its own points and those of 400 kW.

    Parameters
    ----------
    given : mapping
        ``chargers.classes`` of the study: two, or none.
    hpc_kw : float
        Power of its high-power points.
    where : str
        The study, for messages.

    Raises
    ------
    InputDataError
        If it names none and its points are no faster than the slower class.
    """
    (slow_name, slow), (fast_name, fast) = sorted(
        (given or assumed_classes(hpc_kw, where)).items(),
        key=lambda each: (each[1].power_kw, each[0]),
    )
    return TwoClasses(fast_name, fast, slow_name, slow)
