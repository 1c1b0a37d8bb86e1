"""The two objectives of every study that names none: an hour of mean wait is the reference."""

import numpy as np

from planner.optimization.objectives import DEFAULT_OBJECTIVES, ObjectiveSpace, objectives_of

SPACE = ObjectiveSpace(objectives_of(DEFAULT_OBJECTIVES), np.array([60.0, 0.0]))
