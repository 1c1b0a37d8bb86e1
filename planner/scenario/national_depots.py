"""Depots in a country: the section ``depots`` of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from planner.errors import quoted
from planner.said import said
from planner.scenario.bundled import bundled_path
from planner.scenario.input_paths import FileSection, resolved_path
from planner.scenario.parameter_sets import Number, Positive, Section, Share, Whole
from planner.scenario.patterns import DepotId
from planner.scenario.table_sections import TableFile

CHANGE_PREFIX = "depot."
"""What the keys of a depot study begin with that a depot may change."""


def depot_study_file(named: str | Path, folder: Path) -> Path:
    """File of a depot study: one of the user's, or the name of one that comes with the planner.

    Parameters
    ----------
    folder : pathlib.Path
        Where relative paths start.

    Returns
    -------
    pathlib.Path
        An existing file.

    Raises
    ------
    ValueError
        If there is none.
    """
    given = resolved_path(str(named), folder)
    if given.is_file():
        return given
    text = str(named)
    bundled = bundled_path("scenarios") / f"{text}.yaml"
    if Path(text).name == text and bundled.is_file():
        return bundled.resolve()
    msg = said(
        "the file of a depot study, or the name of one that comes with the planner "
        "(depot-demo); {given} does not exist",
        given=str(given),
    )
    raise ValueError(msg)


def _existing_study(named: Path, info: ValidationInfo) -> Path:
    return depot_study_file(named, Path((info.context or {}).get("base_dir", Path.cwd())))


StudyFile = Annotated[Path, AfterValidator(_existing_study)]
"""A depot study that exists."""

MAX_TRUCKS = 5000
"""No depot has more."""
Change = float | int | bool | str | None


class DepotPlace(Section):
    """A depot from which trucks leave on long-haul trips."""

    id: DepotId = Field(description="Name of the depot; each name once.")
    lon: Number | None = Field(default=None, ge=-180.0, le=180.0, description="Degrees east.")
    lat: Number | None = Field(default=None, ge=-85.0, le=85.0, description="Degrees north.")
    node: str | None = Field(
        default=None, description="Id of a node of the road network, in place of lon and lat."
    )
    trucks: Whole = Field(
        ge=1,
        le=MAX_TRUCKS,
        description="Electric long-haul trucks based there: so many leave on a day at most.",
    )
    study: StudyFile | None = Field(
        default=None,
        description="Depot study with load, PV, storage, tariff, charging points and own tours: "
        "a file, or the name of one that comes with the planner; that of the section if empty.",
    )
    changes: dict[str, Change] = Field(
        default_factory=dict,
        description="Keys of the study that are different here: `depot.site.chargers.points: 12`.",
    )

    @field_validator("changes")
    @classmethod
    def _of_the_depot(cls, changes: dict[str, Change]) -> dict[str, Change]:
        strange = [key for key in changes if not key.startswith(CHANGE_PREFIX)]
        if strange:
            found = quoted(strange[0])
            msg = said(
                "keys of the depot study that begin with {prefix}; found {found}",
                prefix=str(CHANGE_PREFIX),
                found=found,
            )
            raise ValueError(msg)
        return changes

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        by_position = (self.lon is not None, self.lat is not None)
        if by_position != ((False, False) if self.node is not None else (True, True)):
            msg = said("either lon and lat, or node")
            raise ValueError(msg)
        return self


class NationalDepots(FileSection):
    """Depots that charge their trucks before long-haul trips."""

    study: StudyFile | None = Field(
        default=None, description="Depot study of the depots that name none of their own."
    )
    places: tuple[DepotPlace, ...] = Field(default=(), description="The depots.")
    table: TableFile | None = Field(
        default=None,
        description="In place of places: CSV, Excel, Parquet, GeoPackage or GeoJSON file with "
        "columns id, trucks, lon and lat or node, and if wanted study; a column named after a key "
        "of the depot study (`depot.site.chargers.points`) changes it where its cell is not empty.",
    )
    reach_km: Positive = Field(
        default=25.0,
        le=200.0,
        description="A depot sends out trips that begin within this distance, as the crow flies, "
        "and nearer to it than to another depot, km.",
    )
    stay_h: Positive | None = Field(
        default=None,
        le=24.0,
        description="How long a truck stands at a charging point before it leaves, hours; the "
        "daily rest of the driver rules if empty.",
    )
    target_soc_share: Share = Field(
        default=1.0, gt=0.0, description="State of charge that a depot gives where it can."
    )
    own_tours: bool = Field(
        default=True,
        description="Whether the delivery tours of the depot study take place every day and are "
        "charged first; otherwise only building, PV and storage stand beside the trucks.",
    )

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if (self.table is None) == (not self.places):
            found = "both" if self.places else "neither"
            msg = said(
                "either places (a list of depots) or table (a file with them); found {found}",
                found=found,
            )
            raise ValueError(msg)
        seen: set[str] = set()
        for place in self.places:
            if place.id in seen:
                msg = said("each depot once; found {id} twice", id=repr(place.id))
                raise ValueError(msg)
            seen.add(place.id)
            if place.study is None and self.study is None:
                msg = said(
                    "a depot study for {id}: set study there, or for all depots", id=repr(place.id)
                )
                raise ValueError(msg)
        return self
