"""Write `benchmarks/RESULTS.md` from what the benchmarks have kept; `make bench` ends with it.

What was measured elsewhere or before, and is not kept here, stays as it stands there.

python benchmarks/write_results.py
"""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from measured import RESULTS, kept, table

PART = "## "
OUT = Path(__file__).with_name("RESULTS.md")
PEERS = (
    "numba",
    "numpy",
    "ciw",
    "simpy",
    "networkx",
    "igraph",
    "rustworkx",
    "networkit",
    "pymoo",
    "cvxpy",
    "linopy",
    "pyomo",
    "highspy",
    "pyvrp",
    "frvcpy",
    "osmnx",
    "pyrosm",
    "matsim-tools",
    "distributed",
)
HEAD = """# Speed and quality, beside others

Written by `make bench`; each line compares both sides in one run, by turns. Medians of five turns
where no other number is named, least and most in brackets; a single figure was measured once.
Seconds are of processor time, so that what else a machine does counts little. The ratio is the
median of the ratios of the turns: above 1 the planner is better.
"""


def main() -> None:
    """Write the page."""
    page = OUT.read_text(encoding="utf-8") if OUT.exists() else ""
    parts = standing(page)
    for path in RESULTS.glob("*.json"):
        day = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
        heading = f"{PART}{path.stem}, {day}, {processor()}"
        parts[path.stem] = [heading, "", *table(kept(path.stem)), ""]
    lines = [HEAD, machine(page), "", *(line for name in sorted(parts) for line in parts[name])]
    OUT.write_text("\n".join(lines), encoding="utf-8")
    print(OUT)


def standing(page: str) -> dict[str, list[str]]:
    """Lines of a page by what was measured, of benchmarks that there still are."""
    parts: dict[str, list[str]] = {}
    for part in page.split(f"\n{PART}")[1:]:
        name = part.partition(", ")[0]
        if any(name.startswith(script.stem) for script in OUT.parent.glob("*.py")):
            parts[name] = [*f"{PART}{part}".rstrip("\n").split("\n"), ""]
    return parts


def machine(page: str) -> str:
    """What the machine is, and versions; of peers that are not installed those of the page."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    standing_versions = dict(re.findall(r"([\w-]+) (\d[\w.]*)(?:, |\.$)", page, re.MULTILINE))
    versions = ", ".join(
        f"{name} {version}"
        for name in PEERS
        if (version := installed(name) or standing_versions.get(name))
    )
    return (
        f"Machine: {os.cpu_count()} cores, {memory_gib:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}. {versions}."
    )


def processor() -> str:
    """Name of the processor, which the benchmarks of a page need not share."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def installed(name: str) -> str | None:
    """Version of a package; None where it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
