"""Damaged files for every reader: each is read or refused in one message, within 2 s and 300 MB.

Reproducible: the number of an input, its reader and the seed make its bytes. What a reader does
otherwise is a fault; its file is kept under outputs/fuzz with how to repeat it.

Run: ``python tests/fuzz --inputs 100000``, ``--seconds 120`` (all readers together),
``--reader urdb --only 4711`` (one input, with its traceback).
"""

import argparse
import multiprocessing
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from mutations import mutated
from readers import READERS, inside

from planner.errors import InvariantError, PlannerError

KEPT = Path(__file__).parents[2] / "outputs" / "fuzz"
MOST_CPU_S = 2.0
MOST_MEMORY_KB = 300 * 1024
ROOM_BYTES = 4 << 30
SILENT_S = 60.0
"""A worker that tells nothing for so long hangs where no signal reaches it."""
KEPT_OF_A_KIND = 3
INPUTS_OF_A_WORKER = 10_000
"""libosmium leaves a damaged file open now and then: a process would run out of them."""


class TooSlowError(BaseException):
    """An input took more CPU time than allowed; no reader catches this."""


def input_of(prepared, name, seed, number):
    """Bytes of an input; the first ones are the files that can be read."""
    if number < len(prepared.seeds):
        return prepared.seeds[number]
    generator = random.Random(f"{seed}/{name}/{number}")
    content = generator.choice(prepared.seeds)

    def change(data):
        return mutated(data, generator, prepared.seeds)

    return inside(content, change) if generator.random() < 0.8 else change(content)


def judge(prepared, content):
    """What a reader makes of an input: ``read``, ``refused``, or the fault with its text."""
    prepared.path.write_bytes(content)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    since = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 4.0 * MOST_CPU_S)
    try:
        prepared.read()
        verdict, text = "read", ""
    except InvariantError:
        verdict, text = "fault: an invariant", traceback.format_exc()
    except PlannerError as error:
        verdict, text = ("refused", "") if str(error) else ("fault: no message", repr(error))
    except TooSlowError:
        verdict, text = "fault: too slow", traceback.format_exc()
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)
        own = next((frame for frame in reversed(at) if "/planner/" in frame.filename), at[-1])
        verdict = f"fault: {type(error).__name__} at {Path(own.filename).name}:{own.lineno}"
        text = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
    cpu_s = time.process_time() - since
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    if cpu_s > MOST_CPU_S and not verdict.startswith("fault"):
        verdict, text = "fault: too slow", f"{cpu_s:.1f} s of CPU"
    if grown_kb > MOST_MEMORY_KB and not verdict.startswith("fault"):
        verdict, text = "fault: too much memory", f"{grown_kb / 1024:.0f} MB"
    return verdict, text


def _be_a_worker():
    """Bounds of this process; no text of a library reaches the terminal."""
    warnings.simplefilter("ignore")

    def stop(*_):
        raise TooSlowError

    signal.signal(signal.SIGPROF, stop)
    used = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmSize")
    )
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM_BYTES, used + ROOM_BYTES))


def work(name, seed, numbers, until, told):
    """Judge inputs until the time is up; tell each verdict through a pipe."""
    _be_a_worker()
    with tempfile.TemporaryDirectory() as folder:
        prepared = READERS[name](Path(folder))
        for number in numbers:
            if time.monotonic() > until:
                break
            told.send((number, "begun", ""))
            content = input_of(prepared, name, seed, number)
            verdict, text = judge(prepared, content)
            if number < len(prepared.seeds) and verdict != "read":
                prepared.read()
                verdict = "fault: its own small file is not read"
            if verdict.startswith("fault"):
                text = f"{text}\n"
                told.send((number, verdict, text))
            else:
                told.send((number, verdict, ""))
    told.send((-1, "done", ""))


