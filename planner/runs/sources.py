"""Which of the planner's own modules something depends on, by their imports.

Read from the text of the modules, nothing is imported. Imports for type checkers do not count. The
``__init__`` of a room holds its door alone and counts where it is imported itself. What the text of
a module imports is kept for later processes, by its contents: parsing takes longer than all else.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from planner.runs.kept_files import keep_file, kept_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeGuard

PACKAGE = Path(__file__).parents[1]
_KEPT = "imports.json"
_COMPUTED_WITH = ("numpy", "scipy", "numba", "pandas", "shapely", "pymoo", "highspy")
_MOST_KEPT = 5_000
"""Texts of modules that are kept, some versions of the program."""


@cache
def sources_sha256(*modules: str) -> str:
    """SHA-256 of modules and of all that they import, directly or not.

    Parameters
    ----------
    *modules : str
        Their names, for example ``"planner.routing.stop_planner"``.
    """
    digest = hashlib.sha256()
    for module in sorted(modules_below(modules)):
        path = _file(module)
        if path is not None:
            digest.update(f"{module}\0{_sha256(path)}\n".encode())
    return digest.hexdigest()


@cache
def libraries() -> dict[str, str]:
    """Versions of Python and of the libraries that figures are computed with, by name."""
    python = platform.python_version().rpartition(".")[0]
    return {"python": python} | {name: version(name) for name in _COMPUTED_WITH}


def program_key(module: str) -> str:
    """What the results of a module depend on beside what it is told: its sources and libraries."""
    return f"{sources_sha256(module)} {json.dumps(libraries())}"


@cache
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def modules_below(modules: Iterable[str]) -> set[str]:
    """Names of modules and of all that they import, directly or not."""
    texts = _kept_names()
    n_kept = len(texts)
    found: set[str] = set()
    to_read = list(modules)
    while to_read:
        module = to_read.pop()
        if module not in found:
            found.add(module)
            to_read += _imports(module)
    if len(texts) > n_kept:
        keep_file(_KEPT, json.dumps(texts).encode())
    return found


@cache
def _imports(module: str) -> tuple[str, ...]:
    """The planner's modules that a module imports, wherever it does."""
    path = _file(module)
    if path is None:
        return ()
    return tuple(name for name in _named_in(path) if _file(name) is not None)


def _named_in(path: Path) -> list[str]:
    """What the text of a module imports, each once."""
    names = _kept_names()
    sha256 = _sha256(path)
    if sha256 not in names:
        names[sha256] = list(dict.fromkeys(_names(ast.parse(path.read_bytes()).body)))
    return names[sha256]


@cache
def _kept_names() -> dict[str, list[str]]:
    """What texts import, by their SHA-256, as far as earlier processes have kept it."""
    try:
        kept = json.loads(kept_file(_KEPT) or b"{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) and len(kept) <= _MOST_KEPT else {}


def _names(statements: Iterable[ast.AST]) -> Iterator[str]:
    """What statements and those within them import; ``a.b`` and ``a`` of ``from a import b``."""
    for node in statements:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif _is_for_type_checkers(node):
            yield from _names(node.orelse)
        else:
            # No expression holds a statement: most of a syntax tree need not be looked at.
            for block in _BLOCKS:
                yield from _names(getattr(node, block, ()))


_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""Where the statements of a statement are, and its parts that have statements."""


def _is_for_type_checkers(node: ast.AST) -> TypeGuard[ast.If]:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


@cache
def _file(module: str) -> Path | None:
    """File of a module of the planner; None for other names and for the package itself."""
    top, *parts = module.split(".")
    if top != PACKAGE.name or not parts:
        return None
    path = PACKAGE.joinpath(*parts)
    as_module, as_package = path.with_suffix(".py"), path / "__init__.py"
    if as_module.is_file():
        return as_module
    return as_package if as_package.is_file() else None
