"""``run.json``: what was planned, from what, with what, and what came out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.reporting.headline import answer, question
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language


def plan_manifest(results: PlanResults) -> dict[str, Any]:
    """What ``run.json`` says of a plan beside what it says of every run."""
    return {
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
        "objectives": [asdict(objective) for objective in results.objectives],
        "scenario": results.scenario,
        "assumptions": [asdict(assumption) for assumption in results.assumptions],
        "invariants": results.invariants,
        "provenance": results.provenance,
    }


def _headline(results: PlanResults, language: Language) -> dict[str, str]:
    return {"question": question(results, language), "answer": answer(results, language)}