def read_once(name):
    """Compile and keep what a reader needs, before its time begins."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = READERS[name](Path(folder))
        prepared.path.write_bytes(prepared.seeds[0])
        prepared.read()


@dataclass
class Tally:
    """What became of a reader's inputs."""

    name: str
    verdicts: Counter = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def n_faults(self):
        return sum(n for verdict, n in self.verdicts.items() if verdict.startswith("fault"))

    def line(self):
        n = self.verdicts.total()
        read, refused = self.verdicts["read"], self.verdicts["refused"]
        rate = n / self.seconds if self.seconds else 0.0
        return f"{self.name:<16}{n:>9,}{read:>9,}{refused:>9,}{self.n_faults:>9,}{rate:>12,.0f}"


def fuzz(name, seed, n_inputs, seconds):
    """Let a reader read damaged files; a worker that dies or hangs is replaced."""
    forked = multiprocessing.get_context("fork")
    warm_up = forked.Process(target=read_once, args=(name,))
    warm_up.start()
    warm_up.join()
    tally, since = Tally(name), time.monotonic()
    until, number = since + seconds, 0
    while number < n_inputs and time.monotonic() < until:
        ear, mouth = multiprocessing.Pipe(duplex=False)
        numbers = range(number, min(number + INPUTS_OF_A_WORKER, n_inputs))
        worker = forked.Process(target=work, args=(name, seed, numbers, until, mouth))
        worker.start()
        mouth.close()
        number = _listen(ear, worker, tally, seed, number)
    tally.seconds = time.monotonic() - since
    return tally


def _listen(ear, worker, tally, seed, number):
    """Count a worker's verdicts until it ends; the number of the next input."""
    verdict = "begun"
    try:
        while ear.poll(SILENT_S):
            told, verdict, text = ear.recv()
            if verdict == "done":
                return number
            number = told + (verdict != "begun")
            if verdict != "begun":
                _count(tally, seed, told, verdict, text)
        worker.kill()
        what = "hangs"
    except EOFError:
        worker.join()
        what = f"ends the process ({worker.exitcode})"
    if verdict == "begun":
        _count(tally, seed, number, f"fault: {what}", "")
        number += 1
    return number


def _count(tally, seed, number, verdict, text):
    tally.verdicts[verdict] += 1
    if not verdict.startswith("fault") or tally.verdicts[verdict] > KEPT_OF_A_KIND:
        return
    folder = KEPT / tally.name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        prepared = READERS[tally.name](Path(room))
        content = input_of(prepared, tally.name, seed, number)
        ending = "".join(prepared.path.suffixes)
    (folder / f"{number}{ending}").write_bytes(content)
    again = f"python tests/fuzz --seed {seed} --reader {tally.name} --only {number}"
    (folder / f"{number}.txt").write_text(f"{verdict}\n{again}\n\n{text}", encoding="utf-8")


def repeat(name, seed, number):
    """Read one input in this process, and let its fault out."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = READERS[name](Path(folder))
        prepared.path.write_bytes(input_of(prepared, name, seed, number))
        since = time.process_time()
        try:
            print("read:", prepared.read())
        except PlannerError as error:
            print("refused:", error)
        print(f"{time.process_time() - since:.2f} s of CPU")


def main():
    """Fuzz all readers, and fail where one has a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=sys.maxsize, help="most of each reader")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for all together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="readers at a time")
    parser.add_argument("--reader", action="append", choices=READERS, help="all by default")
    parser.add_argument("--only", type=int, help="number of one input, with its traceback")
    chosen = parser.parse_args()
    names = chosen.reader or list(READERS)
    if chosen.only is not None:
        for name in names:
            repeat(name, chosen.seed, chosen.only)
        return 0
    for name in names:
        shutil.rmtree(KEPT / name, ignore_errors=True)
    each_s = chosen.seconds * chosen.jobs / len(names)
    print(f"{'reader':<16}{'inputs':>9}{'read':>9}{'refused':>9}{'faults':>9}{'inputs a s':>12}")
    with ThreadPoolExecutor(chosen.jobs) as pool:
        tallies = []
        for tally in pool.map(lambda name: fuzz(name, chosen.seed, chosen.inputs, each_s), names):
            print(tally.line(), flush=True)
            tallies.append(tally)
    for tally in tallies:
        for verdict, n in sorted(tally.verdicts.items()):
            if verdict.startswith("fault"):
                print(f"{tally.name}: {n:,} x {verdict}; see {KEPT / tally.name}")
    return int(any(tally.n_faults for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
