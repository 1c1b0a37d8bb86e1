"""What lies in a folder: studies, finished runs and sweeps, runs that are under way or broken off.

Files are read as far as a list needs them; what cannot be read is told in the list.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from planner.errors import InputDataError, PlannerError, quoted
from planner.plan.finished_run import SWEEP, kind_of
from planner.runs.folder_lock import lock_file
from planner.runs.manifests import MANIFEST, SWEEP_MANIFEST, read_manifest, work_beside
from planner.runs.noted_progress import noted_progress
from planner.said import said
from planner.scenario.bundled import STARTER, bundled_path, bundled_studies
from planner.scenario.study_kinds import KINDS
from planner.scenario.study_kinds import kind_of as kind_of_keys
from planner.scenario.yaml_files import read_yaml_mapping
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.runs.noted_progress import HowFar

OWN = ".planner-workbench"
"""Folder in the folder with what the workbench keeps: changes, the queue, the bin."""
PAGES_ALONE = {"roadmap.html": "roadmap", "comparison.html": "comparison"}
"""Pages of results that have no manifest, with their kinds."""

_DEEPEST, _MOST = 4, 20_000
"""Levels of folders that are looked into, and files and folders that are looked at."""
_UNFINISHED = ".partial"
_HEAD = 20_000
_KEY = re.compile(r"^(network|demand|depot|base|arrivals):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FoundStudy:
    """A study that can be run.

    Parameters
    ----------
    path : str
        Its file, from the folder, or the name of one that comes with the planner.
    kind : str
        Kind of study, see :data:`~planner.scenario.study_kinds.KINDS`; empty where it cannot be
        read.
    name, description : str
        What its author calls it, and says of it.
    comes_along : bool
        Whether it comes with the planner.
    fault : str
        Why it cannot be read.
    """

    path: str
    kind: str
    name: str
    description: str
    comes_along: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FoundResult:
    """A run, a sweep or a roadmap, finished or not.

    Parameters
    ----------
    path : str
        Its folder, from the folder of the workbench.
    kind : str
        ``"plan"``, ``"market"``, ``"depot"``, ``"sweep"``, ``"roadmap"`` or ``"comparison"``; empty
        where it is not known yet.
    state : str
        ``"finished"``, ``"running"`` or ``"interrupted"``.
    question, answer : mapping of str to str
        Sentences by code of the language; empty where it is not finished.
    at : datetime or None
        When it was made, or was last at work.
    page : str
        File of its page, from the folder of the workbench; empty where it has none.
    how_far : HowFar or None
        Where it stands, as far as it tells.
    fault : str
        Why it cannot be read.
    """

    path: str
    kind: str
    state: str
    name: str
    question: Mapping[str, str]
    answer: Mapping[str, str]
    at: datetime | None
    page: str = ""
    how_far: HowFar | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that lies in a folder.

    Parameters
    ----------
    is_whole : bool
        Whether all of it was looked at: a folder may hold too much.
    """

    studies: tuple[FoundStudy, ...]
    results: tuple[FoundResult, ...]
    is_whole: bool


def inside(root: Path, relative: str) -> Path:
    """A path in a folder.

    Parameters
    ----------
    relative : str
        From the folder, as it comes from a page: parts between slashes, and between what the
        system takes for one; elsewhere a backslash is a sign of a name.

    Raises
    ------
    InputDataError
        If it leads out of the folder, by its parts or by a link, or to what is hidden there.
    """
    parts = [part for part in relative.replace(os.sep, "/").split("/") if part]
    path = root.joinpath(*parts) if parts else root
    is_plain = not any(part.startswith(".") or "\x00" in part or ":" in part for part in parts)
    try:
        if is_plain and path.resolve().is_relative_to(root.resolve()):
            path.exists()  # a name too long for the system is told here
            return path
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that no system takes
        pass
    msg = said(
        "{relative}: expected a file or folder inside {root}; found another place",
        relative=quoted(relative),
        root=str(root),
    )
    raise InputDataError(msg)


def look_into(root: Path) -> Found:
    """Look into a folder of studies and runs."""
    studies: list[FoundStudy] = []
    results: list[FoundResult] = []
    looked = 0
    for folder, folders, files in _walk(root):
        looked += 1 + len(files)
        if MANIFEST in files or SWEEP_MANIFEST in files:
            results.append(_finished(root, folder))
            folders.clear()  # what lies in a result is part of it
        elif page := next((name for name in PAGES_ALONE if name in files), ""):
            results.append(_page_alone(root, folder, page))
            folders.clear()
        elif folder == root or folder.resolve() != bundled_path(STARTER):
            studies += _studies_in(root, folder, files)
        results += _unfinished_in(root, folder, folders)
        folders[:] = [name for name in sorted(folders) if not name.startswith((".", "__"))]
        if looked > _MOST:
            return Found(tuple(studies), _latest_first(results), is_whole=False)
    return Found((*studies, *_coming_along(root)), _latest_first(results), is_whole=True)


