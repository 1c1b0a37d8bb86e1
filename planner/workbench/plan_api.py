"""Requests on changes of a plan: what a click on the page does, or a notebook."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Query

from planner.errors import InputDataError, quoted
from planner.files.spreadsheet_texts import write_csv_file
from planner.layouts.evaluation import evaluate_layout
from planner.reporting.phrases import own_phrase, phrase
from planner.runs.disk_faults import told_of
from planner.runs.kernel_decorators import is_compiling
from planner.said import renamed, said
from planner.tables.language import language
from planner.workbench import change_requests as body  # noqa: TC001  # FastAPI reads it
from planner.workbench.bounded_study import Binding, write_bounded_study
from planner.workbench.class_points import mix_table
from planner.workbench.folder import inside
from planner.workbench.plan_state import state
from planner.workbench.progress_words import in_words
from planner.workbench.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.layouts.layout_reading import GivenLayout
    from planner.workbench.edits import Changes, Edits

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,64}")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")
_LAYOUTS, _STUDIES = "layouts", "studies"
_COMPILING = phrase("Compiling numerical kernels, the first time only ...")


def plan_routes(edits: Edits) -> APIRouter:
    """Requests on changes."""
    router = APIRouter(prefix="/api", tags=["changes"])
    _of_changes(router, edits)
    _of_steps(router, edits)
    _of_whole(router, edits)
    _of_files(router, edits)
    return router


def _of_changes(router: APIRouter, edits: Edits) -> None:
    @router.post("/changes")
    def begin(asked: body.Begun) -> dict[str, Any]:
        """Begin to change a plan."""
        if asked.copy_of:
            return state(edits.copy(asked.copy_of, asked.run, asked.solution))
        return state(edits.begin(asked.run, asked.solution, by_class=asked.by_class))

    @router.get("/changes/{key}")
    def look(key: str) -> dict[str, Any]:
        """The changes of a key, with the figures of the layout and of the plan before."""
        with edits.told.asked_by(key):
            return state(edits.get(key))

    @router.get("/changes/{key}/progress")
    def progress(key: str) -> dict[str, Any]:
        """Where the trucks are that plan anew for these changes, and whether kernels are compiled.

        Nothing where neither is under way.
        """
        how_far = edits.told.how_far(key)
        if how_far is not None:
            return {"text": in_words(how_far).texts}
        return {"text": _COMPILING.texts} if is_compiling() else {}


def _of_steps(router: APIRouter, edits: Edits) -> None:
    @router.post("/changes/{key}")
    def change(key: str, asked: body.Change) -> dict[str, Any]:
        """Change points of some sites; the nation is simulated again."""
        with edits.changing(key) as changes:
            edited = changes.edited
            if asked.as_in_plan:
                edited.give_back(asked.sites)
            elif asked.more_hpc or asked.more_lpc or asked.more_slow:
                edited.give_more(asked.sites, asked.more_hpc, asked.more_lpc, asked.more_slow)
            else:
                edited.give(
                    asked.sites,
                    asked.n_hpc,
                    asked.n_lpc,
                    _kw(asked.grid_mw),
                    n_fast=asked.n_fast,
                    n_slow=asked.n_slow,
                )
            return state(changes)

    @router.get("/changes/{key}/place")
    def place(
        key: str,
        lon: Annotated[float, Query(description="Degrees east.", ge=-180.0, le=180.0)],
        lat: Annotated[float, Query(description="Degrees north.", ge=-90.0, le=90.0)],
    ) -> dict[str, Any]:
        """The place on a road that a new site would have."""
        return asdict(edits.get(key).edited.place_near(lon, lat))

    @router.post("/changes/{key}/sites")
    def add(key: str, asked: body.NewSite) -> dict[str, Any]:
        """Add a site on the road that is nearest; all trucks plan their stops anew with it."""
        with edits.changing(key) as changes:
            site_id, told = changes.edited.add(
                asked.lon,
                asked.lat,
                asked.n_hpc,
                asked.n_lpc,
                asked.name,
                _kw(asked.grid_mw),
                n_slow=asked.n_slow,
            )
            said_of_points = [own_phrase(each).texts for each in told]
            return state(changes) | {"site_id": site_id, "notes": said_of_points}

    @router.post("/changes/{key}/undo")
    def undo(key: str) -> dict[str, Any]:
        """Take the last change back."""
        with edits.changing(key) as changes:
            changes.edited.undo()
            return state(changes)

    @router.post("/changes/{key}/redo")
    def redo(key: str) -> dict[str, Any]:
        """Make the change again that was taken back last."""
        with edits.changing(key) as changes:
            changes.edited.redo()
            return state(changes)


def _of_whole(router: APIRouter, edits: Edits) -> None:
    @router.post("/changes/{key}/classes")
    def assume_classes(key: str, asked: body.ByClass) -> dict[str, Any]:
        """Let there be points of a slower class, or of the study's one class alone."""
        with edits.changing(key) as changes:
            opened = changes.edited.opened
            changes.edited = changes.edited.on(opened.by_class if asked.on else opened.of_one_class)
            return state(changes)

    @router.post("/changes/{key}/replan")
    def replan(key: str, asked: body.Replan) -> dict[str, Any]:
        """Let trucks learn the queues, in the plan and with the changes, or stop as in the run."""
        with edits.changing(key) as changes:
            changes.knows_queues = asked.on
            return state(changes)

    @router.post("/changes/{key}/bounds")
    def bind(key: str, asked: body.Bound) -> dict[str, Any]:
        """Set how the changes bind a search: kept with them, and in their link."""
        with edits.changing(key) as changes:
            changes.binding = _bound(changes, asked)
            return asdict(changes.binding)


