"""Programs that QGIS runs, which Debian installs beside the project.

PLANNER_QGIS_PYTHON names the Python that has PyQGIS, by default the system's.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

QGIS_PYTHON = os.environ.get("PLANNER_QGIS_PYTHON", "/usr/bin/python3")
PROBE = Path(__file__).parent / "validation" / "qgis_probe.py"


def needs_qgis():
    """Skip a test where QGIS is missing."""
    try:
        subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"{QGIS_PYTHON} has no PyQGIS: apt-get install python3-qgis")


def in_qgis(folder, *script_and_arguments):
    """What a program writes that QGIS's Python runs."""
    done = subprocess.run(
        [QGIS_PYTHON, *map(str, script_and_arguments)],
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def seen_by_qgis(project, folder, kind="png"):
    """What QGIS says of a project and of the GeoPackage beside it.

    Pictures of its themes and sheets go into the folder; of kind ``pdf`` the sheets alone.
    """
    return json.loads(in_qgis(folder, PROBE, project, folder, kind).strip().splitlines()[-1])
