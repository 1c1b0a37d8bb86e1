"""Scripts beside the tests, each run as its first lines say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("script", ["kill.py", "fuzz"])
def test_a_script_beside_the_tests_begins_without_them(script, tmp_path):
    command = [sys.executable, str(TESTS / script), "--help"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("usage: ")