def _of_files(router: APIRouter, edits: Edits) -> None:
    @router.post("/changes/{key}/table")
    def take_over(
        key: str,
        name: Annotated[str, Query(description="Of the file: its ending says what it is.")],
        content: Annotated[bytes, Body(media_type="application/octet-stream")] = b"",
    ) -> dict[str, Any]:
        """Take over a table of points, as planner evaluate reads it."""
        with edits.changing(key) as changes, TemporaryDirectory() as folder:
            # Of its name only the ending counts; the message names the file as the user does.
            ending = _ENDING.search(name.lower())
            path = Path(folder) / f"table{ending[0] if ending else ''}"
            path.write_bytes(content)
            now = changes.edited.now
            try:
                given = now.read(path)
            except InputDataError as error:
                raise InputDataError(renamed(error.args[0], str(path), name[:200])) from error
            _take_over(changes, given)
            return state(changes) | {"notes": [own_phrase(note).texts for note in given.notes]}

    @router.post("/changes/{key}/mix")
    def take_mix(key: str, asked: body.Mix) -> dict[str, Any]:
        """Take over a mix of two classes of points that planner classes has found."""
        with edits.changing(key) as changes:
            edited = changes.edited
            table = mix_table(edited.opened, asked.name)
            changes.edited = edited.on(edited.opened.by_class)
            _take_over(changes, changes.edited.now.read(table))
            return state(changes)

    @router.post("/changes/{key}/layout")
    def save(key: str, asked: body.Named) -> dict[str, Any]:
        """Keep the layout as a table, and evaluate it: workbook, map and figures beside it."""
        changes, speech = edits.get(key), language(asked.lang)
        opened, now = changes.edited.opened, changes.edited.now
        table = _place(edits.root, _LAYOUTS, asked.name, ".csv")
        sites = _place(edits.root, _LAYOUTS, asked.name, "-sites.csv")
        edits.refuse_without_run(changes)
        wanted = {table: now.table()}
        if now.kept_sites.are_others:
            wanted[sites] = now.kept_sites.table()
        # The tables take their places once the layout is evaluated: neither stands without it.
        with (
            told_of(table, "free some space, or take another name"),
            edits.told.asked_by(key),
            _hidden_in(table.parent) as hidden,
        ):
            new = {path: hidden / path.name for path in wanted}
            for path, content in wanted.items():
                write_csv_file(content, new[path])
            evaluation = evaluate_layout(
                opened.run_dir,
                new[table],
                solution=opened.solution,
                sites_file=new.get(sites),
                slow_kw=opened.assumed_kw,
                learn_queues=changes.knows_queues,
                out=table.with_suffix(""),
                progress=edits.told,
                language=speech,
            )
            for path, written in new.items():
                written.replace(path)
        folder = evaluation.folder.relative_to(edits.root).as_posix()
        return {
            "folder": folder,
            "figures": evaluation.evaluated[-1].answer(),
            "html": render("saved.html", folder=folder),
        }

    @router.post("/changes/{key}/study")
    def save_study(key: str, asked: body.NamedStudy) -> dict[str, Any]:
        """Keep a study that searches again, in which the changed sites are bounded."""
        path = _place(edits.root, _STUDIES, asked.name, ".yaml")
        changes = edits.get(key)
        edits.refuse_without_run(changes)
        write_bounded_study(changes.edited.now, _bound(changes, asked), path)
        return {"study": path.relative_to(edits.root).as_posix()}


def _take_over(changes: Changes, given: GivenLayout) -> None:
    """Take a table over, with a slower class assumed where the study names none that it has."""
    if given.has_slower:
        changes.edited = changes.edited.on(changes.edited.opened.by_class)
    edited = changes.edited
    edited.take_over(given.by_class(edited.now.plan.n_slow))


@contextmanager
def _hidden_in(folder: Path) -> Iterator[Path]:
    """A folder in a folder that goes with all that is left in it."""
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=folder) as hidden:
        yield Path(hidden)


def _bound(changes: Changes, asked: body.Bound) -> Binding:
    """How changes bind a search, with what is asked.

    Raises
    ------
    InputDataError
        If a bound is of a site that the plan does not have.
    """
    before = changes.binding
    of_sites = before.of_sites if asked.of_sites is None else asked.of_sites
    # Those of an added site outlive that its step is undone.
    changes.edited.now.refuse_unknown(of_sites.keys() - before.of_sites.keys())
    return Binding(asked.how or before.how, of_sites)


def _kw(megawatts: float | None) -> float | None:
    return None if megawatts is None else 1000.0 * megawatts


def _place(root: Path, folder: str, name: str, ending: str) -> Path:
    """Where something of a name goes."""
    if not _NAME.fullmatch(name):
        msg = said(
            "name {name}: expected letters, digits, dots, hyphens and underscores; take "
            "another name",
            name=quoted(name),
        )
        raise InputDataError(msg)
    return inside(root, f"{folder}/{name}{ending}")
