"""Results that several threads ask for: each computed once, the latest kept."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from planner.runs.progress import KnowsAskers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from planner.runs.progress import ProgressListener

Result = TypeVar("Result")


class ComputedOnce(Generic[Result]):
    """Results by key. Who asks for one that another thread computes waits for that one alone.

    Parameters
    ----------
    most : int, optional
        So many are kept, those asked for last; all by default.
    listener : ProgressListener, optional
        Who is told where the work stands: whoever waits for another's is told of that.
    """

    def __init__(self, most: int | None = None, listener: ProgressListener | None = None) -> None:
        self._most = most
        self._askers = listener if isinstance(listener, KnowsAskers) else None
        self._lock = Lock()
        self._results: OrderedDict[Hashable, Future[Result]] = OrderedDict()
        self._workers: dict[Hashable, str] = {}

    def get(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """The result of a key, computed where it is not known; a fault is told and not kept."""
        with self._lock:
            is_known = key in self._results
            result = self._results.setdefault(key, Future())
            self._results.move_to_end(key)
            while self._most is not None and len(self._results) > self._most:
                self._results.popitem(last=False)
            worker = self._workers.get(key)
            if not is_known and self._askers is not None:
                self._workers[key] = self._askers.asker
        if is_known:
            return self._waited_for(result, worker)
        try:
            computed = compute()
        except BaseException as error:
            with self._lock:
                if self._results.get(key) is result:
                    del self._results[key]
            result.set_exception(error)
            raise
        finally:
            with self._lock:
                self._workers.pop(key, None)
        result.set_result(computed)
        return computed

    def _waited_for(self, result: Future[Result], worker: str | None) -> Result:
        if self._askers is None or worker is None or result.done():
            return result.result()
        with self._askers.waiting_for(worker):
            return result.result()
