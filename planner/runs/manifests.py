"""``run.json`` and its like: what a finished folder says of itself, written and read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planner.errors import RunDirectoryError
from planner.runs.provenance import MANIFEST_VERSION, plain_values
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST, SWEEP_MANIFEST = "run.json", "sweep.json"
WITHIN = ".planner-work"
"""Name of the work folder inside a final one that nothing can be written beside."""
_UNFINISHED = ".partial"


def write_manifest(path: Path, content: Mapping[str, Any], fingerprint: str = "") -> None:
    """Write a manifest.

    Parameters
    ----------
    path : pathlib.Path
        The file, UTF-8 JSON; figures that are not finite become null.
    content : mapping
        Keys and values.
    fingerprint : str
        What resuming looks at.
    """
    whole = {"manifest_version": MANIFEST_VERSION, **content, "fingerprint": fingerprint}
    path.write_text(manifest_text(plain_values(whole)), encoding="utf-8")


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """A manifest as it stands in its file."""
    return json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_manifest(folder: Path, name: str = MANIFEST) -> dict[str, Any]:
    """Contents of a run's ``run.json``."""
    path = folder / name
    if not path.is_file():
        raise RunDirectoryError(_no_manifest(folder, name))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        msg = said(
            "{path}: not readable as JSON ({error}); run the scenario again",
            path=str(path),
            error=str(error),
        )
        raise RunDirectoryError(msg) from error
    if not isinstance(manifest, dict):
        msg = said(
            "{path}: expected keys with values; found {found}; run the scenario again",
            path=str(path),
            found=AsWritten(type(manifest).__name__),
        )
        raise RunDirectoryError(msg)
    _check_sections(manifest, path)
    return manifest


def lines_in(language: str, manifest: Mapping[str, Any], key: str) -> list[str]:
    """Lines of a manifest in the language of a code, in English where it has no others."""
    of_language: Mapping[str, Any] = manifest.get("translations", {}).get(language, manifest)
    return list(of_language.get(key, ()))


def _no_manifest(folder: Path, name: str) -> str:
    """What stands in the place of a run."""
    work = folder if _is_work(folder) else work_beside(folder)
    if work.is_dir():
        final = folder.parent / folder.name.removeprefix(".").removesuffix(_UNFINISHED)
        return said(
            "{folder}: an unfinished run; the command that began {final} goes on with --resume",
            folder=str(folder),
            final=str(final),
        )
    if folder.is_file():
        why = said("it is a file")
    elif folder.is_dir():
        why = said("{name} is missing", name=AsWritten(name))
    else:
        why = said("the folder is missing")
    return said(
        "{folder}: not a run of the planner ({why}); name the folder that 'planner run' reported",
        folder=str(folder),
        why=why,
    )


def work_beside(final: Path) -> Path:
    """Folder of the unfinished run of a folder, beside it."""
    return final.parent / f".{final.name}{_UNFINISHED}"


def _is_work(folder: Path) -> bool:
    return folder.name.startswith(".") and folder.name.endswith(_UNFINISHED)


_SECTIONS: Mapping[str, type] = {
    "headline": dict,
    "summary": dict,
    "scenario": dict,
    "provenance": dict,
    "sweep": dict,
    "named_solutions": list,
    "assumptions": list,
    "translations": dict,
}
"""What manifests of all kinds hold under these keys, where they have them."""


def _check_sections(manifest: Mapping[str, Any], path: Path) -> None:
    for key, kind in _SECTIONS.items():
        if key in manifest and not isinstance(manifest[key], kind):
            found = manifest[key]
            msg = said(
                "{path}: expected {expected} under {key}; found {found}; run the scenario again",
                path=str(path),
                expected="keys with values" if kind is dict else "a list",
                key=repr(key),
                found="nothing" if found is None else AsWritten(type(found).__name__),
            )
            raise RunDirectoryError(msg)
