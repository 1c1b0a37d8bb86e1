"""Requests for what people take away: tables, maps, pictures, links, files of a run."""

from __future__ import annotations

import shlex
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Query
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import Field

from planner.layouts.evaluated import answers
from planner.layouts.layout_map import layout_map
from planner.plan.finished_run import PLAN
from planner.reporting.gis.export import translated, write_map
from planner.reporting.layout_files import LAYOUT_MAP, WORKBOOK, write_layout_book
from planner.reporting.phrases import Phrase, phrase
from planner.said import said
from planner.tables.language import ENGLISH, LANGUAGES, language
from planner.workbench.asked import Asked
from planner.workbench.folder import inside
from planner.workbench.plan_state import state
from planner.workbench.rendering import render_workbench
from planner.workbench.take_files import MOST_BYTES, archive, files_of
from planner.workbench.take_links import (
    OF_RUN,
    STATE,
    fingerprint_of,
    packed,
    page_of_link,
    unpacked,
)
from planner.workbench.take_pictures import picture_pdf

if TYPE_CHECKING:
    from planner.layouts.evaluated import EvaluatedLayout
    from planner.tables.language import Language
    from planner.workbench.edits import Changes, Edits

_RUN = Query(description="Folder of the result, from the folder of the workbench.")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ARCHIVE = "application/zip"
_MEGABYTES_FROM = 1e5
_EXPORTS = (
    ("planner", "export", "xlsx"),
    ("planner", "export", "qgis"),
    ("planner", "figures"),
)
"""Commands that write files of a plan once more, in the reader's language."""
_ANOTHER_RUN = phrase(
    "The link was made with another run of this name: points are those of the link, figures may "
    "differ."
)
_ReadersLanguage = Annotated[str, Field(description="Language of what is written.")]


class Linked(Asked):
    """A link that somebody has been given."""

    link: Annotated[str, Field(description="The whole address.", max_length=2_000_000)]


class Packed(Asked):
    """Changes as a link holds them."""

    state: Annotated[str, Field(description="What stands after state=.", max_length=2_000_000)]
    of: Annotated[
        str, Field(description="What stands after of=: which run it was.", max_length=200)
    ] = ""


def take_routes(root: Path, edits: Edits) -> APIRouter:
    """Requests for what is taken away."""
    router = APIRouter(tags=["take away"])
    _of_layouts(router, edits)
    _of_links(router, root, edits)
    _of_runs(router, root)

    @router.post("/api/pictures/pdf", response_class=Response)
    def pdf(svg: Annotated[bytes, Body(media_type="image/svg+xml")] = b"") -> Response:
        """A picture of shapes and texts as PDF, which scales without loss."""
        return Response(picture_pdf(svg), media_type="application/pdf")

    return router


def _of_layouts(router: APIRouter, edits: Edits) -> None:
    @router.get("/api/changes/{key}/sites.xlsx", response_class=Response)
    def workbook(key: str, lang: _ReadersLanguage = ENGLISH.code) -> Response:
        """The layout as a workbook, as planner evaluate writes it."""
        changes, speech = edits.get(key), language(lang)
        layouts = _layouts(changes)
        study = changes.edited.opened.run.scenario.name
        with TemporaryDirectory() as folder:
            path = Path(folder) / WORKBOOK
            write_layout_book(path, layouts[-1].sites, study, answers(layouts), speech)
            return Response(path.read_bytes(), media_type=_WORKBOOK)

    @router.get("/api/changes/{key}/qgis.zip", response_class=Response)
    def project(key: str, lang: _ReadersLanguage = ENGLISH.code) -> Response:
        """The layout as a project for QGIS with its GeoPackage, as planner evaluate --qgis."""
        changes, speech = edits.get(key), language(lang)
        *others, last = _layouts(changes)
        shown = translated(layout_map(changes.edited.opened.run.run, last, others[-1]), speech)
        content = BytesIO()
        with TemporaryDirectory() as folder:
            write_map(shown, Path(folder), LAYOUT_MAP, speech)
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as files:
                for path in sorted(Path(folder).iterdir()):
                    files.write(path, path.name)
        return Response(content.getvalue(), media_type=_ARCHIVE)


