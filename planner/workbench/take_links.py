"""Changes of a plan as a link: all that makes them, in the address itself.

Whoever has the run can open it in a workbench of their own; nothing of the one that made it is
needed.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from planner.errors import InputDataError, PlannerError, quoted
from planner.plan.finished_run import PLAN
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.runs.manifests import read_manifest
from planner.said import said
from planner.workbench.folder import look_into

if TYPE_CHECKING:
    from pathlib import Path

STATE, OF_RUN = "state", "of"
"""What the address tells after its ``#``: the changes, and the fingerprint of the run."""
_MOST_BYTES = 5_000_000
_NO_LINK = "expected one that the workbench has made; copy it whole"


def packed(told: dict[str, Any]) -> str:
    """Plain values as a part of an address: letters, digits, hyphens and underscores."""
    text = json.dumps(told, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(state: str) -> dict[str, Any]:
    """Plain values of a part of an address.

    Raises
    ------
    InputDataError
        If it holds none, or more than a link does.
    """
    try:
        squeezed = base64.urlsafe_b64decode(state + "=" * (-len(state) % 4))
        reader = zlib.decompressobj()
        text = reader.decompress(squeezed, _MOST_BYTES)
        told = json.loads(text) if reader.eof else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        msg = said("link: {expected}", expected=_NO_LINK)
        raise InputDataError(msg)
    return told


def fingerprint_of(folder: Path) -> str:
    """What tells a run from others of its name; the same in every copy of its folder."""
    return str(read_manifest(folder).get("fingerprint", ""))


def page_of_link(root: Path, link: str) -> str:
    """Page of this workbench that shows what a link of any workbench holds.

    A run that lies elsewhere in this folder is found by its fingerprint.

    Raises
    ------
    InputDataError
        If it is no such link, or the folder does not hold its run.
    """
    try:
        parts = urlsplit(link.strip())
        asked, hashed = parse_qs(parts.query), dict(parse_qsl(parts.fragment))
        run = asked["run"][0]
    except (KeyError, ValueError) as error:
        msg = said("link {link}: {expected}", link=quoted(link), expected=_NO_LINK)
        raise InputDataError(msg) from error
    solution = asked.get("solution", [DEFAULT_SOLUTION])[0]
    here = _run_here(root, run, hashed.get(OF_RUN, ""))
    if here != run and STATE in hashed:
        hashed[STATE] = packed(unpacked(hashed[STATE]) | {"run": here})
    classes = "&by_class=true" if asked.get("by_class") == ["true"] else ""
    return f"/plan?run={quote(here)}&solution={quote(solution)}{classes}#{urlencode(hashed)}"


def _run_here(root: Path, run: str, fingerprint: str) -> str:
    plans = [each for each in look_into(root).results if each.kind == PLAN and not each.fault]
    known = {each.path: "" for each in plans}
    for path in known:
        try:
            known[path] = fingerprint_of(root / path)
        except PlannerError:  # it has gone in the meantime
            continue
    # The very run, wherever it lies; else the one of its name, whose sites may be the same.
    if fingerprint and known.get(run) != fingerprint:
        same = [path for path, print_of in known.items() if print_of == fingerprint]
        if same:
            return same[0]
    if run in known:
        return run
    msg = said(
        "link: it is of the run {run}; copy that run's folder into {root}, or run it",
        run=quoted(run),
        root=str(root),
    )
    raise InputDataError(msg)
