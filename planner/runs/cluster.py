"""Who does large work: worker processes of this machine, or an existing cluster."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import dask
import numba
from distributed import Client, LocalCluster

from planner.errors import ClusterError
from planner.runs import garbage
from planner.runs.cluster_address import refuse_wrong_address
from planner.runs.fork_server import METHOD, fork_server
from planner.runs.kernel_claims import share_kernels
from planner.runs.kernel_locator import folder_of_kernels
from planner.runs.sources import libraries, sources_sha256
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCAL = "local"
"""In place of an address: processes of this machine."""

_SETTINGS = {
    # A run takes minutes: an idle worker may fetch its inputs, however large they are beside
    # the half second that a task of unknown length is taken for.
    "distributed.scheduler.unknown-task-duration": "10m",
    # A worker in a long kernel is silent, not dead; a dead one closes its connection.
    "distributed.scheduler.worker-ttl": None,
    # What a dashboard shows of processes, which nobody opens here: profiles of every 10 ms and
    # delays of loops of every 20 ms took each process 7 % of a core as long as it lived.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.worker.multiprocessing-method": METHOD,
}
_SECONDS_TO_CONNECT = 15


@dataclass(frozen=True, slots=True)
class Workforce:
    """Workers that wait for tasks.

    Parameters
    ----------
    client : distributed.Client
        Connection to their scheduler.
    threads : int or None
        Threads that each task may use; None for as many as its worker has.
    """

    client: Client
    threads: int | None


@contextmanager
def workforce(
    n_runs: int, workers: int | None, address: str | None, module: str
) -> Iterator[Workforce]:
    """Workers for as long as the context lasts; those of this machine compile for each other.

    Parameters
    ----------
    n_runs : int
        Runs or other tasks to be done, >= 1: no more workers are started here.
    workers : int, optional
        Runs at the same time on this machine; one per processor core by default. Not used with
        ``address``.
    address : str, optional
        Address of a running scheduler, for example ``"tcp://10.0.0.1:8786"``; ``"local"`` is this
        machine too.
    module : str
        Module of the tasks. Workers of this machine are copies of a process that has imported it,
        or import it side by side when they begin, not one after the other with the first task that
        each is given.

    Raises
    ------
    ClusterError
        If no scheduler answers at the address.
    """
    if address not in {None, LOCAL}:
        with _client_at(str(address)) as client:
            yield Workforce(client, None)
        return
    n_cores = numba.get_num_threads()  # those that this process may use
    n_workers = min(workers or n_cores, n_runs)
    with (
        dask.config.set(_SETTINGS),
        fork_server(module),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            memory_limit=None,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            preload=[garbage.__name__, module],
            env=dict(os.environ),  # as it is now, not when the process began that they copy
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.run(share_kernels, _folder_of_claims())
        yield Workforce(client, max(n_cores // n_workers, 1))


def _folder_of_claims() -> Path | None:
    """Where workers share kernels: beside these, so that a sweep that is killed leaves nothing."""
    kernels = folder_of_kernels()
    if kernels is None:
        return None
    folder = kernels / "claims"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def _client_at(address: str) -> Iterator[Client]:
    refuse_wrong_address(address)
    with Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
        except TimeoutError as error:
            msg = said(
                "--cluster {address}: expected workers; found a scheduler without any; start some "
                "with 'dask worker {address} --nthreads 1'",
                address=AsWritten(address),
            )
            raise ClusterError(msg) from error
        yield client


def versions_of(module: str) -> dict[str, str]:
    """What results of a module of the planner depend on, by name: its code, and what runs it."""
    return {
        "planner": f"{version('truck-charging-planner')} ({sources_sha256(module)[:12]})",
        **libraries(),
    }


def refuse_other_versions(client: Client, address: str, module: str) -> None:
    """Refuse workers on which a module is another one than here: its results might differ.

    Raises
    ------
    ClusterError
        Naming the worker and what differs.
    """
    here = versions_of(module)
    remedy = "install the same version there and start the worker again"
    try:
        found = client.run(versions_of, module)
    except Exception as error:
        # Whatever a worker without the planner, or with one from before, makes of the question.
        msg = said(
            "--cluster {address}: a worker does not know this planner ({error}); {remedy}",
            address=AsWritten(address),
            error=str(error),
            remedy=remedy,
        )
        raise ClusterError(msg) from error
    for worker, there in found.items():
        for name, expected in here.items():
            if there.get(name) != expected:
                msg = said(
                    "--cluster {address}: worker {worker}: expected {name} {expected} as on this "
                    "computer, found {found}; {remedy}",
                    address=AsWritten(address),
                    worker=AsWritten(str(worker)),
                    name=AsWritten(name),
                    expected=AsWritten(str(expected)),
                    found=AsWritten(str(there.get(name))),
                    remedy=remedy,
                )
                raise ClusterError(msg)
