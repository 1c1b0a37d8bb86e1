"""A new study of any kind: a form of its keys beside its text, checked as it is by validate."""

from __future__ import annotations

import shlex
import threading
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import Field

from planner.errors import InputDataError, PlannerError, RunDirectoryError, ScenarioError, quoted
from planner.reporting.phrases import own_phrase, phrase
from planner.runs.disk_faults import cause_of
from planner.runs.durable_files import replacing
from planner.said import joined, said
from planner.scenario.any_study import study_of_keys
from planner.scenario.bundled import bundled_studies
from planner.scenario.study_kinds import KINDS
from planner.studies.registry import check
from planner.workbench.asked import Asked
from planner.workbench.dropped_uses import ENDINGS
from planner.workbench.folder import inside, look_into
from planner.workbench.guard import LARGE_UPLOADS
from planner.workbench.moved_paths import with_moved_paths
from planner.workbench.rendering import render_workbench
from planner.workbench.study_choices import choices_of
from planner.workbench.study_fields import FIRST, in_yaml, path_keys, study_fields, written
from planner.workbench.study_sources import names_of, sources_of
from planner.workbench.yaml_edits import keys_of, value_at, with_key

if TYPE_CHECKING:
    from pathlib import Path

    from planner.reporting.phrases import Phrase
    from planner.workbench.folder import FoundStudy

_ONE_AT_A_TIME = threading.Lock()
"""Files of a country are read for one who asks after the other."""
_YEARS = "years"
"""Whose own keys are years, which stand there without quotes."""
FOLDER = "studies"
"""Where new studies are kept."""

RunKind = Literal["scenario", "sweep", "roadmap", "depot", "market"]
"""Kinds of studies that are run."""

_BEGIN_WITH: dict[RunKind, str] = {
    "scenario": "germany-10",
    "sweep": "germany-sweep",
    "roadmap": "germany-roadmap",
    "depot": "depot-demo",
    "market": "odeshog-market",
}
_CALLED: dict[RunKind, Phrase] = {
    "scenario": phrase("Plan of a country"),
    "sweep": phrase("Sweep: one plan in many variants"),
    "roadmap": phrase("Roadmap: one country in several years"),
    "depot": phrase("Depot"),
    "market": phrase("Market of a site"),
}


class Draft(Asked):
    """A study that is being written, and a key of it that is set anew."""

    text: Annotated[str, Field(description="Its YAML.", max_length=200_000)]
    kind: Annotated[RunKind, Field(description="Its kind.")] = "scenario"
    key: Annotated[str, Field(description="Key that is set, between dots.", max_length=200)] = ""
    value: Annotated[
        str, Field(description="Its value; empty takes the key away.", max_length=20_000)
    ] = ""


