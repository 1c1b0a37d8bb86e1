"""Languages by name, for tests that look at one of them."""

from planner.tables.language import language

GERMAN = language("de")
