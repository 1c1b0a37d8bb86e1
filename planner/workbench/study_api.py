"""A new study: a form of its keys beside its text, checked as ``planner validate`` checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from planner.errors import InputDataError, PlannerError, RunDirectoryError, ScenarioError, quoted
from planner.reporting.phrases import own_phrase, phrase
from planner.runs.durable_files import replacing
from planner.scenario.bundled import bundled_studies
from planner.scenario.load import ScenarioDocument
from planner.scenario.renamed_keys import with_todays_keys
from planner.scenario.study_kinds import refuse_another_kind
from planner.workbench.folder import inside, look_into
from planner.workbench.rendering import render_workbench
from planner.workbench.study_fields import FIRST, study_fields, written
from planner.workbench.yaml_edits import keys_of, with_key

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = "studies"
_BASE = "germany-10"


class Draft(BaseModel):
    """A study that is being written, and a key of it that is set anew."""

    text: Annotated[str, Field(description="Its YAML.", max_length=200_000)]
    key: Annotated[str, Field(description="Key that is set, between dots.", max_length=200)] = ""
    value: Annotated[
        str, Field(description="Its value; empty takes the key away.", max_length=20_000)
    ] = ""


class NewStudy(BaseModel):
    """A study that is kept."""

    name: Annotated[
        str, Field(description="Its name.", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
    ]
    text: Annotated[str, Field(description="Its YAML.", max_length=200_000)]


def study_routes(root: Path) -> APIRouter:
    """The page of a new study, and requests of it."""
    router = APIRouter(tags=["studies"])

    @router.get("/study", response_class=HTMLResponse, include_in_schema=False)
    def page() -> str:
        studies = [each for each in look_into(root).studies if each.kind == "scenario"]
        fields = study_fields()
        return render_workbench(
            "study.html",
            {},
            ("study.js",),
            tab=phrase("New study"),
            css="new-study",
            studies=[(each.path, each.name) for each in studies],
            base=_BASE,
            first=[(fields[key], title) for key, title in FIRST.items()],
            sections=_sections(),
        )

    @router.get("/api/studies/text")
    def text_of(study: str) -> dict[str, Any]:
        """A study to begin with: its text as its author wrote it."""
        listed = {each.path: each for each in look_into(root).studies if not each.fault}
        if study not in listed:
            msg = f"study {quoted(study)}: expected one that the page lists; found none"
            raise InputDataError(msg)
        along = listed[study].comes_along
        path = bundled_studies()[study] if along else inside(root, study)
        return _told(root, path.read_text(encoding="utf-8-sig"))

    @router.post("/api/studies/draft")
    def draft(asked: Draft) -> dict[str, Any]:
        """Set a key of a text, comments kept, and tell its values and faults."""
        text = asked.text
        if asked.key:
            try:
                text = with_key(text, asked.key, _in_yaml(asked.key, asked.value), "text")
            except PlannerError as error:
                return _told(root, text) | {"refused": _fault(asked.key, error)}
        return _told(root, text)

    @router.post("/api/studies")
    def keep(asked: NewStudy) -> dict[str, str]:
        """Keep a study without faults as a file of the folder."""
        path = inside(root, f"{_FOLDER}/{asked.name}.yaml")
        _check(asked.text, path)
        if path.exists():
            msg = f"{path}: exists already; take another name"
            raise RunDirectoryError(msg)
        try:
            path.parent.mkdir(exist_ok=True)
            with replacing(path) as new:
                new.write_text(asked.text.rstrip() + "\n", encoding="utf-8")
        except OSError as error:
            msg = f"{path}: cannot be written ({error.strerror}); take another name"
            raise RunDirectoryError(msg) from error
        return {"study": path.relative_to(root).as_posix()}

    return router


def _sections() -> dict[str, list[Any]]:
    """All keys by the section that they stand in."""
    sections: dict[str, list[Any]] = {}
    for field in study_fields().values():
        sections.setdefault(field.key.partition(".")[0], []).append(field)
    return sections


def _in_yaml(key: str, value: str) -> str:
    """What is typed in a field, in YAML: texts are marked as such where they look like others."""
    field = study_fields().get(key)
    if not value.strip() or field is None or field.kind != "string":
        return value
    try:
        is_text = keys_of(f"x: {value}", "text") == {"x": value.strip()}
    except ScenarioError:
        is_text = False
    return value if is_text else '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))


def _check(text: str, path: Path) -> None:
    """Refuse a text that is no scenario, with all its faults.

    Raises
    ------
    ScenarioError
        If it is none.
    """
    where = str(path)
    keys = keys_of(text, where)
    refuse_another_kind(keys, "scenario", path)
    ScenarioDocument(path, with_todays_keys(keys, path)).scenario()


def _told(root: Path, text: str) -> dict[str, Any]:
    """A text with the values of its keys and its faults, each by its key."""
    faults: list[dict[str, Any]] = []
    values: dict[str, str] = {}
    try:
        values = _values(keys_of(text, "text"))
        _check(text, root / _FOLDER / "new-study.yaml")
    except ScenarioError as error:
        faults = [_fault("", fault) for fault in error.faults]
    except PlannerError as error:
        faults = [_fault("", error)]
    return {"text": text, "values": values, "faults": faults, "refused": None}


def _fault(key: str, fault: PlannerError | str) -> dict[str, Any]:
    """A fault with the key that it stands at, where it is of one."""
    said = str(fault) if not isinstance(fault, ScenarioError) else "; ".join(fault.faults)
    at = said.partition(": ")[0]
    named = next((each for each in study_fields() if each == at), "")
    return {"key": key or named, "text": own_phrase(said).texts}


def _values(keys: dict[str, Any]) -> dict[str, str]:
    """Values of fields as they are typed in them."""
    values: dict[str, str] = {}
    for field in study_fields():
        value: Any = keys
        for part in field.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            values[field] = written(value)
    return values