class NewStudy(Asked):
    """A study that is kept."""

    name: Annotated[
        str, Field(description="Its name.", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
    ]
    text: Annotated[str, Field(description="Its YAML.", max_length=200_000)]
    kind: Annotated[RunKind, Field(description="Its kind.")] = "scenario"


def new_study(root: Path) -> Path:
    """Where a study stands that has no name yet: paths in it start there."""
    return root / FOLDER / "new-study.yaml"


def study_routes(root: Path) -> APIRouter:
    """The page of a new study, and requests of it."""
    router = APIRouter(tags=["studies"])

    @router.get("/study", response_class=HTMLResponse, include_in_schema=False)
    def page(kind: RunKind = "scenario") -> str:
        listed = look_into(root).studies
        studies = [each for each in listed if each.kind == kind]
        fields = study_fields(kind)
        return render_workbench(
            "study.html",
            {
                "kind": kind,
                "command": KINDS[kind].command,
                "mostBytes": LARGE_UPLOADS["/api/dropped"],
            },
            ("study.js", *(("site_map.js", "dropped.js") if kind == "scenario" else ())),
            tab=phrase("New study"),
            css="new-study",
            kind=kind,
            kinds=[(each, _CALLED[each]) for each in get_args(RunKind)],
            studies=[(each.path, each.name) for each in studies],
            base=_BEGIN_WITH[kind],
            first=[(fields[key], title) for key, title in FIRST[kind].items()],
            sections=_sections(kind),
            n_keys=len(fields),
            names=names_of(kind, root / FOLDER) | {"base": _bases(listed)},
            choices={
                each.key: choices_of(each) for each in fields.values() if each.kind == "choices"
            },
            endings=",".join(ENDINGS),
        )

    @router.get("/api/studies/text")
    def text_of(
        study: Annotated[str, Query(description="Its file in the folder, or its name.")],
    ) -> dict[str, Any]:
        """A study to begin with: its text as its author wrote it, for the folder of new ones."""
        listed = {each.path: each for each in look_into(root).studies if not each.fault}
        kind = next(
            (each for each in get_args(RunKind) if study in listed and listed[study].kind == each),
            None,
        )
        if kind is None:
            msg = said(
                "study {study}: expected one that the page lists; found none", study=quoted(study)
            )
            raise InputDataError(msg)
        along = listed[study].comes_along
        path = bundled_studies()[study] if along else inside(root, study)
        text = path.read_text(encoding="utf-8-sig")
        moved = with_moved_paths(text, path_keys(kind), path.parent, root / FOLDER, root)
        return _told(root, moved, kind)

    @router.post("/api/studies/draft")
    def draft(asked: Draft) -> dict[str, Any]:
        """Set a key of a text, comments kept, and tell its values and faults."""
        text = asked.text
        if asked.key:
            try:
                value = in_yaml(asked.key, asked.value, asked.kind)
                text = with_key(text, asked.key, value, "text")
            except PlannerError as error:
                refused = _fault(asked.kind, asked.key, error)
                return _told(root, text, asked.kind) | {"refused": refused}
        return _told(root, text, asked.kind)

    _of_whole_studies(router, root)
    return router


def _of_whole_studies(router: APIRouter, root: Path) -> None:
    @router.post("/api/studies/check")
    def check_all(asked: Draft) -> dict[str, Any]:
        """Check a text and all files that it names, as planner validate does."""
        path = new_study(root)
        with _ONE_AT_A_TIME:
            try:
                study = study_of_keys(keys_of(asked.text, "text"), path, asked.kind)
                said = check(study)
            except ScenarioError as error:
                return {
                    "said": [],
                    "faults": [_fault(asked.kind, "", fault) for fault in error.faults],
                }
        return {"said": [own_phrase(line).texts for line in said], "faults": []}

    @router.post("/api/studies")
    def keep(asked: NewStudy) -> dict[str, str]:
        """Keep a study without faults as a file of the folder."""
        path = inside(root, f"{FOLDER}/{asked.name}.yaml")
        study_of_keys(keys_of(asked.text, str(path)), path, asked.kind)
        if path.exists():
            msg = said("{path}: exists already; take another name", path=str(path))
            raise RunDirectoryError(msg)
        try:
            path.parent.mkdir(exist_ok=True)
            with replacing(path) as new:
                new.write_text(asked.text.rstrip() + "\n", encoding="utf-8")
        except OSError as error:
            msg = said(
                "{path}: cannot be written ({cause}); take another name",
                path=str(path),
                cause=cause_of(error),
            )
            raise RunDirectoryError(msg) from error
        study = path.relative_to(root).as_posix()
        words = (*KINDS[asked.kind].command.split(), study)
        return {"study": study, "command": shlex.join(words)}


def _bases(listed: tuple[FoundStudy, ...]) -> list[str]:
    """Plans of countries that a sweep or a roadmap may begin with, as a new study names them."""
    return [
        each.path if each.comes_along else f"../{each.path}"
        for each in listed
        if each.kind == "scenario"
    ]


def _sections(kind: RunKind) -> dict[str, list[Any]]:
    """All keys by the section that they stand in."""
    sections: dict[str, list[Any]] = {}
    depth = 2 if kind == "depot" else 1  # all of a depot stands in one section
    for field in study_fields(kind).values():
        above = field.key.split(".")[:depth]
        sections.setdefault(".".join(above), []).append(field)
    return sections


def _told(root: Path, text: str, kind: RunKind) -> dict[str, Any]:
    """A text with the values of its keys, their sources, and its faults, each by its key."""
    faults: list[dict[str, Any]] = []
    values: dict[str, str] = {}
    sources: dict[str, list[dict[str, str]]] = {}
    path = new_study(root)
    try:
        keys = keys_of(text, "text")
        values = _values(kind, keys)
        told = sources_of(kind, keys, path.parent)
        sources = {key: [line.texts for line in lines] for key, lines in told.items()}
        study_of_keys(keys, path, kind)
    except ScenarioError as error:
        faults = [_fault(kind, "", fault) for fault in error.faults]
    except PlannerError as error:
        faults = [_fault(kind, "", error)]
    return {"text": text, "values": values, "sources": sources, "faults": faults, "refused": None}


def _fault(kind: RunKind, key: str, fault: PlannerError | str) -> dict[str, Any]:
    """A fault with the key that it stands at, where it is of one."""
    told: str
    if isinstance(fault, ScenarioError):
        told = joined(fault.faults)
    elif isinstance(fault, PlannerError):
        told = fault.args[0]
    else:
        told = fault
    at = str(told).partition(": ")[0]
    named = next((each for each in study_fields(kind) if each == at), "")
    return {"key": key or named, "text": own_phrase(told).texts}


def _values(kind: RunKind, keys: dict[str, Any]) -> dict[str, str]:
    """Values of fields as they are typed in them."""
    values: dict[str, str] = {}
    for field in study_fields(kind):
        value = value_at(keys, field)
        if field == _YEARS and isinstance(value, dict):
            value = {int(year) if year.isdecimal() else year: of for year, of in value.items()}
        if value is not None:
            values[field] = written(value)
    return values
