"""Lets ``python -m planner`` do what ``planner`` does, where scripts are not on the path."""

from __future__ import annotations

from planner.cli import main

main()
