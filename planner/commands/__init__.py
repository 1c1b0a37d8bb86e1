"""Commands of the command line, thin: parse, call the study or a room, print.

Their door is the command line, :mod:`planner.cli`: a notebook takes from here nothing.
"""

__all__: list[str] = []
