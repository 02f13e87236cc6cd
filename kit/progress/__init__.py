"""What a learner did: an append-only log, and pure reductions of it."""

from kit.progress.log import ProgressLog
from kit.progress.reduce import ExerciseState, Progress, reduce_progress

__all__ = ["ExerciseState", "Progress", "ProgressLog", "reduce_progress"]
