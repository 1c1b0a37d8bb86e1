"""``run.json``: what was planned, from what, with what, and what came out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.reporting.headline import answer, question
from planner.runs.provenance import MANIFEST_VERSION, plain_values
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language


def write_manifest(
    results: PlanResults, path: Path, additions: Mapping[str, Any] | None = None
) -> None:
    """Write ``run.json``.

    Parameters
    ----------
    results : PlanResults
        The plan.
    path : Path
        The file to write, UTF-8 JSON; figures that are not finite become null.
    additions : mapping, optional
        Further keys at the top, such as the fingerprint that resuming looks at.
    """
    manifest = {
        "manifest_version": MANIFEST_VERSION,
        "name": results.name,
        "description": results.description,
        "headline": {
            **_headline(results, ENGLISH),
            "translations": {
                other.code: _headline(results, other) for other in LANGUAGES if other != ENGLISH
            },
        },
        "summary": results.summary,
        "named_solutions": [
            {
                "name": named.name,
                "solution": named.solution,
                "title": named.title,
                "text": named.text,
            }
            for named in results.named_solutions
        ],
        "scenario": results.scenario,
        "assumptions": [asdict(assumption) for assumption in results.assumptions],
        "invariants": results.invariants,
        "provenance": results.provenance,
        **(additions or {}),
    }
    text = json.dumps(plain_values(manifest), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _headline(results: PlanResults, language: Language) -> dict[str, str]:
    return {"question": question(results, language), "answer": answer(results, language)}
