"""Results that several threads ask for: each computed once, the latest kept."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Result = TypeVar("Result")


class ComputedOnce(Generic[Result]):
    """Results by key. Who asks for one that another thread computes waits for that one alone.

    Parameters
    ----------
    most : int, optional
        So many are kept, those asked for last; all by default.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = Lock()
        self._results: OrderedDict[Hashable, Future[Result]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """The result of a key, computed where it is not known; a fault is told and not kept."""
        with self._lock:
            is_known = key in self._results
            result = self._results.setdefault(key, Future())
            self._results.move_to_end(key)
            while self._most is not None and len(self._results) > self._most:
                self._results.popitem(last=False)
        if not is_known:
            try:
                computed = compute()
            except BaseException as error:
                with self._lock:
                    if self._results.get(key) is result:
                        del self._results[key]
                result.set_exception(error)
                raise
            result.set_result(computed)
        return result.result()