def _layouts(changes: Changes) -> list[EvaluatedLayout]:
    """The plan and the layout as planner evaluate names them, with trucks that know as much."""
    edited = changes.edited
    opened = edited.opened
    of_plan, own = said("{plan} plan", plan=opened.solution), said("your layout")
    layouts = [
        replace(opened.at(opened.plan), name=of_plan),
        replace(edited.now.evaluated(), name=own),
    ]
    if changes.knows_queues:
        learned = edited.now.evaluated(learn_queues=True)
        layouts.append(replace(learned, name=said("trucks know it")))
    return layouts


def _of_links(router: APIRouter, root: Path, edits: Edits) -> None:
    @router.get("/api/changes/{key}/link")
    def link(key: str) -> dict[str, str]:
        """The changes as a part of a link, which any workbench that has the run can open."""
        changes = edits.get(key)
        told = changes.told()
        done = told | {"steps": told["steps"][: told["n_done"]]}
        folder = inside(root, changes.run)
        return {STATE: packed(done), OF_RUN: fingerprint_of(folder)}

    @router.post("/api/links")
    def find(asked: Linked) -> dict[str, str]:
        """The page of this workbench that shows what a link holds."""
        return {"page": page_of_link(root, asked.link)}

    @router.post("/api/links/changes")
    def follow(asked: Packed) -> dict[str, Any]:
        """Begin with the changes that a link holds."""
        changes = edits.begin_as(unpacked(asked.state))
        is_same = asked.of in {"", fingerprint_of(inside(root, changes.run))}
        return state(changes) | {"notes": [] if is_same else [_ANOTHER_RUN.texts]}


def _of_runs(router: APIRouter, root: Path) -> None:
    @router.get("/api/runs/files")
    def files(run: Annotated[str, _RUN]) -> list[dict[str, Any]]:
        """Files of a result with their sizes in bytes, and where they are fetched."""
        return [
            {"path": each.path, "n_bytes": each.n_bytes, "url": _url(run, each.path)}
            for each in files_of(root, run)
        ]

    @router.get("/api/runs/files.zip", response_class=StreamingResponse)
    def whole(run: Annotated[str, _RUN]) -> StreamingResponse:
        """All files of a result in one archive."""
        folder = inside(root, run)
        name = quote(f"{folder.name}.zip")
        return StreamingResponse(
            archive(folder, files_of(root, run)),
            media_type=_ARCHIVE,
            headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    @router.get("/files-of", response_class=HTMLResponse, include_in_schema=False)
    def page(run: str) -> str:
        taken = files_of(root, run)
        n_bytes = sum(each.n_bytes for each in taken)
        is_plan = any(each.path == f"{PLAN}.xlsx" for each in taken)
        return render_workbench(
            "take_files.html",
            {},
            ("fault.js",),
            tab=phrase("Files of a run"),
            css="take",
            run=run,
            files=[(each.path, _size(each.n_bytes), _url(run, each.path)) for each in taken],
            n_bytes=_size(n_bytes),
            archive=f"/api/runs/files.zip?run={quote(run)}" if n_bytes <= MOST_BYTES else "",
            commands=[
                Phrase({each.code: shlex.join((*words, run, *_in(each))) for each in LANGUAGES})
                for words in _EXPORTS
            ]
            if is_plan
            else [],
        )


def _in(language: Language) -> tuple[str, ...]:
    return () if language == ENGLISH else ("--lang", language.code)


def _size(n_bytes: int) -> Phrase:
    """A size as people read it."""
    unit, power = ("MB", 1e6) if n_bytes >= _MEGABYTES_FROM else ("kB", 1e3)
    return Phrase.of(lambda language: f"{language.number(n_bytes / power, 1)} {unit}")


def _url(run: str, path: str) -> str:
    return f"/files/{quote(f'{run}/{path}')}"
