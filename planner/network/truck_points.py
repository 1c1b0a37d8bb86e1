"""Which charging points are for trucks, and what they count as: ``config/existing_points.yaml``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import Field, TypeAdapter

from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import Positive, Section
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Sequence

Sure = Literal["official", "published", "assumed"]
Why = Literal["plug", "operator", "name", "given"]


class WordRule(Section):
    """Words that tell a station for trucks."""

    words: list[str] = Field(min_length=1)
    sure: Sure
    source: str

    def found_in(self, texts: Sequence[str]) -> bool:
        """Whether a word of a text begins with one of these."""
        begins = "|".join(re.escape(word) for word in self.words)
        pattern = rf"(?<!\w)(?:{begins})"
        return any(re.search(pattern, text, re.IGNORECASE) for text in texts)


class Threshold(Section):
    """One figure of the rules."""

    value: Positive
    sure: Sure
    source: str


class TruckPointRules(Section):
    """The rules as the file holds them."""

    plugs: WordRule
    operators: WordRule
    names: WordRule
    hpc_from_kw: Threshold
    lpc_from_kw: Threshold
    max_km: Threshold

    def why(self, plugs: Sequence[str], operator: str, names: Sequence[str]) -> Why | None:
        """What tells that a station is for trucks; None if nothing does."""
        if self.plugs.found_in(plugs):
            return "plug"
        if self.operators.found_in([operator]):
            return "operator"
        return "name" if self.names.found_in(names) else None

    def kind(self, power_kw: float) -> Literal["hpc", "lpc", "weak"]:
        """What a point of a power counts as."""
        if power_kw >= self.hpc_from_kw.value:
            return "hpc"
        return "lpc" if power_kw >= self.lpc_from_kw.value else "weak"


@cache
def truck_point_rules() -> TruckPointRules:
    """The rules of ``config/existing_points.yaml``."""
    path = bundled_path("config/existing_points.yaml")
    return validated(TypeAdapter(TruckPointRules), read_yaml_mapping(path), str(path), {})
