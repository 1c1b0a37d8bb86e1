"""Compiling what only kernels call: kept for its callers, and not made into machine code itself.

Numba optimizes each function with all that it calls, makes machine code of it, and does so again
within every caller. For a function that nobody calls but kernels, the caller's turn is enough; what
is kept of it is taken into callers as it is. Most of a plan's kernels are such, and so is all that
numba itself has a kernel call, as ``np.empty`` and ``max``. Of those, numba compiles one again for
each set of options that its callers have; here one serves them all.

Numba promises none of the names used here. Where one is gone or does something else, importing this
module fails, and kernels are compiled by numba alone (:mod:`planner.runs.kernel_targets`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher, CPUTarget, cpu_target
from numba.core.target_extension import CPU, dispatcher_registry, jit_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from numba.core.cpu import CPUContext
    from numba.core.typing.context import Context


class _ProcessorOfKernels(CPU):
    """The processor, for kernels: what numba has them call is compiled as parts of them."""


class _PartLibrary(JITCodeLibrary):
    """Compiled form of a function, and of all it calls, that other functions are to take in."""

    def _optimize_final_module(self) -> None:
        codegen: Any = self._codegen
        passes, builder = codegen._module_pass_manager(  # noqa: SLF001  # numba's own
            loop_vectorize=False, slp_vectorize=False, opt=0, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_specific(self) -> None:
        """Make no machine code."""

    def serialize_using_object_code(self) -> tuple[str, str, bytes]:
        """What is kept: there is no object code."""
        kept: tuple[str, str, bytes] = super().serialize_using_bitcode()  # type: ignore[no-untyped-call]
        return kept


class _PartCodegen(JITCPUCodegen):
    """Numba's code generator, all of whose engine it shares, for parts.

    Parameters
    ----------
    whole : JITCPUCodegen
        The one of all other functions.
    """

    _library_class = _PartLibrary

    def __init__(self, whole: JITCPUCodegen) -> None:
        self.__dict__ = whole.__dict__

    def _add_module(self, module: Any) -> None:
        """Keep the engine from it, who would make machine code of it with the next kernel."""

    def set_env(self, env_name: str, env: Any) -> None:
        """Do nothing: what a function's objects would be found by is in its callers alone."""


class _KernelTarget(CPUTarget):
    """The processor, as a code generator serves it; types are numba's own.

    Parameters
    ----------
    codegen : JITCPUCodegen
        What makes code for it.
    """

    def __init__(self, codegen: JITCPUCodegen) -> None:
        super().__init__("cpu")  # type: ignore[no-untyped-call]
        numbas: Any = cpu_target.target_context
        self._context: CPUContext = numbas.subtarget(
            _internal_codegen=codegen, target=_ProcessorOfKernels
        )

    @property
    def target_context(self) -> CPUContext:
        """What functions are compiled by."""
        return self._context

    @property
    def typing_context(self) -> Context:
        """What finds their types."""
        types: Context = cpu_target.typing_context
        return types


_CODEGEN: JITCPUCodegen = cpu_target.target_context.codegen()
KERNEL_TARGET = _KernelTarget(_CODEGEN)
"""For what Python calls."""
PART_TARGET = _KernelTarget(_PartCodegen(_CODEGEN))
"""For what kernels alone call."""


class PartDispatcher(CPUDispatcher):
    """A function that is compiled for kernels to call, and for nobody else."""

    targetdescr = PART_TARGET

    def add_overload(self, compiled: Any) -> None:
        """Offer a compiled form to kernels; Python would jump to where its wrapper is not."""
        self.overloads[tuple(compiled.signature.args)] = compiled


_PLAIN = {"nopython", "no_cpython_wrapper", "no_cfunc_wrapper", "_nrt", "fastmath"}
"""Options of numba's functions that choose how code is made; others tell types beforehand."""
_NUMBAS_PARTS: dict[Any, PartDispatcher] = {}
"""Functions of numba's own that kernels call, by code, options and what they hold."""


def _numbas_parts(**options: Any) -> Callable[[Callable[..., Any]], CPUDispatcher]:
    """What numba makes such functions callable with: the one that it has asked for before."""
    if not options.keys() <= _PLAIN:
        whole: Callable[[Callable[..., Any]], CPUDispatcher] = jit_registry[CPU](**options)
        return whole

    def part(function: Callable[..., Any]) -> PartDispatcher:
        cells = (cell.cell_contents for cell in function.__closure__ or ())
        # The very same, not what is equal: 1, 1.0 and True are. A dispatcher keeps what it holds.
        held = *map(id, cells), *map(id, function.__defaults__ or ())
        same = function.__module__, function.__code__, held, tuple(sorted(options.items()))
        if same not in _NUMBAS_PARTS:
            chosen = {"nopython": True} | options
            _NUMBAS_PARTS[same] = PartDispatcher(function, targetoptions=chosen)
        return _NUMBAS_PARTS[same]

    return part


def _try_codegen() -> None:
    """Compile a part without functions, which does all that a part's library does in its own way.

    Raises
    ------
    AttributeError, TypeError, ValueError
        Where numba has changed what that is made of.
    """
    for ours in (_PartLibrary, _PartCodegen, _KernelTarget, PartDispatcher):
        for name in vars(ours):
            getattr(super(ours, ours), name)  # what numba does not have is called by nobody
    context: Any = PART_TARGET.target_context
    library = context.codegen().create_library("tried")
    library.add_ir_module(library.create_ir_module("tried"))
    with global_compiler_lock:
        library.finalize()
    _, kind, code = library.serialize_using_object_code()
    if kind != "bitcode" or not code:
        msg = "numba keeps parts of kernels in another form"
        raise ValueError(msg)


_try_codegen()
dispatcher_registry[_ProcessorOfKernels] = PartDispatcher
jit_registry[_ProcessorOfKernels] = _numbas_parts
