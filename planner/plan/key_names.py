"""Keys of scenarios in words, for sentences that tell in what scenarios differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.scenario.sweep import value_text

if TYPE_CHECKING:
    from planner.tables.language import Language

LEVEL_KEY = "demand.electrification_share"

_WORDS = {
    LEVEL_KEY: "share of electric trucks",
    "demand.min_distance_km": "shortest trip in km",
    "demand.loaded_share": "share of trips that carry freight",
    "demand.days": "days of the week",
    "chargers.hpc_kw": "power of a high-power point in kW",
    "chargers.lpc_kw": "power of an overnight point in kW",
}


def key_in_words(key: str, language: Language) -> str:
    """Key as words within a sentence; as it stands in a scenario where there are none for it."""
    return language.text(_WORDS[key]) if key in _WORDS else key


def value_shown(key: str, value: object, language: Language) -> str:
    """Value of a key: shares in percent."""
    if key.endswith("share") and isinstance(value, (int, float)):
        return language.percent(value)
    return value_text(value)
