"""Home: what lies in the folder, and what is at work there."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from planner.reporting.phrases import Phrase, own_phrase, phrase, verbatim
from planner.runs.manifests import work_beside
from planner.runs.noted_progress import noted_progress
from planner.workbench.folder import OWN, command_of, is_at_work, look_into, output_names
from planner.workbench.order_page import order_address
from planner.workbench.progress_words import in_words
from planner.workbench.questions import COMMANDS, RANK, asked_of
from planner.workbench.recycle_bin import binned
from planner.workbench.rendering import render, render_workbench
from planner.workbench.runs_api import resuming
from planner.workbench.study_fields import FIRST

if TYPE_CHECKING:
    from datetime import datetime

    from planner.runs.noted_progress import HowFar
    from planner.workbench.folder import Found, FoundResult, FoundStudy
    from planner.workbench.recycle_bin import Binned
    from planner.workbench.run_queue import Queue

_STATES = {
    "finished": phrase("finished"),
    "running": phrase("at work"),
    "interrupted": phrase("broken off"),
    "waiting": phrase("waits for its turn"),
    "done": phrase("done"),
    "stopped": phrase("stopped"),
    "failed": phrase("failed"),
}
_KINDS = {
    "plan": phrase("Plan of a country"),
    "scenario": phrase("Plan of a country"),
    "market": phrase("Market of a site"),
    "depot": phrase("Depot"),
    "sweep": phrase("Sweep"),
    "roadmap": phrase("Roadmap"),
    "comparison": phrase("Comparison"),
    "": verbatim(""),
}


def home_routes(root: Path, queue: Queue) -> APIRouter:
    """The page of the home."""
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    def home() -> str:
        return render_workbench(
            "home.html",
            {},
            ("home.js",),
            tab=phrase("Workbench"),
            css="home",
            folder=str(root),
            studies=[each for each in look_into(root).studies if each.kind == "scenario"],
            found=home_fragment(root, queue, look_into(root)),
        )

    @router.get("/fragments/found", response_class=HTMLResponse, include_in_schema=False)
    def found() -> str:
        return home_fragment(root, queue, look_into(root))

    return router


@dataclass(frozen=True, slots=True)
class _Work:
    """Something at work, or waiting, or that ended badly, as the page shows it."""

    folder: str
    state: str
    command: str
    how_far: HowFar | None = None
    said: Phrase | None = None
    is_own: bool = False
    page: str = ""

    @property
    def state_said(self) -> Phrase:
        return _STATES[self.state]

    @property
    def share(self) -> float | None:
        return None if self.how_far is None else self.how_far.share

    @property
    def progress(self) -> Phrase | None:
        return None if self.how_far is None else in_words(self.how_far)

    @property
    def can_stop(self) -> bool:
        is_told = self.how_far is not None and self.how_far.process_id is not None
        return self.state in {"running", "waiting"} and (self.is_own or is_told)

    @property
    def can_start(self) -> bool:
        return self.state in {"stopped", "failed"}

    @property
    def body(self) -> str:
        return json.dumps({"run": self.folder})


def home_fragment(root: Path, queue: Queue, found: Found) -> str:
    """What the page lists, in HTML of all languages."""
    names = output_names(found.studies)
    return render(
        "found.html",
        found=found,
        work=_work(root, queue, found),
        results=[_card(root, queue, each) for each in found.results if each.state != "running"],
        studies=[
            _study_card(each, names[each.path])
            for each in sorted(found.studies, key=_place_of_kind)
        ],
        binned=[_in_bin(each) for each in binned(root)],
        bin_folder=f"{OWN}/bin",
    )


def _work(root: Path, queue: Queue, found: Found) -> list[_Work]:
    """What the queue knows, and what is at work without it."""
    running = {each.path: each for each in found.results if each.state == "running"}
    shown = {each.path for each in found.results}
    work = []
    for job in queue.jobs():
        # One that was stopped is shown with its result, where it has begun one.
        if job.state == "done" or (job.state == "stopped" and job.folder in shown):
            continue
        how_far = running[job.folder].how_far if job.folder in running else queue.how_far(job)
        page = ""
        if job.words[:2] in COMMANDS and job.state == "running":
            noted = _noted(root / job.folder)
            how_far = noted or how_far
            page = order_address(job.folder) if job.words[:2] == RANK and noted else ""
        command = shlex.join(job.words)
        work.append(
            _Work(
                job.folder,
                job.state,
                command,
                how_far,
                own_phrase(job.said) if job.said else None,
                is_own=True,
                page=page,
            )
        )
    own = {each.folder for each in work}
    others = [each for path, each in running.items() if path not in own]
    return work + [
        _Work(each.path, "running", shlex.join(queue.command_of(each.path) or ()), each.how_far)
        for each in others
    ]


def _noted(final: Path) -> HowFar | None:
    """How far work on an answer is, which lies in a run."""
    return noted_progress(work_beside(final)) if is_at_work(final) else None


def _card(root: Path, queue: Queue, result: FoundResult) -> dict[str, Any]:
    folder = root / result.path
    words = queue.command_of(result.path)
    is_finished = result.state == "finished" and not result.fault
    workbook = folder / "plan.xlsx"
    question = Phrase(dict(result.question)) if result.question else verbatim(result.name)
    return {
        "path": result.path,
        "title": question,
        "name": Path(result.path).name if result.question else "",
        "state": result.state,
        "state_said": _STATES[result.state],
        "kind_said": _KINDS.get(result.kind, verbatim(result.kind)),
        "at": _local(result.at),
        "answer": Phrase(dict(result.answer)) if result.answer else None,
        "fault": result.fault,
        "plan": f"/plan?run={quote(result.path)}" if is_finished and result.kind == "plan" else "",
        "open_command": shlex.join(("planner", "open", result.path)),
        "report": f"/files/{quote(result.page)}" if result.page else "",
        "files": f"/files-of?run={quote(result.path)}" if result.state == "finished" else "",
        "workbook": f"/files/{quote(workbook.relative_to(root).as_posix())}"
        if workbook.is_file()
        else "",
        "questions": asked_of(root, result.path) if is_finished and result.kind == "plan" else [],
        "slider": _slider(result) if is_finished else None,
        "can_compare": is_finished and result.kind in {"plan", "sweep"},
        "can_resume": result.state == "interrupted" and words is not None,
        "command": shlex.join(resuming(words)) if words else "",
        "bin_command": f"mv {shlex.quote(result.path)} {OWN}/bin/",
        "body": json.dumps({"run": result.path}),
    }


def _slider(result: FoundResult) -> tuple[str, Phrase] | None:
    """Page of a result whose time can be played, and what it is called."""
    pages = {
        "plan": ("day", phrase("Queues by the hour")),
        "roadmap": ("roadmap", phrase("Years on a map")),
    }
    if result.kind not in pages:
        return None
    page, title = pages[result.kind]
    return f"/{page}?run={quote(result.path)}", title


def _in_bin(each: Binned) -> dict[str, Any]:
    return {
        "path": each.path,
        "at": _local(each.at),
        "is_unfinished": each.is_unfinished,
        "body": json.dumps({"name": each.name}),
        "command": f"mv {shlex.quote(f'{OWN}/bin/{each.name}')} {shlex.quote(_place(each))}",
    }


def _place(each: Binned) -> str:
    return work_beside(Path(each.path)).as_posix() if each.is_unfinished else each.path


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")


def _place_of_kind(study: FoundStudy) -> int:
    """Plans of countries first: what most come for."""
    return list(FIRST).index(study.kind) if study.kind in FIRST else len(FIRST)


def _study_card(study: FoundStudy, output_name: str) -> dict[str, Any]:
    return {
        "name": study.name,
        "path": "" if study.comes_along else study.path,
        "description": own_phrase(study.description),
        "kind_said": _KINDS.get(study.kind, verbatim(study.kind)),
        "fault": study.fault,
        "body": json.dumps({"study": study.path}),
        "command": ""
        if study.fault
        else shlex.join((*command_of(study), "--out", f"outputs/{output_name}")),
    }
