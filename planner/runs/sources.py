"""Which of the planner's own modules something depends on, by their imports.

Read from the text of the modules, nothing is imported. Imports for type checkers do not count. The
``__init__`` of a room holds its door alone and counts where it is imported itself.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = Path(__file__).parents[1]


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
            digest.update(f"{module}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def modules_below(modules: Iterable[str]) -> set[str]:
    """Names of modules and of all that they import, directly or not."""
    found: set[str] = set()
    to_read = list(modules)
    while to_read:
        module = to_read.pop()
        if module not in found:
            found.add(module)
            to_read += _imports(module)
    return found


@cache
def _imports(module: str) -> tuple[str, ...]:
    """The planner's modules that a module imports, wherever it does."""
    path = _file(module)
    if path is None:
        return ()
    names = _names(ast.parse(path.read_bytes()))
    return tuple(dict.fromkeys(name for name in names if _file(name) is not None))


def _names(node: ast.AST) -> Iterator[str]:
    """What is imported below a node of a syntax tree; ``a.b`` and ``a`` of ``from a import b``."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        taken = [] if node.test.id == "TYPE_CHECKING" else node.body
        for statement in (*taken, *node.orelse):
            yield from _names(statement)
    else:
        for each in ast.iter_child_nodes(node):
            yield from _names(each)


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
