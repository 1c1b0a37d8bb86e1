"""How functions become kernels: compiled for few types, without wrappers that nobody calls.

Beside each function, numba compiles a wrapper to call it from Python and one to call it from C.
With arrays in named tuples they take as long as many a kernel. Nothing is called from C, and most
kernels by kernels alone.

Numba also compiles a function once for every constant that it is called with, and a loop's counter
counts as the constant that it begins at, until it is found to change; and once for whole numbers of
32 bits, which arrays hold, and of 64, which sums of them have.

What a kernel calls is compiled again within it, so a chain of kernels costs the square of its
length: a link that one other calls, at one place, is best taken into it (``inline="always"``).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

from numba.core import event, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher

from planner.runs.garbage import garbage_left
from planner.runs.kernel_claims import claimed
from planner.runs.kernel_files import KernelFiles
from planner.runs.kernel_targets import KERNEL_TARGET, PartDispatcher

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


class _BeingCompiled(event.Listener):
    """How many functions numba compiles at this moment: what is kept is loaded, and not counted."""

    n = 0

    def on_start(self, _: event.Event) -> None:
        """Count one more; numba tells it under a lock that one thread at a time has."""
        self.n += 1

    def on_end(self, _: event.Event) -> None:
        """Count one less, also where it could not be compiled."""
        self.n -= 1


_BEING_COMPILED = _BeingCompiled()
event.register("numba:compile", _BEING_COMPILED)  # type: ignore[no-untyped-call]


def is_compiling() -> bool:
    """Whether a thread of this process compiles a function; not where it loads what is kept."""
    return _BEING_COMPILED.n > 0


class Kernel(CPUDispatcher):
    """A compiled function that Python and other kernels call; see :func:`kernel`."""

    targetdescr = KERNEL_TARGET

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """What numba calls from another kernel, with arguments of these types."""
        named = {name: _handed_on(kind) for name, kind in kws.items()}
        return super().get_call_template(tuple(map(_handed_on, args)), named)

    def compile(self, sig: Any) -> Any:
        """Compile for arguments of these types, or find what is compiled and kept for them."""
        name = f"{self.py_func.__module__}.{self.py_func.__qualname__}{sig}"
        with global_compiler_lock, garbage_left(), claimed(name):
            return super().compile(sig)

    def enable_caching(self) -> None:
        """Keep what is compiled from now on; as numba does where its files are other ones."""
        try:
            self._cache = KernelFiles(self.py_func)
        except (AttributeError, TypeError):
            super().enable_caching()

    def is_kept(self) -> bool | None:
        """Whether a compiled form is kept from before, for whatever types; None where none can."""
        folder = self._cache.cache_path
        if folder is None:
            return None
        return any(Path(folder).glob(f"*.{self.py_func.__qualname__}-*.nbi"))


class InnerKernel(PartDispatcher, Kernel):  # type: ignore[misc]  # numba has no types
    """A compiled function that kernels call, and nobody else; see :func:`inner_kernel`."""

    def _compile_for_args(self, *_: Any, **__: Any) -> NoReturn:
        name = self.py_func.__qualname__
        msg = f"{name} is called by kernels alone: where Python calls it, make it a @kernel"
        raise TypeError(msg)


@overload
def kernel(function: F, /) -> F: ...
@overload
def kernel(**options: Any) -> Callable[[F], F]: ...
def kernel(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Compile a function when it is first called, and keep what was compiled.

    Parameters
    ----------
    **options
        Numba's own, as ``nogil=True``.
    """
    if function is None:
        return partial(kernel, **options)
    return _kept(Kernel(function, targetoptions=_OPTIONS | options))


@overload
def inner_kernel(function: F, /) -> F: ...
@overload
def inner_kernel(**options: Any) -> Callable[[F], F]: ...
def inner_kernel(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Compile a function that only kernels call, with them; as :func:`kernel`.

    Raises
    ------
    TypeError
        Where Python calls it.
    """
    if function is None:
        return partial(inner_kernel, **options)
    return _kept(InnerKernel(function, targetoptions=_OPTIONS | {_NO_WRAPPER: True} | options))


UNCOUNTED = {"_nrt": False} if hasattr(Kernel.targetdescr.options, "_nrt") else {}
"""For inner kernels that allocate nothing and hand back no array. Numba counts who holds an array,
with a lock each time, also where a loop takes it out of a tuple at every turn; their callers hold
all arrays anyway."""

_OPTIONS = {"nopython": True, "no_cfunc_wrapper": True}
_NO_WRAPPER = "no_cpython_wrapper"


def _handed_on(kind: Any) -> Any:
    """Type with which an argument arrives: a constant's own, and the one of most whole numbers."""
    own: Callable[[Any], Any] = types.unliteral
    arrives = own(kind)
    return types.int64 if arrives in types.signed_domain else arrives


def _kept(compiled: Kernel) -> Kernel:
    compiled.enable_caching()
    return compiled