def _walk(root: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    for name, folders, files in os.walk(root):
        folder = Path(name)
        yield folder, folders, files
        if len(folder.relative_to(root).parts) >= _DEEPEST:
            folders.clear()


def _latest_first(results: list[FoundResult]) -> tuple[FoundResult, ...]:
    never = datetime.min.replace(tzinfo=UTC)
    # A run that is done anew has its finished folder beside it: that tells it is under way.
    by_path = {(each.path, each.state == "finished"): each for each in results}
    return tuple(sorted(by_path.values(), key=lambda each: each.at or never, reverse=True))


def _studies_in(root: Path, folder: Path, files: list[str]) -> list[FoundStudy]:
    found = []
    for name in sorted(files):
        if name.endswith((".yaml", ".yml")):
            path = folder / name
            study = _study(path, path.relative_to(root).as_posix(), _stamp(path))
            if study is not None:
                found.append(study)
    return sorted(found, key=lambda study: Path(study.path).stem)


def _coming_along(root: Path) -> list[FoundStudy]:
    """Studies that come with the planner, by their names; none that lie in the folder anyway."""
    found = [
        _study(path, name, _stamp(path), comes_along=True)
        for name, path in bundled_studies().items()
        if not path.is_relative_to(root.resolve())
    ]
    return [study for study in found if study is not None and not study.fault]


def _stamp(path: Path) -> tuple[int, int]:
    """What changes with a file."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4_000)
def _study(
    path: Path,
    called: str,
    stamp: tuple[int, int],  # noqa: ARG001  # read again where the file has changed
    *,
    comes_along: bool = False,
) -> FoundStudy | None:
    """A study of a file; None where the file is something else."""
    try:
        keys = read_yaml_mapping(path)
    except PlannerError as error:
        if not _may_be_study(path):
            return None
        return FoundStudy(called, "", path.stem, "", fault=str(error))
    kind = kind_of_keys(keys)
    if kind is None or "name" not in keys or kind == "tariff":
        return None
    name, description = (str(keys.get(key) or "") for key in ("name", "description"))
    return FoundStudy(called, kind, name or path.stem, description, comes_along)


def _may_be_study(path: Path) -> bool:
    """Whether a file that is no YAML has lines of a study."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return _KEY.search(file.read(_HEAD)) is not None
    except OSError:
        return False


def _finished(root: Path, folder: Path) -> FoundResult:
    path = folder.relative_to(root).as_posix()
    try:
        kind = kind_of(folder)
        name = SWEEP_MANIFEST if kind == SWEEP else MANIFEST
        manifest = read_manifest(folder, name)
    except PlannerError as error:
        return FoundResult(path, "", "finished", folder.name, {}, {}, None, fault=str(error))
    if kind == SWEEP and not manifest.get("complete"):
        is_running = is_at_work(folder)
        return FoundResult(
            path=path,
            kind=kind,
            state="running" if is_running else "interrupted",
            name=folder.name,
            question={},
            answer={},
            at=_changed(folder / name),
            how_far=noted_progress(work_beside(folder)) if is_running else None,
        )
    made = manifest.get("provenance", {}).get("created_utc")
    page = folder / ("sweep.html" if kind == SWEEP else "report.html")
    return FoundResult(
        path=path,
        kind=kind,
        state="finished",
        name=str(manifest.get("name") or manifest.get("sweep", {}).get("name") or folder.name),
        question=_by_language(manifest, "question"),
        answer=_by_language(manifest, "answer"),
        at=_moment(made) or _changed(folder / name),
        page=page.relative_to(root).as_posix() if page.is_file() else "",
    )


def _by_language(manifest: Mapping[str, Any], key: str) -> dict[str, str]:
    """A sentence of the headline by code of the language, none where there is no headline."""
    headline = manifest.get("headline", {})
    translations = headline.get("translations", {})
    said = {code: of.get(key, "") for code, of in translations.items() if isinstance(of, dict)}
    whole = {each.code: str(said.get(each.code) or headline.get(key, "")) for each in LANGUAGES}
    return whole if whole[ENGLISH.code] else {}


def _page_alone(root: Path, folder: Path, name: str) -> FoundResult:
    path, page = folder.relative_to(root).as_posix(), folder / name
    where, kind = page.relative_to(root).as_posix(), PAGES_ALONE[name]
    return FoundResult(path, kind, "finished", folder.name, {}, {}, _changed(page), where)


def _unfinished_in(root: Path, folder: Path, folders: list[str]) -> list[FoundResult]:
    found = []
    for hidden in folders:
        if hidden.startswith(".") and hidden.endswith(_UNFINISHED):
            name = hidden.removeprefix(".").removesuffix(_UNFINISHED)
            work, final = folder / hidden, folder / name
            is_running = is_at_work(final)
            found.append(
                FoundResult(
                    path=final.relative_to(root).as_posix(),
                    kind="",
                    state="running" if is_running else "interrupted",
                    name=name,
                    question={},
                    answer={},
                    at=_changed(work),
                    how_far=noted_progress(work) if is_running else None,
                )
            )
    return found


def process_at_work(final: Path) -> int | None:
    """The process that is at work in a folder; None where none is, or none has told."""
    how_far = noted_progress(work_beside(final)) if is_at_work(final) else None
    return None if how_far is None else how_far.process_id


def is_at_work(final: Path) -> bool:
    """Whether a process is at work in a folder."""
    path = lock_file(final, inside=False)
    try:
        if not path.is_file():
            return False
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # also a name too long for the system
        return False


def _moment(told: object) -> datetime | None:
    """When a run says that it was made: a copy of it has later files."""
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


def output_names(studies: Sequence[FoundStudy]) -> dict[str, str]:
    """What the results of studies are called unless somebody names them, by their paths.

    No two share a name: the first of those that are called alike keeps it, and one of the folder
    stands before one that comes with the planner; the others get a number.
    """
    named: dict[str, str] = {}
    for study in studies:
        named.setdefault(study.name, study.path)
    names = {path: name for name, path in named.items()}
    for study in studies:
        if study.path not in names:
            name = next(name for n in count(2) if (name := f"{study.name}-{n}") not in named)
            named[name], names[study.path] = study.path, name
    return names


def command_of(study: FoundStudy) -> tuple[str, ...]:
    """Words of the command that runs a study, without its options."""
    kind = next(kind for kind in KINDS if kind == study.kind)
    return (*KINDS[kind].command.split(), study.path)
