"""Files kept beside the byte code of the program, to spare later processes the work.

What is kept must be made anew to the same contents where it is missing: the folder may be emptied
at any time, or not be writable at all.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

_FOLDER = Path(__file__).parents[1] / "__pycache__"


def kept_file(name: str) -> bytes | None:
    """Contents that were kept by this name; None where there are none."""
    with suppress(OSError):
        return (_FOLDER / name).read_bytes()
    return None


def keep_file(name: str, content: bytes) -> None:
    """Keep contents by a name, where that can be written."""
    # In a folder of its own until it is whole: several processes may write at once.
    with suppress(OSError), TemporaryDirectory(dir=_FOLDER) as folder:
        new = Path(folder) / name
        new.write_bytes(content)
        new.replace(_FOLDER / name)
