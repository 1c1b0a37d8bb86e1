"""Whether a dask scheduler answers at an address, told before a client is made.

A client that finds none tries for long, also where something else answers there (a dashboard, a
web server), and complains when it is given up. A short question of our own does neither.
"""

from __future__ import annotations

import asyncio
import socket
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from distributed.core import rpc
from distributed.security import Security

from planner.errors import ClusterError, quoted
from planner.said import AsWritten, said

_SECONDS_TO_CONNECT = 4.0
_SECONDS_TO_ANSWER = 4.0
_SECONDS_IN_ALL = 10.0
_KINDS = ("tcp", "tls", "ucx", "ws", "wss")


def refuse_wrong_address(address: str) -> None:
    """Ask the scheduler at an address who it is.

    Parameters
    ----------
    address : str
        For example ``"tcp://127.0.0.1:8786"``; without a kind it is ``tcp``.

    Raises
    ------
    ClusterError
        If it is no address of a scheduler, or none answers within about ten seconds.
    """
    found = _fault_of_form(address)
    if not found:
        answers: SimpleQueue[str] = SimpleQueue()
        # Looking up a name cannot be broken off: a thread that the end of the program ends.
        Thread(target=lambda: answers.put(_fault_of_answer(address)), daemon=True).start()
        try:
            found = answers.get(timeout=_SECONDS_IN_ALL)
        except Empty:
            found = f"no answer within {_SECONDS_IN_ALL:g} s"
    if found:
        given = address if address.strip() else quoted(address)
        msg = said(
            "--cluster {given}: expected a running dask scheduler, for example "
            "tcp://127.0.0.1:8786; found {found}; start one with 'dask scheduler' and workers "
            "with 'dask worker ADDRESS --nthreads 1'",
            given=AsWritten(given),
            found=found,
        )
        raise ClusterError(msg)


def _fault_of_form(address: str) -> str:
    if not address.strip():
        return "an empty address"
    kind, host, port = _parts(address)
    if kind in {"http", "https"}:
        return "the address of a web page, perhaps the dashboard's; the scheduler's begins tcp://"
    if kind not in _KINDS:
        return f"an address of another kind than {', '.join(_KINDS)}"
    if not host or port is None:
        return "no host with the number of a port"
    return ""


def _parts(address: str) -> tuple[str, str, int | None]:
    """Kind, host and port of an address; what cannot be told is empty."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        port = parts.port
    except ValueError:
        return "tcp", "", None
    return parts.scheme, parts.hostname or "", port


def _fault_of_answer(address: str) -> str:
    """Why no scheduler answers; empty where one does."""
    _, host, port = _parts(address)
    try:
        socket.create_connection((host, port or 0), timeout=_SECONDS_TO_CONNECT).close()
    except socket.gaierror:
        return "no computer of that name"
    except (OSError, ValueError) as error:
        return f"nothing that answers there ({_reason(error)})"
    try:
        kind = asyncio.run(asyncio.wait_for(_kind_of_server(address), _SECONDS_TO_ANSWER))
    except Exception:  # noqa: BLE001  # whatever answers there may answer anything
        return (
            "something else that answers there; the dashboard has another port than the scheduler"
        )
    return "" if kind == "Scheduler" else f"a dask {kind.lower()}, not the scheduler"


async def _kind_of_server(address: str) -> str:
    arguments = Security().get_connection_args("client")
    async with rpc(address, timeout=_SECONDS_TO_ANSWER, connection_args=arguments) as server:
        answer = await server.identity()
    return str(answer["type"])


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
