"""Where a sweep's runs are planned: worker processes of this machine, or an existing cluster."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from os import cpu_count
from typing import TYPE_CHECKING

import dask
from distributed import Client, LocalCluster

from planner.errors import ClusterError
from planner.sweeping.cluster_address import refuse_wrong_address

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS = {
    # A run takes minutes: an idle worker may fetch its inputs, however large they are beside
    # the half second that a task of unknown length is taken for.
    "distributed.scheduler.unknown-task-duration": "10m",
    # A worker in a long kernel is silent, not dead; a dead one closes its connection.
    "distributed.scheduler.worker-ttl": None,
}
_SECONDS_TO_CONNECT = 15


@dataclass(frozen=True, slots=True)
class Workforce:
    """Workers that wait for runs.

    Parameters
    ----------
    client : distributed.Client
        Connection to their scheduler.
    threads : int or None
        Threads that each run may use; None for as many as its worker has.
    """

    client: Client
    threads: int | None


@contextmanager
def workforce(n_runs: int, workers: int | None, address: str | None) -> Iterator[Workforce]:
    """Workers for as long as the context lasts.

    Parameters
    ----------
    n_runs : int
        Runs to be done, >= 1: no more workers are started here.
    workers : int, optional
        Runs at the same time on this machine; one per processor core by default. Not used with
        ``address``.
    address : str, optional
        Address of a running scheduler, for example ``"tcp://10.0.0.1:8786"``.

    Raises
    ------
    ClusterError
        If no scheduler answers at the address.
    """
    if address is not None:
        with _client_at(address) as client:
            yield Workforce(client, None)
        return
    n_cores = cpu_count() or 1
    n_workers = min(workers or n_cores, n_runs)
    with (
        dask.config.set(_SETTINGS),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            memory_limit=None,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield Workforce(client, max(n_cores // n_workers, 1))


@contextmanager
def _client_at(address: str) -> Iterator[Client]:
    refuse_wrong_address(address)
    with Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
        except TimeoutError as error:
            msg = (
                f"--cluster {address}: expected workers; found a scheduler without any; "
                f"start some with 'dask worker {address} --nthreads 1'"
            )
            raise ClusterError(msg) from error
        yield client
