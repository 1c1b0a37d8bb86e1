"""Requests on the runs of a folder: begin, stop, resume, put away, as a page or a notebook asks."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from planner.errors import InputDataError, RunDirectoryError, quoted
from planner.plan.finished_run import PLAN, SWEEP, read_finished_run
from planner.said import said
from planner.scenario.any_study import load_study
from planner.tables.language import ENGLISH, language
from planner.workbench.asked import Asked
from planner.workbench.folder import command_of, inside, look_into, output_names
from planner.workbench.questions import COMMANDS, question_of
from planner.workbench.recycle_bin import binned, put_away, take_back
from planner.workbench.run_queue import COMPARE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.workbench.folder import FoundResult, FoundStudy
    from planner.workbench.run_queue import Job, Queue

_NAME = re.compile(r"[^\W_][\w.-]{0,80}")


class RunAsked(Asked):
    """A study to be run."""

    study: Annotated[str, Field(description="Its file in the folder, or the name of a study.")]
    name: Annotated[
        str,
        Field(
            description="Name of the result's folder below outputs; by default the study's, with a "
            "number where another study has it already."
        ),
    ] = ""
    set: Annotated[
        list[Annotated[str, Field(max_length=2_000)]],
        Field(
            default_factory=list,
            description="Keys that are changed, `key.path=value` each.",
            max_length=200,
        ),
    ]


class RunNamed(Asked):
    """A run that something shall happen to."""

    run: Annotated[str, Field(description="Its folder, from the folder of the workbench.")]


class Restored(Asked):
    """What is taken out of the bin."""

    name: Annotated[str, Field(description="Its folder in the bin.")]


class ComparisonAsked(Asked):
    """Runs to be held against each other."""

    runs: Annotated[
        list[str],
        Field(
            description="Their folders; the others are held against the first.",
            min_length=2,
            max_length=100,
        ),
    ]
    name: Annotated[str, Field(description="Name of the result's folder below outputs.")]


class QuestionAsked(Asked):
    """A question of a finished run."""

    run: Annotated[str, Field(description="Its folder, from the folder of the workbench.")]
    question: Annotated[str, Field(description="Command that answers it: rank, costs, afir ...")]
    number: Annotated[
        int | None,
        Field(description="How many sites (rank), year of the law (afir).", ge=1, le=100_000),
    ] = None
    lang: Annotated[str, Field(description="Language of what is written.")] = ENGLISH.code


class JobTold(BaseModel):
    """A command that waits, is at work or has ended."""

    command: Annotated[str, Field(description="As a person types it in the folder.")]
    run: Annotated[str, Field(description="Where its result goes, from the folder.")]
    state: Annotated[str, Field(description="waiting, running, done, stopped or failed.")]
    said: Annotated[str, Field(description="Why it failed, in English.")] = ""


def run_routes(root: Path, queue: Queue) -> APIRouter:
    """Requests on runs of the folder."""
    router = APIRouter(tags=["runs"])

    @router.get("/api/runs")
    def runs() -> list[dict[str, Any]]:
        """Runs, sweeps and roadmaps of the folder, the latest first."""
        return [_told(each) for each in look_into(root).results]

    @router.get("/api/jobs")
    def jobs() -> list[JobTold]:
        """Commands that wait, are at work or have ended lately."""
        return [_job_told(job) for job in queue.jobs()]

    @router.post("/api/runs")
    def run(asked: RunAsked) -> JobTold:
        """Run a study, as its command does; it waits for its turn."""
        studies = look_into(root).studies
        study = _study(studies, asked.study)
        folder = _output(asked.name or output_names(studies)[study.path])
        # Faults of the file are told at once, in the words of planner validate.
        load_study(study.path if study.comes_along else root / study.path, asked.set)
        overrides = [word for each in asked.set for word in ("--set", each)]
        return _job_told(
            queue.add((*command_of(study), *overrides, "--out", folder), _inside(root, folder))
        )

    @router.post("/api/comparisons")
    def compare(asked: ComparisonAsked) -> JobTold:
        """Compare runs, as planner compare does; it waits for its turn."""
        runs = [_inside(root, run) for run in asked.runs]
        for run in runs:
            read_finished_run(root / run, PLAN, SWEEP)
        folder = _output(asked.name)
        return _job_told(queue.add((*COMPARE, *runs, "--out", folder), _inside(root, folder)))

    @router.post("/api/runs/stop")
    def stop(asked: RunNamed) -> JobTold:
        """Stop a run as Ctrl-C does, wherever it was begun; it can be resumed."""
        return _job_told(queue.stop(_inside(root, asked.run)))

    @router.post("/api/runs/resume")
    def resume(asked: RunNamed) -> JobTold:
        """Resume a run that was started here and stopped."""
        run = _inside(root, asked.run)
        words = queue.command_of(run)
        if words is None:
            msg = said(
                "{run}: not begun here; the command that began it resumes it with --resume",
                run=asked.run,
            )
            raise RunDirectoryError(msg)
        return _job_told(queue.add(resuming(words), run))

    _of_bin(router, root)
    _of_questions(router, root, queue)
    return router


def _of_bin(router: APIRouter, root: Path) -> None:
    @router.post("/api/runs/bin")
    def to_bin(asked: RunNamed) -> dict[str, str]:
        """Move a result, or what a run that was broken off has left, to the bin of the folder."""
        return {"bin": put_away(root, asked.run)}

    @router.get("/api/runs/bin")
    def in_bin() -> list[dict[str, Any]]:
        """What lies in the bin of the folder, put away last first."""
        return [
            {"name": each.name, "run": each.path, "at": each.at and each.at.isoformat()}
            for each in binned(root)
        ]

    @router.post("/api/runs/restore")
    def restore(asked: Restored) -> dict[str, str]:
        """Move a result from the bin back to where it lay."""
        return {"run": take_back(root, asked.name)}


def _of_questions(router: APIRouter, root: Path, queue: Queue) -> None:
    @router.post("/api/questions")
    def question(asked: QuestionAsked) -> JobTold:
        """Ask something of a finished run, as a command does; it waits for its turn."""
        run = _inside(root, asked.run)
        about = question_of(asked.question)
        about.refuse_number(asked.number)
        read_finished_run(root / run, PLAN)
        words = about.words(run, asked.number, language(asked.lang).code)
        return _job_told(queue.add(words, about.folder(run, asked.number)))


def _output(name: str) -> str:
    """Folder of a result, from the folder of the workbench."""
    if not _NAME.fullmatch(name):
        msg = said(
            "name {name}: expected letters, digits, dots, hyphens and underscores; take "
            "another name",
            name=quoted(name),
        )
        raise InputDataError(msg)
    return f"outputs/{name}"


def _inside(root: Path, relative: str) -> str:
    return inside(root, relative).relative_to(root).as_posix()


def _study(studies: Sequence[FoundStudy], path: str) -> FoundStudy:
    """A study that is shown: nothing else is run."""
    for study in studies:
        if study.path == path and not study.fault:
            return study
    msg = said("study {path}: expected one that the page lists; found none", path=quoted(path))
    raise InputDataError(msg)


def resuming(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command that goes on where another one ended."""
    goes_on = words[1] in {"sweep", "roadmap", "compare"} or words[:2] in COMMANDS
    return words if goes_on or "--resume" in words else (*words, "--resume")


def _told(result: FoundResult) -> dict[str, Any]:
    """A result for programs."""
    how_far = result.how_far
    return {
        "run": result.path,
        "kind": result.kind,
        "state": result.state,
        "name": result.name,
        "question": result.question,
        "answer": result.answer,
        "at": None if result.at is None else result.at.isoformat(),
        "page": result.page,
        "fault": result.fault,
        "progress": None
        if how_far is None
        else {
            "stage": how_far.stage,
            "done": how_far.done,
            "total": how_far.total,
            "rate_per_s": how_far.rate_per_s,
            "left_s": how_far.left_s,
        },
    }


def _job_told(job: Job) -> JobTold:
    command = shlex.join(job.words)
    return JobTold(command=command, run=job.folder, state=job.state, said=str(job.said))
