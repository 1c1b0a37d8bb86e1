"""Tests that were skipped are listed with their reasons; in CI a skip must be on a short list.

Where ``CI`` is set, a skip that ``allowed_skips.toml`` does not explain fails the run. Elsewhere
the list is only printed: a user without QGIS may run the tests, but sees what was not tested.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ALLOWED = Path(__file__).with_name("allowed_skips.toml")


@dataclass(frozen=True)
class AllowedSkip:
    """A skip that does not fail CI, and why."""

    reason: str
    why: str
    only_without_root: bool = False

    def explains(self, reason, is_root):
        return re.search(self.reason, reason) and not (self.only_without_root and is_root)


@dataclass(eq=False)
class SkippedTests:
    """Collects what is skipped, in this process and by the workers that report to it."""

    allowed: list[AllowedSkip]
    is_strict: bool
    is_root: bool
    tests_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def pytest_runtest_logreport(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            self.tests_of[_reason(report)].add(report.nodeid)

    def pytest_collectreport(self, report):
        if report.skipped:
            self.tests_of[_reason(report)].add(report.nodeid)

    def unexplained(self):
        return [reason for reason in sorted(self.tests_of) if not self._allowed(reason)]

    def pytest_sessionfinish(self, session):
        if self.is_strict and self.unexplained():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if not self.tests_of:
            return
        terminalreporter.section("not tested")
        for reason, tests in sorted(self.tests_of.items()):
            allowed = self._allowed(reason)
            verdict = f"allowed: {allowed.why}" if allowed else f"not in {ALLOWED.name}"
            terminalreporter.line(f"{len(tests)} skipped, {reason} ({verdict})")
            for test in sorted(tests):
                terminalreporter.line(f"    {test}")
        if self.is_strict and self.unexplained():
            terminalreporter.line("CI fails: install what is missing or explain it", red=True)

    def _allowed(self, reason):
        return next((each for each in self.allowed if each.explains(reason, self.is_root)), None)


def allowed_skips(path=ALLOWED):
    """The skips that do not fail CI."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return [AllowedSkip(**each) for each in listed.get("skip", [])]


def list_skipped_tests(config):
    """Let pytest list skips at its end; the process that reports does, not its workers."""
    if hasattr(config, "workerinput"):
        return
    is_strict = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    config.pluginmanager.register(SkippedTests(allowed_skips(), is_strict, is_root))


def _reason(report):
    """Why a test was skipped, as its author put it."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
