"""What a look at the inputs of a sweep says."""

from __future__ import annotations

from types import SimpleNamespace

from planner.files.findings import Findings
from planner.plan.checks import SharedInputs
from planner.said import said
from planner.sweeping.checks import check_sweep
from planner.tables.language import language


def test_lines_of_any_kind_stand_in_order_and_are_said_in_the_language_asked_for(monkeypatch):
    def check(_inputs, level):
        findings = Findings()
        findings.said += [said("Note: {text}", text=str(level)), "preset sets seed 1"]
        return findings

    monkeypatch.setattr(SharedInputs, "check", check)
    definition = SimpleNamespace(axes={"level": (1, 2)}, replications=3, replicate_until=None)
    variants = [SimpleNamespace(scenario=n, axis_values={"level": n}) for n in (1, 2)]
    lines = check_sweep(SimpleNamespace(definition=definition, variants=variants))
    assert [language("de").own_text(line) for line in lines] == [
        "Läufe: 6, 3 von jeder von 2 Kombinationen",
        "preset sets seed 1",
        "Hinweis: 1 (mit level: 1)",
        "Hinweis: 2 (mit level: 2)",
    ]
