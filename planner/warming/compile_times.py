"""Which kernels a process compiled, for which arguments, and how long that took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numba.core import event

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class CompiledKernel:
    """A kernel compiled for arguments of some types.

    Parameters
    ----------
    name : str
        ``module.function`` without the package.
    arguments : str
        Their types.
    own_cpu_s : float
        Processor time of this kernel alone, without those it calls, s.
    """

    name: str
    arguments: str
    own_cpu_s: float


class _Listener(event.Listener):
    """Numba tells it when it starts and ends to compile; kernels are compiled within others."""

    def __init__(self) -> None:
        self.kernels: list[CompiledKernel] = []
        self._begun: list[list[float]] = []  # time at the start, and that of the kernels within

    def on_start(self, _: Any) -> None:
        self._begun.append([time.thread_time(), 0.0])

    def on_end(self, ended: Any) -> None:
        start_s, within_s = self._begun.pop()
        whole_s = time.thread_time() - start_s
        if self._begun:
            self._begun[-1][1] += whole_s
        function = ended.data["dispatcher"].py_func
        package, _, module = function.__module__.partition(".")
        if package == "planner":
            name = f"{module}.{function.__qualname__}"
            arguments = ", ".join(map(str, ended.data["args"]))
            self.kernels.append(CompiledKernel(name, arguments, whole_s - within_s))


@contextmanager
def compiled_kernels() -> Iterator[list[CompiledKernel]]:
    """List the kernels that this thread compiles meanwhile, in the order in which they are done.

    What numba compiles of its own for a kernel counts for the kernel.
    """
    listener = _Listener()
    with event.install_listener("numba:compile", listener):
        yield listener.kernels
