"""Files that tests of several rooms write or read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_data import reference_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def official_sites() -> Path:
    return reference_path("germany_sites_352") / "sites.csv"


@pytest.fixture
def write(tmp_path):
    def write_file(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file
