"""Compiling what only kernels call: kept for its callers, and not made into machine code itself.

Numba optimizes each function with all that it calls, makes machine code of it, and does so again
within every caller. For a function that nobody calls but kernels, the caller's turn is enough; what
is kept of it is taken into callers as it is. Half of a plan's kernels are such, and all kernels of
a plan take a fifth less to compile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.registry import CPUTarget, cpu_target

if TYPE_CHECKING:
    from numba.core.cpu import CPUContext
    from numba.core.typing.context import Context


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


class _PartTarget(CPUTarget):
    """The processor, as :class:`_PartCodegen` serves it; types are numba's own."""

    def __init__(self) -> None:
        super().__init__("cpu")  # type: ignore[no-untyped-call]
        whole: Any = cpu_target.target_context
        self._context: CPUContext = whole.subtarget(_internal_codegen=_PartCodegen(whole.codegen()))

    @property
    def target_context(self) -> CPUContext:
        """What functions are compiled by."""
        return self._context

    @property
    def typing_context(self) -> Context:
        """What finds their types."""
        types: Context = cpu_target.typing_context
        return types


PART_TARGET = _PartTarget()
