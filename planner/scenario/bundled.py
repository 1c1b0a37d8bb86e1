"""Where the data that travel with the planner lie."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def bundled_path(relative: str) -> Path:
    """Path of a file or folder that comes with the planner.

    An installed planner carries ``network/``, ``scenarios/`` and ``config/`` inside the package; a
    checkout has them beside it.

    Parameters
    ----------
    relative : str
        Path below the project's root, for example ``"network/germany/nodes.csv"``.

    Returns
    -------
    pathlib.Path
        Absolute path; whether it exists is the caller's question.
    """
    installed = _PACKAGE / "_data"
    root = installed if installed.is_dir() else _PACKAGE.parent
    return root / relative


STUDY = "study.yaml"
"""Name of the scenario in a folder of its own."""
STARTER = "scenarios/starter"
"""Folder that `planner init` copies: no study yet."""


def bundled_studies() -> dict[str, Path]:
    """Files of the studies that come with the planner, by name."""
    scenarios = bundled_path("scenarios")
    files = {file.stem: file for file in scenarios.glob("*.yaml")}
    folders = {file.parent.name: file for file in scenarios.glob(f"*/{STUDY}")}
    del folders[Path(STARTER).name]
    return dict(sorted((folders | files).items()))
