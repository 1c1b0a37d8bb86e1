"""Kill runs of every kind at random moments, go on with them, and compare all bytes.

Each kill begins in an empty folder: the process and its workers get SIGKILL somewhere between start
and end of an uninterrupted run, half of them once more while they go on; then the command is left
to finish. What it has written must equal an uninterrupted run's, byte for byte but for when it was
made and how long that took, and nothing half-written may lie beside it. Nothing may be committed or
installed meanwhile: a run names its commit and the versions of its packages.

Run: ``python tests/kill.py --kills 50 --seed 1``, or ``--kind market`` for one kind.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from small_study import write_study

# Runs that were killed may take nothing from those that were left alone.
os.environ["PLANNER_REUSE"] = "0"

PLANNER = Path(sys.executable).with_name("planner")
SEARCH = ("--set", "optimization.population=16", "--set", "optimization.max_generations=8")
_TIMINGS = re.compile(
    rb'<tr><th scope="row">(?:<span lang="en">(?:Seconds|Memory by its end, MB)|timings s) .*?</tr>'
)
MOST_TRIES = 5
"""Times as many runs are begun as are to be killed, where many end too early for that."""
SWEEP = """\
name: sweep
base: study.yaml
fixed: {optimization.max_generations: 5}
axes:
  demand.electrification_share: [0.25, 0.5]
replications: 2
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A command, without its folder.

    Parameters
    ----------
    command : tuple of str
        What stands after ``planner``.
    goes_on_with : tuple of str
        What is added to go on.
    """

    command: tuple[str, ...]
    goes_on_with: tuple[str, ...] = ("--resume",)


def kinds(folder):
    """Every kind of run, small but for Germany."""
    study = str(write_study(folder) / "study.yaml")
    (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    return {
        "run": Kind(("run", study, "--set", "replanning.iterations=2")),
        "sweep": Kind(("sweep", str(folder / "sweep.yaml"), "--workers", "2"), ()),
        "market": Kind(
            ("market", "odeshog-market", "--set", "n_iterations=4000", "--set", "n_seeds=4")
        ),
        "depot": Kind(("depot", "depot-demo")),
        "germany": Kind(
            ("run", "germany-10", "--set", "demand.electrification_share=0.01", *SEARCH)
        ),
    }


@dataclass
class Outcome:
    """What became of the kills of a kind."""

    name: str
    full_s: float
    n_kills: int = 0
    n_too_late: int = 0
    resumed_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def line(self):
        mean_s = sum(self.resumed_s) / len(self.resumed_s) if self.resumed_s else 0.0
        return (
            f"{self.name:<9}{self.full_s:>9.1f}{self.n_kills:>7}{self.n_too_late:>10}"
            f"{mean_s:>13.1f}{len(self.faults):>8}"
        )


def start(kind, out, *, again):
    """Start a command in a session of its own."""
    return subprocess.Popen(
        [PLANNER, *kind.command, "--out", out, *(kind.goes_on_with if again else ())],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def kill_after(process, seconds):
    """Kill it and its workers; whether it was still at work."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def finish(kind, out, *, again):
    """Let a command end; seconds and what it complained of."""
    since = time.monotonic()
    process = start(kind, out, again=again)
    _, complained = process.communicate()
    fault = (
        "" if process.returncode == 0 else f"ends with {process.returncode}: {complained[-600:]}"
    )
    return time.monotonic() - since, fault


def contents(out):
    """All files by their names, without when each run was made and how long it took, and stages."""
    return {
        str(path.relative_to(out)): _settled(path)
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".stages" not in path.parts
    }


def _settled(path):
    """What a file holds; times of its run, told in manifest and page, are cut out."""
    content = path.read_bytes()
    if path.name not in {"run.json", "report.html", "market.html"}:
        return content
    manifest = json.loads((path.parent / "run.json").read_bytes())
    made = manifest["provenance"].pop("created_utc")
    del manifest["provenance"]["timings_s"], manifest["provenance"]["peak_memory_mb"]
    if path.name != "run.json":
        return _TIMINGS.sub(b"", content.replace(made.encode(), b""))
    # Both are sums over what holds that time.
    del manifest["manifest_sha256"]
    for name in ("report.html", "market.html"):
        manifest["files"].pop(name, None)
    return json.dumps(manifest, sort_keys=True).encode()


def differences(expected, out):
    """Names of files that are not as they should be, and of what should not be there."""
    found = contents(out)
    wrong = [name for name in expected if found.get(name) != expected[name]]
    more = sorted(set(found) - set(expected))
    beside = [path.name for path in out.parent.iterdir() if path.name.endswith(".partial")]
    return wrong + more + beside


def judge(name, kind, n_kills, generator, room):
    """Kill a kind of run as often as asked."""
    whole = room / name / "whole" / "out"
    # The first run compiles kernels: how long one takes, and when to kill it, the second tells.
    _, fault = finish(kind, whole.with_name("first"), again=False)
    full_s, later_fault = finish(kind, whole, again=False)
    outcome = Outcome(name, full_s)
    if fault or later_fault:
        outcome.faults.append(fault or later_fault)
        return outcome
    expected = contents(whole)
    for number in range(MOST_TRIES * n_kills):
        if outcome.n_kills >= n_kills:
            break
        out = room / name / str(number) / "out"
        out.parent.mkdir()
        again = False
        for _ in range(generator.choice((1, 2))):
            moment_s = generator.uniform(0.0, full_s)
            since = time.monotonic()
            hit = kill_after(start(kind, out, again=again), moment_s)
            if not hit:  # the machine has become faster, or all was done
                full_s = min(full_s, time.monotonic() - since) if not again else full_s
            outcome.n_kills += hit
            outcome.n_too_late += not hit
            again = True
        seconds, fault = finish(kind, out, again=True)
        outcome.resumed_s.append(seconds)
        wrong = [] if fault else differences(expected, out)
        if fault or wrong:
            kept = f"kill {number} at {moment_s:.2f} s"
            outcome.faults.append(f"{kept}: {fault or ', '.join(wrong)}")
        shutil.rmtree(out.parent)
    return outcome


def main():
    """Kill all kinds, print a table, and fail where bytes differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50, help="of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", help="all by default")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="planner-kill-") as folder:
        room = Path(folder)
        (room / "study").mkdir()
        every = kinds(room / "study")
        names = chosen.kind or list(every)
        n_each = -(-chosen.kills // len(names))
        print(
            f"{'kind':<9}{'whole s':>9}{'kills':>7}{'too late':>10}{'going on s':>13}{'faults':>8}"
        )
        outcomes = []
        for name in names:
            generator = random.Random(f"{chosen.seed}/{name}")
            outcomes.append(judge(name, every[name], n_each, generator, room))
            print(outcomes[-1].line(), flush=True)
    for outcome in outcomes:
        for fault in outcome.faults:
            print(f"{outcome.name}: {fault}")
    return int(any(outcome.faults for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
